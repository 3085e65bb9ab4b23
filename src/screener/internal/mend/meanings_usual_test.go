package mend

import "testing"

func TestUsualNumbers(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nif len(klines) < 40 {\n\treturn false\n}\n"
	const macd, up = head + "m := indicators.GetLatestMACD(klines)\n", "return m != nil && m.Histogram > 0"
	const mended = head + "m := indicators.GetLatestMACD(klines, 12, 26, 9)\n"
	check(t, []mending{
		{"MACD", macd + up, mended + up},
		{"by another name", head + "m := indicators.MACD(klines)\n" + up, mended + up},
		{"by interval", head + "m := indicators.GetLatestMACD(\"5m\")\n" + up, head + "m := indicators.GetLatestMACD(data.Klines[\"5m\"], 12, 26, 9)\n" + up},
		{"Bollinger bands", head + "b := indicators.GetLatestBollingerBands(klines)\nreturn b != nil && b.Upper > 5", head + "b := indicators.GetLatestBollingerBands(klines, 20, 2.0)\nreturn b != nil && b.Upper > 5"},
		{"stochastic", head + "s := indicators.CalculateStochastic(klines)\nreturn s != nil && s.K > s.D", head + "s := indicators.CalculateStochastic(klines, 14, 3)\nreturn s != nil && s.K > s.D"},
		{"a comment says them", "// MACD (12/26/9) above 0\n" + macd + up, "// MACD (12/26/9) above 0\n" + mended + up},
		{"a comment says others", "// MACD(5, 35, 5)\n" + macd + up, ""},
		{"another call says others", head + "o := indicators.GetLatestMACD(klines, 5, 35, 5)\nm := indicators.GetLatestMACD(klines)\nreturn o != nil && m != nil && m.MACD > o.MACD", ""},
		{"names that nothing uses", head + "const fast = 5\nm := indicators.GetLatestMACD(klines)\n" + up, ""},
		{"some are there", head + "m := indicators.GetLatestMACD(klines, 12, 26)\n" + up, ""},
		{"the whole words", head + "m := indicators.MovingAverageConvergenceDivergence(klines)\n" + up, mended + up},
		{"one number", head + "rsi := indicators.GetLatestRSI(klines)\nreturn rsi != nil && *rsi < 30", ""},
		{"a helper without usual numbers", head + "ma := indicators.CalculateMA(klines)\nreturn ma != nil && *ma > 5", ""},
	})
}
