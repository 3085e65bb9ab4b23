package mend

import "testing"

const candlesOf1m = "minute := data.Klines[\"1m\"]\n"

// chosenFrom is the function that puts some of a list's values into another.
func chosenFrom(typ, list, add string) string {
	return "func() []" + typ + " {\n\tchosen := []" + typ + "{}\n\tfor _, c := range " + list + " {\n\t\t" + add + "\n\t}\n\treturn chosen\n}()"
}

func TestMethodsOfPartsOfLists(t *testing.T) {
	const green = "if c.Close > c.Open {\n\t\t\tchosen = append(chosen, c)\n\t\t}"
	check(t, []mending{
		{"a filter in JavaScript",
			candlesOf1m + "if len(minute) < 20 {\n\treturn false\n}\nrecent := minute.slice(-20)\ngreenCount := recent.filter(c => c.Close > c.Open).length\nif greenCount < 12 {\n\treturn false\n}\n\n// every one of the last three bought\nallBought := recent.slice(-3).every(c => c.VolumeDelta > 0)\n\nreturn allBought",
			candlesOf1m + "if len(minute) < 20 {\n\treturn false\n}\nrecent := minute[len(minute)-20:]\ngreenCount := len(" + chosenFrom("types.Kline", "recent", green) + ")\nif greenCount < 12 {\n\treturn false\n}\n\n// every one of the last three bought\nallBought := " +
				everyOf("recent[len(recent)-3:]", "c.VolumeDelta > 0") + "\n\nreturn allBought"},
		{"up to the last but one", candlesOf1m + "return minute.slice(-6, -1).every(c => c.Close > 5)", candlesOf1m + "return " + everyOf("minute[len(minute)-6 : len(minute)-1]", "c.Close > 5")},
		{"by a variable", candlesOf1m + "n := 5\nreturn minute.slice(-n).every(c => c.Close > 5)", candlesOf1m + "n := 5\nreturn " + everyOf("minute[len(minute)-n:]", "c.Close > 5")},
		{"by a length", candlesOf1m + "return minute.slice(minute.length - 5).every(c => c.Close > 5)", candlesOf1m + "return " + everyOf("minute[len(minute)-5:]", "c.Close > 5")},
		{"one after the other", candlesOf1m + "x := minute.slice(-5).filter(c => c.Close > c.Open).map(c => c.Volume)\nreturn x.length > 3",
			candlesOf1m + "x := func() []float64 {\n\tchosen := []float64{}\n\tfor _, c := range func() []types.Kline {\n\t\tchosen := []types.Kline{}\n\t\tfor _, c := range minute[len(minute)-5:] {\n\t\t\tif c.Close > c.Open {\n\t\t\t\tchosen = append(chosen, c)\n\t\t\t}\n\t\t}\n\t\treturn chosen\n\t}() {\n\t\tchosen = append(chosen, c.Volume)\n\t}\n\treturn chosen\n}()\nreturn len(x) > 3"},
		{"a block", candlesOf1m + "return minute.every(c => { return c.Close > 5; })", candlesOf1m + "return " + everyOf("minute", "c.Close > 5")},
		{"the element's number", candlesOf1m + "return minute.some((c, i) => i !== 0 && c.Close > minute[i-1].Close)",
			candlesOf1m + "return func() bool {\n\tfor i, c := range minute {\n\t\tif i != 0 && c.Close > minute[i-1].Close {\n\t\t\treturn true\n\t\t}\n\t}\n\treturn false\n}()"},
		{"equal", candlesOf1m + "return minute.every(c => c.Trades === 5)", candlesOf1m + "return " + everyOf("minute", "c.Trades == 5")},
		{"a block that does more", candlesOf1m + "return minute.every(c => { n++; return c.Close > 5 })", ""},
		{"by a variable that changes", candlesOf1m + "n := 5\nn -= len(minute)\nreturn minute.slice(-n).every(c => c.Close > 5)", ""},
		{"every so many", candlesOf1m + "return minute.slice(f(3)).every(c => c.Close > 5)", ""},
	})
}

// everyOf is the function that tells whether a condition is so for all candles.
func everyOf(list, condition string) string {
	return "func() bool {\n\tfor _, c := range " + list + " {\n\t\tif !(" + condition + ") {\n\t\t\treturn false\n\t\t}\n\t}\n\treturn true\n}()"
}

func TestNumbersFromLists(t *testing.T) {
	const sum = "sum := func(list []float64) float64 {\n\ttotal := 0.0\n\tfor _, x := range list {\n\t\ttotal += x\n\t}\n\treturn total\n}\n"
	check(t, []mending{
		{"a sum", candlesOf1m + "total := minute.slice(-5).reduce((sum, c) => sum + c.Volume, 0)\nreturn total / 5 > 3",
			sum + candlesOf1m + "total := sum(" + chosenFrom("float64", "minute[len(minute)-5:]", "chosen = append(chosen, c.Volume)") + ")\nreturn total/5 > 3"},
		{"a sum of values", candlesOf1m + "total := minute.map(c => c.Volume).reduce((a, b) => a + b, 0)\nreturn total > 3",
			sum + candlesOf1m + "total := sum(" + chosenFrom("float64", "minute", "chosen = append(chosen, c.Volume)") + ")\nreturn total > 3"},
		{"a product", "x := []float64{1}\nreturn x.reduce((a, b) => a * b, 1) > 2", "x := []float64{1}\nreturn func() float64 {\n\ta := 1.0\n\tfor _, b := range x {\n\t\ta = a * b\n\t}\n\treturn a\n}() > 2"},
		{"the largest", candlesOf1m + "return minute.reduce((m, c) => Math.max(m, c.high), 0) > 3",
			candlesOf1m + "return func() float64 {\n\tm := 0.0\n\tfor _, c := range minute {\n\t\tif c.High > m {\n\t\t\tm = c.High\n\t\t}\n\t}\n\treturn m\n}() > 3"},
		{"a text", candlesOf1m + "return minute.reduce((a, c) => a + c.Close, \"\") > 3", ""},
		{"without a beginning", candlesOf1m + "return minute.map(c => c.Close).reduce((a, b) => a + b) > 3", ""},
	})
}
