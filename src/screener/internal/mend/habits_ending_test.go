package mend

import "testing"

func TestTheEndOfAFunctionInside(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\n"
	const tail = "}\nreturn f(klines)"
	check(t, []mending{
		{"a match", head + "f := func(ks []types.Kline) bool {\n\tif len(ks) > 3 {\n\t\treturn ks[0].Close > 5\n\t}\n" + tail,
			head + "f := func(ks []types.Kline) bool {\n\tif len(ks) > 3 {\n\t\treturn ks[0].Close > 5\n\t}\n\treturn false\n" + tail},
		{"only refusals", head + "f := func(ks []types.Kline) bool {\n\tif len(ks) < 3 {\n\t\treturn false\n\t}\n" + tail,
			head + "f := func(ks []types.Kline) bool {\n\tif len(ks) < 3 {\n\t\treturn false\n\t}\n\treturn true\n" + tail},
		{"in a loop", head + "f := func(ks []types.Kline) bool {\n\tfor _, k := range ks {\n\t\tif k.Close > 5 {\n\t\t\treturn true\n\t\t}\n\t}\n" + tail,
			head + "f := func(ks []types.Kline) bool {\n\tfor _, k := range ks {\n\t\tif k.Close > 5 {\n\t\t\treturn true\n\t\t}\n\t}\n\treturn false\n" + tail},
		{"the filter's end too", head + "f := func(ks []types.Kline) bool {\n\tif len(ks) > 3 {\n\t\treturn true\n\t}\n}\nif f(klines) {\n\treturn true\n}",
			head + "f := func(ks []types.Kline) bool {\n\tif len(ks) > 3 {\n\t\treturn true\n\t}\n\treturn false\n}\nif f(klines) {\n\treturn true\n}\nreturn false"},
		{"a condition that may be the answer", head + "f := func(ks []types.Kline) bool {\n\tup := len(ks) > 5\n\tif !up {\n\t\treturn false\n\t}\n" + tail, ""},
		{"no answer at all", head + "f := func(ks []types.Kline) bool {\n\t_ = ks\n" + tail, ""},
		{"a number", head + "f := func(ks []types.Kline) float64 {\n\tif len(ks) > 3 {\n\t\treturn 1\n\t}\n}\nreturn f(klines) > 3", ""},
	})
}

func TestTheLastConditionIsTheAnswer(t *testing.T) {
	const head = "ks := data.Klines[\"5m\"]\nif len(ks) < 2 {\n\treturn false\n}\n"
	check(t, []mending{
		{"without its return", head + "ks[0].Close > 3", head + "return ks[0].Close > 3"},
		{"kept, and thrown away", head + "match := ks[0].Close > 3\n_ = match", head + "match := ks[0].Close > 3\nreturn match"},
		{"a number thrown away", head + "match := ks[0].Close > 3\n_ = ks[0].Close", ""},
	})
}
