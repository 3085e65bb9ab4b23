package mend

import "testing"

func TestHelpersByOtherNames(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nif len(klines) < 30 {\n\treturn false\n}\n"
	check(t, []mending{
		{
			"pointer form, dereferenced",
			head + "ema := indicators.GetLatestEMA(klines, 20)\nreturn ema != nil && *ema > 100",
			head + "ema := indicators.CalculateEMA(klines, 20)\nreturn ema != nil && *ema > 100",
		},
		{
			"moving average",
			head + "ma := indicators.CalculateSMA(klines, 20)\nreturn ma != nil && klines[0].Close > *ma",
			head + "ma := indicators.CalculateMA(klines, 20)\nreturn ma != nil && klines[0].Close > *ma",
		},
		{
			"series form",
			head + "ema := indicators.EMA(klines, 20)\nreturn len(ema) > 1 && ema[len(ema)-1] > ema[len(ema)-2]",
			head + "ema := indicators.CalculateEMASeries(klines, 20)\nreturn len(ema) > 1 && ema[len(ema)-1] > ema[len(ema)-2]",
		},
		{
			"average volume",
			head + "avg := indicators.CalculateVolumeMA(klines, 20)\nreturn avg != nil && klines[0].Volume > *avg*2",
			head + "avg := indicators.CalculateAvgVolume(klines, 20)\nreturn avg != nil && klines[0].Volume > *avg*2",
		},
		{
			"structure, scalar",
			head + "m := indicators.MACD(klines, 12, 26, 9)\nreturn m != nil && m.Histogram > 0",
			head + "m := indicators.GetLatestMACD(klines, 12, 26, 9)\nreturn m != nil && m.Histogram > 0",
		},
		{
			"structure, series",
			head + "m := indicators.GetMACD(klines, 12, 26, 9)\nreturn m != nil && m.Histogram[len(m.Histogram)-1] > m.Histogram[len(m.Histogram)-2]",
			head + "m := indicators.CalculateMACD(klines, 12, 26, 9)\nreturn m != nil && m.Histogram[len(m.Histogram)-1] > m.Histogram[len(m.Histogram)-2]",
		},
		{
			"relative strength",
			head + "rsi := indicators.RSI(klines, 14)\nreturn rsi != nil && *rsi < 30",
			head + "rsi := indicators.GetLatestRSI(klines, 14)\nreturn rsi != nil && *rsi < 30",
		},
		{
			"no package",
			head + "return CalculateVWAP(klines) > 100",
			head + "return indicators.CalculateVWAP(klines) > 100",
		},
		{
			"small first letter",
			head + "return indicators.calculateVWAP(klines) > 100",
			head + "return indicators.CalculateVWAP(klines) > 100",
		},
		{
			"other package",
			head + "return ta.VWAP(klines) > 100",
			head + "return indicators.CalculateVWAP(klines) > 100",
		},
		{
			"pattern",
			head + "return indicators.DetectEngulfing(klines) == \"bullish\"",
			head + "return indicators.DetectEngulfingPattern(klines) == \"bullish\"",
		},
		{
			"stochastic",
			head + "s := indicators.GetLatestStochastic(klines, 14, 3)\nreturn s != nil && s.K < 20 && s.K > s.D",
			head + "s := indicators.CalculateStochastic(klines, 14, 3)\nreturn s != nil && s.K < 20 && s.K > s.D",
		},
		{
			"average of volumes",
			head + "var vs []float64\nfor _, k := range klines {\n\tvs = append(vs, k.Volume)\n}\navg := indicators.CalculateSMA(vs, 20)\nreturn avg != nil && vs[0] > *avg",
			head + "var vs []float64\nfor _, k := range klines {\n\tvs = append(vs, k.Volume)\n}\navg := indicators.CalculateAvgVolume(klines, 20)\nreturn avg != nil && vs[0] > *avg",
		},
		{"no such helper", head + "s := indicators.CalculateSuperTrend(klines, 14)\nreturn s != nil && *s > 1", ""},
		{"another subject", head + "s := indicators.GetStochasticRSI(klines, 14)\nreturn s != nil && *s > 1", ""},
		{"argument too many", head + "s := indicators.GetLatestEMA(klines, 14, 3)\nreturn s != nil && *s > 1", ""},
		{"average of other values", head + "s := indicators.SMA([]float64{1, 2}, 2)\nreturn s != nil && *s > 1", ""},
		{"pattern as a condition", head + "return indicators.IsEngulfing(klines)", ""},
		{"use does not tell", head + "m := indicators.GetMACD(klines, 12, 26, 9)\nreturn m != nil", ""},
	})
}

func TestFieldsByOtherNames(t *testing.T) {
	check(t, []mending{
		{
			"kline",
			"for _, k := range data.Klines[\"5m\"] {\n\tif k.close > k.OpenPrice && k.Vol > k.TakerBuyVolume {\n\t\treturn true\n\t}\n}\nreturn false",
			"for _, k := range data.Klines[\"5m\"] {\n\tif k.Close > k.Open && k.Volume > k.BuyVolume {\n\t\treturn true\n\t}\n}\nreturn false",
		},
		{
			"market data",
			"return len(data.Candles[\"5m\"]) > 0 && data.symbol == \"BTCUSDT\"",
			"return len(data.Klines[\"5m\"]) > 0 && data.Symbol == \"BTCUSDT\"",
		},
		{
			"ticker",
			"return data.Ticker != nil && data.Ticker.Price > 1 && data.Ticker.PriceChangePct > 5",
			"return data.Ticker != nil && data.Ticker.LastPrice > 1 && data.Ticker.PriceChangePercent > 5",
		},
		{
			"of the ticker",
			"klines := data.Klines[\"5m\"]\nreturn len(klines) > 0 && data.LastPrice > klines[0].Close",
			"klines := data.Klines[\"5m\"]\nif data.Ticker == nil {\n\treturn false\n}\nreturn len(klines) > 0 && data.Ticker.LastPrice > klines[0].Close",
		},
		{
			"bands and lines",
			"k := data.Klines[\"5m\"]\nbb := indicators.GetLatestBollingerBands(k, 20, 2)\nm := indicators.GetLatestMACD(k, 12, 26, 9)\nif bb == nil || m == nil {\n\treturn false\n}\nreturn bb.UpperBand > bb.Mid && m.MACDLine > m.SignalLine && m.Hist > 0",
			"k := data.Klines[\"5m\"]\nbb := indicators.GetLatestBollingerBands(k, 20, 2)\nm := indicators.GetLatestMACD(k, 12, 26, 9)\nif bb == nil || m == nil {\n\treturn false\n}\nreturn bb.Upper > bb.Middle && m.MACD > m.Signal && m.Histogram > 0",
		},
		{
			"ticker by its name",
			"klines := data.Klines[\"5m\"]\nreturn len(klines) > 0 && ticker.price > klines[0].Close",
			"klines := data.Klines[\"5m\"]\nif data.Ticker == nil {\n\treturn false\n}\nreturn len(klines) > 0 && data.Ticker.LastPrice > klines[0].Close",
		},
		{"volume of which currency", "return data.Ticker != nil && data.Ticker.Volume24h > 1000", ""},
		{"which time", "k := data.Klines[\"5m\"]\nreturn len(k) > 0 && k[0].Timestamp > 1000", ""},
		{"no such field", "return data.Ticker != nil && data.Ticker.Bid > 1000", ""},
		{"all candles or the last", "return data.Klines[\"5m\"].Close > 1000", ""},
	})
}
