package mend

import "testing"

func TestWhereDataIsMissing(t *testing.T) {
	const loop = "values := map[string]float64{}\nfor _, tf := range []string{\"5m\", \"1h\"} {\n\tk := data.Klines[tf]\n"
	const function = "rsi := func(tf string) float64 {\n\tk, ok := data.Klines[tf]\n\tif !ok || len(k) < 20 {\n\t\treturn 50\n\t}\n"
	check(t, []mending{
		{"elements, in a loop that ends for missing candles",
			loop + "\tif len(k) < 20 {\n\t\treturn false\n\t}\n\tvalues[tf] = indicators.GetLatestRSI(k, 14)\n}\nreturn values[\"5m\"] < 30",
			loop + "\tif len(k) < 20 {\n\t\treturn false\n\t}\n\trsi14 := indicators.GetLatestRSI(k, 14)\n\tif rsi14 == nil {\n\t\treturn false\n\t}\n\tvalues[tf] = *rsi14\n}\nreturn values[\"5m\"] < 30"},
		{"in a function that says what it gives",
			function + "\treturn indicators.GetLatestRSI(k, 14)\n}\nreturn rsi(\"5m\") < 30",
			function + "\trsi14 := indicators.GetLatestRSI(k, 14)\n\tif rsi14 == nil {\n\t\treturn 50\n\t}\n\treturn *rsi14\n}\nreturn rsi(\"5m\") < 30"},
		{"values of a map",
			"m := map[string]float64{\"a\": indicators.CalculateEMA(data.Klines[\"5m\"], 9)}\nreturn m[\"a\"] > 1",
			"ema9 := indicators.CalculateEMA(data.Klines[\"5m\"], 9)\nif ema9 == nil {\n\treturn false\n}\nm := map[string]float64{\"a\": *ema9}\nreturn m[\"a\"] > 1"},
		{"a loop that goes on without candles",
			loop + "\tif len(k) < 20 {\n\t\tcontinue\n\t}\n\tvalues[tf] = indicators.GetLatestRSI(k, 14)\n}\nreturn values[\"5m\"] < 30", ""},
		{"a loop that ends for another reason",
			loop + "\tif k[0].Close > 20 {\n\t\treturn false\n\t}\n\tvalues[tf] = indicators.GetLatestRSI(k, 14)\n}\nreturn values[\"5m\"] < 30", ""},
		{"a function that does not say",
			"rsi := func(k []types.Kline) float64 {\n\treturn indicators.GetLatestRSI(k, 14)\n}\nreturn rsi(data.Klines[\"5m\"]) < 30", ""},
		{"a function that says two things",
			function + "\tif len(k) < 30 {\n\t\treturn 60\n\t}\n\treturn indicators.GetLatestRSI(k, 14)\n}\nreturn rsi(\"5m\") < 30", ""},
		{"a function that is true without candles, for one of two reasons",
			"f := func(k []types.Kline) bool {\n\tif len(k) < 20 {\n\t\treturn true\n\t}\n\treturn k[0].Close > 1 && indicators.GetLatestRSI(k, 14) < 30\n}\nreturn f(data.Klines[\"5m\"])", ""},
	})
}
