package mend

import "testing"

func TestNumbersWhereIntegersAreAskedFor(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nn := len(klines)\nif n < 30 {\n\treturn false\n}\n"
	const tail = "\nreturn ma != nil && *ma > 5"
	check(t, []mending{
		{"half of a number", head + "half := float64(n) / 2\nma := indicators.CalculateMA(klines, half)" + tail, head + "half := float64(n) / 2\nma := indicators.CalculateMA(klines, int(half))" + tail},
		{"a share", head + "ma := indicators.CalculateMA(klines, n*0.5)" + tail, head + "ma := indicators.CalculateMA(klines, int(float64(n)*0.5))" + tail},
		{"a whole number with a point", head + "period := 14.0\nma := indicators.CalculateMA(klines, period*2)" + tail, head + "period := 14.0\nma := indicators.CalculateMA(klines, int(period*2))" + tail},
		{"another size", head + "var period int64 = 14\nma := indicators.CalculateMA(klines, period)" + tail, head + "var period int64 = 14\nma := indicators.CalculateMA(klines, int(period))" + tail},
		{"an index", head + "middle := float64(n) / 2\nreturn klines[middle].Close > 5", head + "middle := float64(n) / 2\nreturn klines[int(middle)].Close > 5"},
		{"a constant with a type", head + "const period float64 = 14\nma := indicators.CalculateMA(klines, period)" + tail, head + "const period float64 = 14\nma := indicators.CalculateMA(klines, int(period))" + tail},
		{"an int for an int64", head + "old := func(t int64) bool { return t > klines[0].OpenTime }\nreturn old(klines[1].OpenTime) && old(n)", head + "old := func(t int64) bool { return t > klines[0].OpenTime }\nreturn old(klines[1].OpenTime) && old(int64(n))"},
		{"a number that is a key", head + "seen := map[float64]bool{}\nseen[float64(n)] = true\nreturn seen[float64(n)/2] && klines[klines[0].Close].Close > 5", ""},
		{"a price", head + "ma := indicators.CalculateMA(klines, klines[0].Close)" + tail, ""},
		{"a fraction", head + "period := 14.5\nma := indicators.CalculateMA(klines, period)" + tail, ""},
		{"assigned later", head + "period := float64(n)\nperiod = klines[0].Close\nma := indicators.CalculateMA(klines, period)" + tail, ""},
	})
}
