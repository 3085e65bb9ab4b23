package mend

import "testing"

func TestLatestValuesAndSeries(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nif len(klines) < 30 {\n\treturn false\n}\n"
	check(t, []mending{
		{
			"the last of one",
			head + "ema := indicators.CalculateEMA(klines, 20)\nif len(ema) == 0 {\n\treturn false\n}\nreturn ema[len(ema)-1] > 5",
			head + "ema := indicators.CalculateEMASeries(klines, 20)\nif len(ema) == 0 {\n\treturn false\n}\nreturn ema[len(ema)-1] > 5",
		},
		{
			"only the last of one",
			head + "ema := indicators.CalculateEMA(klines, 20)\nreturn ema[len(ema)-1] > 5",
			head + "ema := indicators.CalculateEMA(klines, 20)\nif ema == nil {\n\treturn false\n}\nreturn *ema > 5",
		},
		{
			"more than the last",
			head + "ema := indicators.CalculateMA(klines, 20)\nreturn len(ema) > 1 && ema[len(ema)-1] > ema[len(ema)-2]",
			head + "ema := indicators.CalculateMASeries(klines, 20)\nreturn len(ema) > 1 && ema[len(ema)-1] > ema[len(ema)-2]",
		},
		{
			"a series as a number",
			head + "ema := indicators.CalculateEMASeries(klines, 20)\nreturn klines[0].Close > ema",
			head + "ema := indicators.CalculateEMA(klines, 20)\nif ema == nil {\n\treturn false\n}\nreturn klines[0].Close > *ema",
		},
		{
			"RSI as a number",
			head + "rsi := indicators.CalculateRSI(klines, 14)\nif rsi == nil {\n\treturn false\n}\nreturn rsi < 30",
			head + "rsi := indicators.GetLatestRSI(klines, 14)\nif rsi == nil {\n\treturn false\n}\nreturn *rsi < 30",
		},
		{
			"RSI dereferenced",
			head + "rsi := indicators.CalculateRSI(klines, 14)\nreturn rsi != nil && *rsi < 30",
			head + "rsi := indicators.GetLatestRSI(klines, 14)\nreturn rsi != nil && *rsi < 30",
		},
		{
			"RSI as a series",
			head + "rsi := indicators.CalculateRSI(klines, 14)\nreturn len(rsi) > 1 && rsi[len(rsi)-1] > rsi[len(rsi)-2]",
			head + "rsi := indicators.CalculateRSI(klines, 14)\nif rsi == nil {\n\treturn false\n}\nreturn len(rsi.Values) > 1 && rsi.Values[len(rsi.Values)-1] > rsi.Values[len(rsi.Values)-2]",
		},
		{
			"latest RSI as a series",
			head + "rsi := indicators.GetLatestRSI(klines, 14)\nif rsi == nil || len(rsi) < 2 {\n\treturn false\n}\nreturn rsi[len(rsi)-2] < 30",
			head + "rsi := indicators.CalculateRSI(klines, 14)\nif rsi == nil || len(rsi.Values) < 2 {\n\treturn false\n}\nreturn rsi.Values[len(rsi.Values)-2] < 30",
		},
		{
			"the value of an RSI",
			head + "rsi := indicators.CalculateRSI(klines, 14)\nreturn rsi != nil && rsi.Value < 30",
			head + "rsi := indicators.CalculateRSI(klines, 14)\nreturn rsi != nil && rsi.Values[len(rsi.Values)-1] < 30",
		},
		{
			"MACD as numbers",
			head + "m := indicators.CalculateMACD(klines, 12, 26, 9)\nreturn m != nil && m.Histogram > 0 && m.MACD > m.Signal",
			head + "m := indicators.GetLatestMACD(klines, 12, 26, 9)\nreturn m != nil && m.Histogram > 0 && m.MACD > m.Signal",
		},
		{
			"MACD as both",
			head + "m := indicators.CalculateMACD(klines, 12, 26, 9)\nreturn m != nil && m.Histogram > 0 && m.MACD[0] > 1",
			head + "m := indicators.CalculateMACD(klines, 12, 26, 9)\nreturn m != nil && m.Histogram[len(m.Histogram)-1] > 0 && m.MACD[0] > 1",
		},
		{
			"latest MACD as series",
			head + "m := indicators.GetLatestMACD(klines, 12, 26, 9)\nreturn m != nil && m.MACD[len(m.MACD)-2] > m.MACD[len(m.MACD)-1]",
			head + "m := indicators.CalculateMACD(klines, 12, 26, 9)\nreturn m != nil && m.MACD[len(m.MACD)-2] > m.MACD[len(m.MACD)-1]",
		},
		{
			"the last of latest bands",
			head + "b := indicators.GetLatestBollingerBands(klines, 20, 2)\nreturn b != nil && klines[0].Close > b.Upper[len(b.Upper)-1]",
			head + "b := indicators.GetLatestBollingerBands(klines, 20, 2)\nreturn b != nil && klines[0].Close > b.Upper",
		},
		{
			"stochastic",
			head + "s := indicators.CalculateStochastic(klines, 14, 3)\nif s == nil || len(s.K) == 0 {\n\treturn false\n}\nreturn s.K[len(s.K)-1] < 20",
			head + "s := indicators.CalculateStochastic(klines, 14, 3)\nif s == nil {\n\treturn false\n}\nreturn s.K < 20",
		},
		{
			"VWAP's value",
			head + "vwap := indicators.CalculateVWAP(klines)\nreturn vwap.Value > 5",
			head + "vwap := indicators.CalculateVWAP(klines)\nreturn vwap > 5",
		},
		{"a series by the candles' length", head + "rsi := indicators.CalculateRSI(klines, 14)\nreturn rsi != nil && rsi[len(klines)-1] > 5", ""},
		{"an average by the candles' index", head + "ema := indicators.CalculateEMA(klines, 14)\nfor i, k := range klines {\n\tif k.Close > ema[i] {\n\t\treturn true\n\t}\n}\nreturn false", ""},
		{"stochastic before the last", head + "s := indicators.CalculateStochastic(klines, 14, 3)\nreturn s != nil && s.K[len(s.K)-2] < 20", ""},
		{"a series of the filter's own as a number", head + "xs := []float64{1, 2}\nreturn xs > 5", ""},
		{"one of the stochastic's numbers", head + "s := indicators.CalculateStochastic(klines, 14, 3)\nreturn s != nil && s < 20", ""},
	})
}
