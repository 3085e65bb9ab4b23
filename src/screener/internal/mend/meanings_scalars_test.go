package mend

import "testing"

func TestLatestNumbersUsedAsSeries(t *testing.T) {
	const candles = "m5 := data.Klines[\"5m\"]\n"
	const stoch = candles + "stoch := indicators.CalculateStochastic(m5, 14, 3)\n"
	const gone = "if stoch == nil {\n\treturn false\n}\n"
	const before = "prevStoch := indicators.CalculateStochastic(m5[:len(m5)-1], 14, 3)\nif prevStoch == nil {\n\treturn false\n}\n"
	check(t, []mending{
		{"the last and the one before", stoch + gone + "k := stoch.K[len(stoch.K)-1]\nprevK := stoch.K[len(stoch.K)-2]\nreturn k > prevK",
			stoch + gone + before + "k := stoch.K\nprevK := prevStoch.K\nreturn k > prevK"},
		{"with lengths in the check", stoch + "if stoch == nil || len(stoch.K) < 2 || len(stoch.D) < 2 {\n\treturn false\n}\nreturn stoch.K[len(stoch.K)-2] < stoch.D[len(stoch.D)-2]",
			stoch + gone + before + "return prevStoch.K < prevStoch.D"},
		{"a length in a variable", stoch + "if stoch == nil {\n\treturn false\n}\nn := len(stoch.K)\nif n < 2 {\n\treturn false\n}\nreturn stoch.K[n-1] > stoch.D[n-1] && stoch.K[n-2] < stoch.D[n-2]",
			stoch + gone + before + "return stoch.K > stoch.D && prevStoch.K < prevStoch.D"},
		{"only a length is checked", stoch + "if len(stoch.K) < 2 {\n\treturn false\n}\nreturn stoch.K[len(stoch.K)-1] > 20",
			stoch + gone + "return stoch.K > 20"},
		{"no check", stoch + "k := stoch.K\nreturn k[len(k)-1] > k[len(k)-3]",
			stoch + gone + "prevStoch2 := indicators.CalculateStochastic(m5[:len(m5)-2], 14, 3)\nif prevStoch2 == nil {\n\treturn false\n}\nk := stoch.K\nreturn k > prevStoch2.K"},
		{"a number once", candles + "macd := indicators.GetLatestMACD(m5, 12, 26, 9)\nif macd == nil {\n\treturn false\n}\nreturn macd.MACD > macd.Signal && macd.Histogram > macd.Histogram[len(macd.Histogram)-2]",
			candles + "macd := indicators.GetLatestMACD(m5, 12, 26, 9)\nif macd == nil {\n\treturn false\n}\nprevMacd := indicators.GetLatestMACD(m5[:len(m5)-1], 12, 26, 9)\nif prevMacd == nil {\n\treturn false\n}\nreturn macd.MACD > macd.Signal && macd.Histogram > prevMacd.Histogram"},
		{"in a loop that goes on without it", "for _, tf := range []string{\"5m\", \"1h\"} {\n\tm5 := data.Klines[tf]\n\tstoch := indicators.CalculateStochastic(m5, 14, 3)\n\tif stoch == nil {\n\t\tcontinue\n\t}\n\tif stoch.K[len(stoch.K)-2] < 20 {\n\t\treturn true\n\t}\n}\nreturn false",
			"for _, tf := range []string{\"5m\", \"1h\"} {\n\tm5 := data.Klines[tf]\n\tstoch := indicators.CalculateStochastic(m5, 14, 3)\n\tif stoch == nil {\n\t\tcontinue\n\t}\n\tprevStoch := indicators.CalculateStochastic(m5[:len(m5)-1], 14, 3)\n\tif prevStoch == nil {\n\t\tcontinue\n\t}\n\tif prevStoch.K < 20 {\n\t\treturn true\n\t}\n}\nreturn false"},
		{"checked where it is used", stoch + "return stoch != nil && stoch.K[len(stoch.K)-2] < 20", ""},
		{"too far before", stoch + gone + "return stoch.K[len(stoch.K)-5] < 20", ""},
		{"in a loop over its length", stoch + gone + "for i := 0; i < len(stoch.K); i++ {\n\tif stoch.K[i] < 20 {\n\t\treturn true\n\t}\n}\nreturn false", ""},
		{"of candles that change", stoch + gone + "m5 = data.Klines[\"1h\"]\nreturn stoch.K[len(stoch.K)-2] < 20 && len(m5) > 3", ""},
		{"of a period that changes", candles + "p := 14\np++\nstoch := indicators.CalculateStochastic(m5, p, 3)\n" + gone + "return stoch.K[len(stoch.K)-2] < 20", ""},
	})
}
