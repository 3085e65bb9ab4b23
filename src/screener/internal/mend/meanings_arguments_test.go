package mend

import "testing"

func TestArguments(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nif len(klines) < 30 {\n\treturn false\n}\n"
	const mended = "rsi := indicators.GetLatestRSI(data.Klines[\"5m\"], 14)\nreturn rsi != nil && *rsi < 30"
	check(t, []mending{
		{"market data and interval", "rsi := indicators.GetLatestRSI(data, \"5m\", 14)\nreturn rsi != nil && *rsi < 30", mended},
		{"map and interval", "rsi := indicators.GetLatestRSI(data.Klines, \"5m\", 14)\nreturn rsi != nil && *rsi < 30", mended},
		{"interval", "rsi := indicators.GetLatestRSI(\"5m\", 14)\nreturn rsi != nil && *rsi < 30", mended},
		{"other order", "rsi := indicators.GetLatestRSI(14, data.Klines[\"5m\"])\nreturn rsi != nil && *rsi < 30", mended},
		{"field of all candles", "rsi := indicators.GetLatestRSI(data.Klines[\"5m\"].Close, 14)\nreturn rsi != nil && *rsi < 30", mended},
		{"another name too", "rsi := indicators.RSI(data, \"5m\", 14)\nreturn rsi != nil && *rsi < 30", mended},
		{
			"map, and one interval in the code",
			head + "ema := indicators.CalculateEMA(data.Klines, 20)\nreturn ema != nil && klines[0].Close > *ema",
			head + "ema := indicators.CalculateEMA(data.Klines[\"5m\"], 20)\nreturn ema != nil && klines[0].Close > *ema",
		},
		{
			"deviation before period",
			head + "b := indicators.GetLatestBollingerBands(klines, 2.5, 20)\nreturn b != nil && klines[0].Close > b.Upper",
			head + "b := indicators.GetLatestBollingerBands(klines, 20, 2.5)\nreturn b != nil && klines[0].Close > b.Upper",
		},
		{
			"closes of all candles",
			head + "closes := make([]float64, len(klines))\nfor i, k := range klines {\n\tcloses[i] = k.Close\n}\nrsi := indicators.GetRSI(closes, 14)\nreturn rsi != nil && *rsi < 30 && closes[0] > 1",
			head + "closes := make([]float64, len(klines))\nfor i, k := range klines {\n\tcloses[i] = k.Close\n}\nrsi := indicators.GetLatestRSI(klines, 14)\nreturn rsi != nil && *rsi < 30 && closes[0] > 1",
		},
		{
			"appended volumes",
			head + "var volumes []float64\nfor _, k := range klines {\n\tvolumes = append(volumes, k.Volume)\n}\navg := indicators.CalculateAvgVolume(volumes, 14)\nreturn avg != nil && volumes[0] > *avg",
			head + "var volumes []float64\nfor _, k := range klines {\n\tvolumes = append(volumes, k.Volume)\n}\navg := indicators.CalculateAvgVolume(klines, 14)\nreturn avg != nil && volumes[0] > *avg",
		},
		{
			"whole number with a point",
			head + "period := 14.0\nrsi := indicators.GetLatestRSI(klines, period)\nreturn rsi != nil && *rsi < 30",
			head + "period := 14\nrsi := indicators.GetLatestRSI(klines, period)\nreturn rsi != nil && *rsi < 30",
		},
		{
			"whole number that is calculated with",
			head + "period := 14.0\nrsi := indicators.GetLatestRSI(klines, period)\nreturn rsi != nil && *rsi < 30/period*klines[0].Close",
			head + "period := 14.0\nrsi := indicators.GetLatestRSI(klines, int(period))\nreturn rsi != nil && *rsi < 30/period*klines[0].Close",
		},
		{
			"closes by their index",
			head + "closes := []float64{}\nfor i := 0; i < len(klines); i++ {\n\tcloses = append(closes, klines[i].Close)\n}\nma := indicators.CalculateMA(closes, 14)\nreturn ma != nil && closes[0] > *ma",
			head + "closes := []float64{}\nfor i := 0; i < len(klines); i++ {\n\tcloses = append(closes, klines[i].Close)\n}\nma := indicators.CalculateMA(klines, 14)\nreturn ma != nil && closes[0] > *ma",
		},
		{"closes from the second on", head + "vs := []float64{}\nfor i := 1; i < len(klines); i++ {\n\tvs = append(vs, klines[i].Close)\n}\nma := indicators.CalculateMA(vs, 14)\nreturn ma != nil && vs[0] > *ma", ""},
		{"no period", head + "rsi := indicators.GetLatestRSI(klines)\nreturn rsi != nil && *rsi < 30", ""},
		{"map, and two intervals in the code", "a := data.Klines[\"5m\"]\nb := data.Klines[\"1h\"]\nrsi := indicators.GetLatestRSI(data.Klines, 14)\nreturn rsi != nil && len(a) > len(b)", ""},
		{"candles and interval", head + "rsi := indicators.GetLatestRSI(klines, \"1h\", 14)\nreturn rsi != nil && *rsi < 30", ""},
		{"volumes where it works on closes", head + "var vs []float64\nfor _, k := range klines {\n\tvs = append(vs, k.Volume)\n}\nma := indicators.CalculateMA(vs, 14)\nreturn ma != nil && *ma < vs[0]", ""},
		{"closes of some candles", head + "var vs []float64\nfor _, k := range klines {\n\tif k.Volume > 5 {\n\t\tvs = append(vs, k.Close)\n\t}\n}\nma := indicators.CalculateMA(vs, 14)\nreturn ma != nil && *ma < vs[0]", ""},
		{"closes of a part", head + "var vs []float64\nfor _, k := range klines[10:] {\n\tvs = append(vs, k.Close)\n}\nma := indicators.CalculateMA(vs, 14)\nreturn ma != nil && *ma < vs[0]", ""},
		{"closes and one more", head + "vs := []float64{1}\nfor _, k := range klines {\n\tvs = append(vs, k.Close)\n}\nma := indicators.CalculateMA(vs, 14)\nreturn ma != nil && *ma < vs[0]", ""},
		{"a period with a fraction", head + "p := 14.5\nma := indicators.CalculateMA(klines, p)\nreturn ma != nil && *ma < 5", ""},
	})
}

func TestResultsTooMany(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nif len(klines) < 30 {\n\treturn false\n}\n"
	check(t, []mending{
		{
			"error",
			head + "rsi, err := indicators.GetLatestRSI(klines, 14)\nif err != nil {\n\treturn false\n}\nreturn *rsi < 30",
			head + "rsi := indicators.GetLatestRSI(klines, 14)\nif rsi == nil {\n\treturn false\n}\nreturn *rsi < 30",
		},
		{
			"error of each",
			head + "fast, err := indicators.GetEMA(klines, 9)\nif err != nil {\n\treturn false\n}\nslow, err := indicators.GetEMA(klines, 21)\nif err != nil {\n\treturn false\n}\nreturn fast > slow",
			head + "fast := indicators.CalculateEMA(klines, 9)\nif fast == nil {\n\treturn false\n}\nslow := indicators.CalculateEMA(klines, 21)\nif slow == nil {\n\treturn false\n}\nreturn *fast > *slow",
		},
		{
			"error beside the check",
			head + "rsi, err := indicators.GetLatestRSI(klines, 14)\nif err != nil || rsi == nil {\n\treturn false\n}\nreturn *rsi < 30",
			head + "rsi := indicators.GetLatestRSI(klines, 14)\nif rsi == nil {\n\treturn false\n}\nreturn *rsi < 30",
		},
		{
			"ok",
			head + "rsi, ok := indicators.GetLatestRSI(klines, 14)\nreturn ok && rsi < 30",
			head + "rsi := indicators.GetLatestRSI(klines, 14)\nreturn rsi != nil && *rsi < 30",
		},
		{
			"error of what is always there",
			head + "vwap, err := indicators.CalculateVWAP(klines)\nif err != nil {\n\treturn false\n}\nreturn vwap > 5",
			head + "vwap := indicators.CalculateVWAP(klines)\nreturn vwap > 5",
		},
		{
			"ignored",
			head + "ema, _ := indicators.CalculateEMASeries(klines, 9)\nreturn len(ema) > 5",
			head + "ema := indicators.CalculateEMASeries(klines, 9)\nreturn len(ema) > 5",
		},
		{
			"error of a series",
			head + "ema, err := indicators.CalculateEMASeries(klines, 9)\nif err != nil {\n\treturn false\n}\nreturn ema[0] > 5",
			head + "ema := indicators.CalculateEMASeries(klines, 9)\nif len(ema) == 0 {\n\treturn false\n}\nreturn ema[0] > 5",
		},
		{
			"verdict with an error",
			head + "if klines[0].Close > 5 {\n\treturn false, nil\n}\nreturn true, nil",
			head + "if klines[0].Close > 5 {\n\treturn false\n}\nreturn true",
		},
		{
			"taken apart",
			head + "k, d := indicators.CalculateStochastic(klines, 14, 3)\nreturn k > d",
			head + "stochasticResult := indicators.CalculateStochastic(klines, 14, 3)\nif stochasticResult == nil {\n\treturn false\n}\nk, d := stochasticResult.K, stochasticResult.D\nreturn k > d",
		},
		{
			"taken apart, one not used",
			head + "macdLine, signalLine, _ := indicators.GetLatestMACD(klines, 12, 26, 9)\nreturn macdLine > signalLine",
			head + "macdResult := indicators.GetLatestMACD(klines, 12, 26, 9)\nif macdResult == nil {\n\treturn false\n}\nmacdLine, signalLine, _ := macdResult.MACD, macdResult.Signal, macdResult.Histogram\nreturn macdLine > signalLine",
		},
		{"taken apart in another order", head + "lower, middle, upper := indicators.GetLatestBollingerBands(klines, 20, 2)\nreturn lower < middle && middle < upper", ""},
		{"what is wrong is asked", head + "rsi, err := indicators.GetLatestRSI(klines, 14)\nreturn err.Error() == \"\" && *rsi < 30", ""},
		{"no verdict", head + "return nil", ""},
	})
}
