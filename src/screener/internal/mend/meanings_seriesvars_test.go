package mend

import "testing"

func TestVariablesThatStandForOneOfMany(t *testing.T) {
	const rsi = "rsi := indicators.CalculateRSI(data.Klines[\"5m\"], 14)\nif rsi == nil {\n\treturn false\n}\n"
	check(t, []mending{
		{"the latest", rsi + "cur := rsi.Values\nlow := cur < 35\nreturn low || cur-1 > 80",
			rsi + "cur := rsi.Values[len(rsi.Values)-1]\nlow := cur < 35\nreturn low || cur-1 > 80"},
		{"the candles of the one interval", "klines := data.Klines\nif len(klines) < 30 {\n\treturn false\n}\nrsi := indicators.GetLatestRSI(data.Klines[\"1h\"], 14)\nreturn rsi != nil && *rsi < 30 && klines[len(klines)-1].Close > 1",
			"klines := data.Klines[\"1h\"]\nif len(klines) < 30 {\n\treturn false\n}\nrsi := indicators.GetLatestRSI(data.Klines[\"1h\"], 14)\nreturn rsi != nil && *rsi < 30 && klines[len(klines)-1].Close > 1"},
		{"a series once, a number once", rsi + "cur := rsi.Values\nreturn cur < 35 && cur[0] > 1", ""},
		{"changed later", rsi + "cur := rsi.Values\nif cur < 35 {\n\tcur = rsi.Values\n}\nreturn cur > 3", ""},
		{"of a series of its own", "cur := []float64{1, 2}\nreturn cur < 35", ""},
		{"two intervals", "klines := data.Klines\na := data.Klines[\"1h\"]\nb := data.Klines[\"5m\"]\nreturn len(a) > len(b) && klines[len(klines)-1].Close > 1", ""},
		{"no interval", "klines := data.Klines\nreturn klines[len(klines)-1].Close > 1", ""},
		{"a map once", "klines := data.Klines\na := klines[\"1h\"]\nreturn len(a) > 2 && klines[len(klines)-1].Close > 1", ""},
	})
}
