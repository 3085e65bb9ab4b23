package mend

import "testing"

func TestUnusedVariables(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nif len(klines) < 30 {\n\treturn false\n}\n"
	const tail = "return klines[0].Close > 5"
	check(t, []mending{
		{"helper", head + "ema := indicators.CalculateEMA(klines, 20) // trend\n" + tail, head + tail},
		{"one leads to another", head + "high := klines[0].High\ndouble := high * 2\n" + tail, head + tail},
		{"var", head + "var high float64 = 5\nvar a, b, c int\n" + tail, head + tail},
		{"one of a var", head + "var a, b int\nb++\n" + tail, head + "var b int\nb++\n" + tail},
		{"of a group", head + "var (\n\ta = 1\n\tb = 2\n)\nb++\n" + tail, head + "var (\n\tb = 2\n)\nb++\n" + tail},
		{"function", head + "max := func(a, b float64) float64 {\n\treturn a\n}\n" + tail, head + tail},
		{"two values", head + "a, b := klines[0].Open, klines[0].Close\nreturn b > 5", head + "b := klines[0].Close\nreturn b > 5"},
		{"ok", "klines, ok := data.Klines[\"5m\"]\nreturn len(klines) > 5", "klines := data.Klines[\"5m\"]\nreturn len(klines) > 5"},
		{"only ok", "klines, ok := data.Klines[\"5m\"]\nreturn ok", "_, ok := data.Klines[\"5m\"]\nreturn ok"},
		{"loop's index", head + "for i, k := range klines {\n\tif k.Close > 5 {\n\t\treturn true\n\t}\n}\n" + tail, head + "for _, k := range klines {\n\tif k.Close > 5 {\n\t\treturn true\n\t}\n}\n" + tail},
		{"loop's value", head + "for i, k := range klines {\n\tif i > 5 {\n\t\treturn true\n\t}\n}\n" + tail, head + "for i := range klines {\n\tif i > 5 {\n\t\treturn true\n\t}\n}\n" + tail},
		{"loop's both", head + "n := 0\nfor i, k := range klines {\n\tn++\n}\nreturn n > 3", head + "n := 0\nfor range klines {\n\tn++\n}\nreturn n > 3"},
		{"only assigned", head + "last := 0.0\nfor _, k := range klines {\n\tlast = k.Close\n\tif k.Open > 5 {\n\t\treturn true\n\t}\n}\n" + tail, head + "for _, k := range klines {\n\tif k.Open > 5 {\n\t\treturn true\n\t}\n}\n" + tail},
		{"before a condition", head + "if x := klines[0].Close; len(klines) > 3 {\n\treturn true\n}\n" + tail, head + "if len(klines) > 3 {\n\treturn true\n}\n" + tail},
		{"a call that may do something", head + "n := 0\nadd := func() int { n++; return n }\nx := add()\nreturn n > 3", head + "n := 0\nadd := func() int { n++; return n }\n_ = add()\nreturn n > 3"},
		{"misspelt where it is read", head + "rsi := indicators.GetLatestRSI(klines, 14)\nreturn rsiValue != nil", ""},
	})
}
