package mend_test

import "testing"

// TestCallsAreGuardedForWhatTheyNeed: a function that returns a number has no
// answer without data, so that its callers check what it needs.
func TestCallsAreGuardedForWhatTheyNeed(t *testing.T) {
	const gain = "gain := func(ks []types.Kline, n int) float64 {\n\tMARK return ks[len(ks)-1].Close / ks[len(ks)-1-n].Close\n}\n"
	const mended = "gain := func(ks []types.Kline, n int) float64 {\n\treturn ks[len(ks)-1].Close / ks[len(ks)-1-n].Close\n}\n"
	const deref = "value := func(p *float64) float64 { return *p }\n"
	const sum = "sum := func(k []types.Kline, n int) float64 {\n\tall := 0.0\n\tfor i := len(k) - n; i < len(k); i++ {\n\t\tall += k[i].Close\n\t}\n\treturn all\n}\n"
	checkGuarded(t, []guarded{
		{"a number of candles", fiveMinutes + gain + "return gain(klines, 12) > 1.01", badIndex,
			fiveMinutes + mended + "if len(klines) < 13 {\n\treturn false\n}\nreturn gain(klines, 12) > 1.01"},
		{"an interval directly", gain + "return gain(data.Klines[\"5m\"], 12) > 1.01", badIndex,
			mended + "if len(data.Klines[\"5m\"]) < 13 {\n\treturn false\n}\nreturn gain(data.Klines[\"5m\"], 12) > 1.01"},
		{"two calls", fiveMinutes + gain + "a := gain(klines, 12)\nb := gain(klines, 48)\nreturn a > b", badIndex,
			fiveMinutes + mended + "if len(klines) < 49 {\n\treturn false\n}\na := gain(klines, 12)\nb := gain(klines, 48)\nreturn a > b"},
		{"a variable number", fiveMinutes + "n := 12\nif data.Symbol == \"X\" {\n\tn = 24\n}\n" + gain + "return gain(klines, n) > 1.01", badIndex,
			fiveMinutes + "n := 12\nif data.Symbol == \"X\" {\n\tn = 24\n}\n" + mended + "if len(klines) == 0 || len(klines) < n+1 {\n\treturn false\n}\nreturn gain(klines, n) > 1.01"},
		{"on the right of &&", fiveMinutes + gain + "if len(klines) > 3 && gain(klines, 30) > 1.01 {\n\treturn true\n}\nreturn false", badIndex,
			fiveMinutes + mended + "if len(klines) > 3 && len(klines) >= 31 && gain(klines, 30) > 1.01 {\n\treturn true\n}\nreturn false"},
		{"what it reads from around it", fiveMinutes + "f := func() float64 {\n\tMARK return klines[len(klines)-20].Close\n}\nreturn f() > 100", badIndex,
			fiveMinutes + "f := func() float64 {\n\treturn klines[len(klines)-20].Close\n}\nif len(klines) < 20 {\n\treturn false\n}\nreturn f() > 100"},
		{"a window", sum[:len(sum)-len("all += k[i].Close\n\t}\n\treturn all\n}\n")] + "MARK all += k[i].Close\n\t}\n\treturn all\n}\nreturn sum(data.Klines[\"5m\"], 20) > 3", badIndex,
			sum + "if len(data.Klines[\"5m\"]) < 20 {\n\treturn false\n}\nreturn sum(data.Klines[\"5m\"], 20) > 3"},
		{"a list that is made", "f := func(ks []types.Kline) int {\n\tMARK made := make([]float64, len(ks)-20)\n\treturn len(made)\n}\nreturn f(data.Klines[\"5m\"]) > 300", "makeslice: len out of range",
			"f := func(ks []types.Kline) int {\n\tmade := make([]float64, len(ks)-20)\n\treturn len(made)\n}\nif len(data.Klines[\"5m\"]) < 20 {\n\treturn false\n}\nreturn f(data.Klines[\"5m\"]) > 300"},
		{"through another function", fiveMinutes + gain + "twice := func(ks []types.Kline) float64 { return 2 * gain(ks, 12) }\nreturn twice(klines) > 2", badIndex,
			fiveMinutes + mended + "twice := func(ks []types.Kline) float64 { return 2 * gain(ks, 12) }\nif len(klines) < 13 {\n\treturn false\n}\nreturn twice(klines) > 2"},
		{"a pointer", fiveMinutes + "ema := indicators.CalculateEMA(klines, 20)\n" + "MARK " + deref + "return value(ema) > 3", badPointer,
			fiveMinutes + "ema := indicators.CalculateEMA(klines, 20)\n" + deref + "if ema == nil {\n\treturn false\n}\nreturn value(ema) > 3"},
		{"a helper's result", fiveMinutes + "value := func(p *float64) float64 {\n\tMARK return *p\n}\nreturn value(indicators.CalculateEMA(klines, 20)) > 3", badPointer,
			fiveMinutes + "value := func(p *float64) float64 {\n\treturn *p\n}\nif indicators.CalculateEMA(klines, 20) == nil {\n\treturn false\n}\nreturn value(indicators.CalculateEMA(klines, 20)) > 3"},
		{"its own panic", fiveMinutes + "must := func(p *float64) float64 {\n\tif p == nil {\n\t\tMARK panic(\"nil\")\n\t}\n\treturn *p\n}\nreturn must(indicators.CalculateEMA(klines, 20)) > 3", "",
			fiveMinutes + "must := func(p *float64) float64 {\n\tif p == nil {\n\t\tpanic(\"nil\")\n\t}\n\treturn *p\n}\nif indicators.CalculateEMA(klines, 20) == nil {\n\treturn false\n}\nreturn must(indicators.CalculateEMA(klines, 20)) > 3"},

		{"not what may return before", fiveMinutes + "f := func(ks []types.Kline) float64 {\n\tif data.Ticker != nil {\n\t\treturn 1\n\t}\n\tMARK return ks[len(ks)-20].Close\n}\nreturn f(klines) > 100", badIndex, ""},
		{"not what a condition skips", fiveMinutes + "f := func(ks []types.Kline) float64 {\n\tx := 0.0\n\tif data.Ticker == nil {\n\t\tMARK x = ks[len(ks)-400].Close\n\t}\n\treturn x\n}\nreturn f(klines) > 100", badIndex, ""},
		{"not a parameter that is set", fiveMinutes + "f := func(ks []types.Kline) float64 {\n\tks = data.Klines[\"1h\"]\n\tMARK return ks[len(ks)-20].Close\n}\nreturn f(klines) > 100", badIndex, ""},
		{"not a function that is set again", fiveMinutes + "f := func(ks []types.Kline) float64 { return 1 }\nif data.Ticker != nil {\n\tf = func(ks []types.Kline) float64 {\n\t\tMARK return ks[len(ks)-20].Close\n\t}\n}\nreturn f(klines) > 100", badIndex, ""},
		{"the last of alternatives", fiveMinutes + gain + "return len(klines) > 33 || gain(klines, 30) > 1", badIndex,
			fiveMinutes + mended + "return len(klines) > 33 || (len(klines) >= 31 && gain(klines, 30) > 1)"},
		{"not when another condition follows from it", fiveMinutes + gain + "if len(klines) > 3 || gain(klines, 30) > 1 {\n\treturn data.Ticker == nil\n} else {\n\treturn true\n}", badIndex, ""},
		{"not a window that may be left with false, where that may match", fiveMinutes + "low := func() bool {\n\tfor i := 1; i <= 20; i++ {\n\t\tMARK if klines[len(klines)-i].Close > 101 {\n\t\t\treturn false\n\t\t}\n\t}\n\treturn true\n}\nif low() {\n\treturn false\n}\nreturn true", badIndex, ""},
		{"not one interval of a vote", gain + "n := 0\nfor _, tf := range []string{\"5m\", \"1h\", \"1d\"} {\n\tif gain(data.Klines[tf], 12) > 1 {\n\t\tn++\n\t}\n}\nreturn n >= 2", badIndex, ""},
	})
}

// TestFunctionsWhoseFalseIsNoMatchGiveUpInside: there `return false` is what
// the filter would answer.
func TestFunctionsWhoseFalseIsNoMatchGiveUpInside(t *testing.T) {
	const before = "up := func(k []types.Kline) bool {\n\tMARK return k[len(k)-2].Close > 1\n}\n"
	const after = "up := func(k []types.Kline) bool {\n\tif len(k) < 2 {\n\t\treturn false\n\t}\n\treturn k[len(k)-2].Close > 1\n}\n"
	const outside = "up := func(k []types.Kline) bool {\n\treturn k[len(k)-2].Close > 1\n}\n"
	for name, rest := range map[string]string{
		"returned":               "return up(data.Klines[\"5m\"])",
		"in a chain":             "return data.Ticker != nil && up(data.Klines[\"5m\"]) && up(data.Klines[\"1h\"])",
		"given up without":       "if data.Ticker == nil || !up(data.Klines[\"5m\"]) {\n\treturn false\n}\nreturn true",
		"nested ifs":             "if up(data.Klines[\"5m\"]) {\n\tif up(data.Klines[\"1h\"]) {\n\t\treturn true\n\t}\n}\nreturn false",
		"kept":                   "a, b := up(data.Klines[\"5m\"]), up(data.Klines[\"1h\"])\nreturn a && b",
		"by another function":    "both := func() bool {\n\treturn up(data.Klines[\"5m\"]) && up(data.Klines[\"1h\"])\n}\nreturn both()",
		"in each turn of a loop": "for _, tf := range []string{\"5m\", \"1h\"} {\n\tif !up(data.Klines[tf]) {\n\t\treturn false\n\t}\n}\nreturn true",
	} {
		checkGuarded(t, []guarded{{name, before + rest, badIndex, after + rest}})
	}
	for name, rest := range map[string]string{
		"false may match":               "if up(data.Klines[\"5m\"]) {\n\treturn false\n}\nreturn true",
		"an alternative":                "return up(data.Klines[\"5m\"]) || data.Ticker != nil",
		"what is kept may not be asked": "a := up(data.Klines[\"5m\"])\nif data.Ticker == nil {\n\treturn true\n}\nreturn a",
	} {
		checkGuarded(t, []guarded{{name, before + rest, badIndex, outside + guardedCall(rest)}})
	}
	checkGuarded(t, []guarded{
		{"a vote", before + "n := 0\nfor _, tf := range []string{\"5m\", \"1h\", \"1d\"} {\n\tif up(data.Klines[tf]) {\n\t\tn++\n\t}\n}\nreturn n >= 2", badIndex, ""},
		{"passed on", before + "any := func(f func(k []types.Kline) bool) bool { return !f(data.Klines[\"5m\"]) }\nreturn any(up)", badIndex, ""},
	})
}

// guardedCall is a filter that checks before its call.
func guardedCall(rest string) string {
	return "if len(data.Klines[\"5m\"]) < 2 {\n\treturn false\n}\n" + rest
}
