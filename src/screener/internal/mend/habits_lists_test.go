package mend

import "testing"

func TestListsFromOthers(t *testing.T) {
	const head = "recent := data.Klines[\"5m\"]\n"
	check(t, []mending{
		{"comprehension", head + "closes := [k.Close for k in recent]\nreturn len(closes) > 3",
			head + "closes := func() []float64 {\n\tchosen := []float64{}\n\tfor _, k := range recent {\n\t\tchosen = append(chosen, k.Close)\n\t}\n\treturn chosen\n}()\nreturn len(closes) > 3"},
		{"all and any", head + "return all(k.close > k.open for k in recent) and any([k.Volume > 9 for k in recent if k.Trades > 1])",
			head + "return func() bool {\n\tfor _, k := range recent {\n\t\tif !(k.Close > k.Open) {\n\t\t\treturn false\n\t\t}\n\t}\n\treturn true\n}() && func() bool {\n\tfor _, k := range recent {\n\t\tif (k.Trades > 1) && (k.Volume > 9) {\n\t\t\treturn true\n\t\t}\n\t}\n\treturn false\n}()"},
		{"filter", head + "const green = recent.filter(k => k.close > k.open)\nreturn green.length > 3",
			head + "green := func() []types.Kline {\n\tchosen := []types.Kline{}\n\tfor _, k := range recent {\n\t\tif k.Close > k.Open {\n\t\t\tchosen = append(chosen, k)\n\t\t}\n\t}\n\treturn chosen\n}()\nreturn len(green) > 3"},
		{"some", head + "return recent.some((k) => k.Close > 3)",
			head + "return func() bool {\n\tfor _, k := range recent {\n\t\tif k.Close > 3 {\n\t\t\treturn true\n\t\t}\n\t}\n\treturn false\n}()"},
		{"a function by an arrow", head + "const avg = (a, b) => (a + b) / 2\nreturn avg(recent[0].High, recent[0].Low) > 3",
			head + "avg := func(a, b float64) float64 {\n\treturn (a + b) / 2\n}\nreturn avg(recent[0].High, recent[0].Low) > 3"},
		{"of candles", head + "const green = k => k.Close > k.Open\nreturn green(recent[0]) && green(recent[1])",
			head + "green := func(k types.Kline) bool {\n\treturn k.Close > k.Open\n}\nreturn green(recent[0]) && green(recent[1])"},
		{"of what is not known", "closes := [k.Close for k in somewhere]\nreturn len(closes) > 3", ""},
		{"two loops", head + "x := [a.Close for a in recent for b in recent]\nreturn len(x) > 3", ""},
		{"an arrow with two parameters", head + "x := recent.map((k, i) => i)\nreturn len(x) > 3", ""},
		{"an arrow of integers: they divide otherwise", head + "const half = n => n / 2\nreturn half(len(recent)) > 3", ""},
		{"an arrow that nothing calls", head + "const half = n => n / 2\nreturn len(recent) > 3", ""},
		{"a condition that is none", head + "x := recent.filter(k => k.Close)\nreturn len(x) > 3", ""},
	})
}
