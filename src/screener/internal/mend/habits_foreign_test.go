package mend

import "testing"

func TestFiltersOfOtherLanguages(t *testing.T) {
	const sum = "sum := func(list []float64) float64 {\n\ttotal := 0.0\n\tfor _, x := range list {\n\t\ttotal += x\n\t}\n\treturn total\n}\n"
	check(t, []mending{
		{"a function", "function evaluate(data) {\n  const klines = data.klines['5m'];\n  if (!klines || klines.length < 20) return false;\n  const closes = klines.map(k => k.close);\n  const avg = closes.slice(-20).reduce((a, b) => a + b, 0) / 20;\n  return closes[0] > avg;\n}",
			sum + "klines := data.Klines[\"5m\"]\nif len(klines) == 0 || len(klines) < 20 {\n\treturn false\n}\ncloses := func() []float64 {\n\tchosen := []float64{}\n\tfor _, k := range klines {\n\t\tchosen = append(chosen, k.Close)\n\t}\n\treturn chosen\n}()\navg := sum(closes[len(closes)-20:]) / 20\nreturn closes[0] > avg"},
		{"an arrow", "const evaluate = (data) => {\n  return data.klines[\"5m\"].length > 3;\n};", "return len(data.Klines[\"5m\"]) > 3"},
		{"of another parameter", "function evaluate(candles) {\n  return candles.length > 3\n}", ""},
	})
}

func TestConditionsThatAreNone(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\n"
	check(t, []mending{
		{"a pattern", head + "if !indicators.DetectEngulfingPattern(klines, \"Bullish\") {\n\treturn false\n}\nreturn true", head + "if indicators.DetectEngulfingPattern(klines) != \"bullish\" {\n\treturn false\n}\nreturn true"},
		{"its field", head + "p := indicators.DetectEngulfingPattern(klines)\nreturn p.IsBearish && len(klines) > 2", head + "p := indicators.DetectEngulfingPattern(klines)\nreturn p == \"bearish\" && len(klines) > 2"},
		{"ok as an error", "klines, err := data.Klines[\"5m\"]\nif err != nil {\n\treturn false\n}\nreturn len(klines) > 2", "klines, err := data.Klines[\"5m\"]\nif !err {\n\treturn false\n}\nreturn len(klines) > 2"},
		{"another pattern", head + "return indicators.DetectEngulfingPattern(klines, \"doji\")", ""},
		{"a field of another text", "s := data.Symbol\nreturn s.Bullish && len(s) > 2", ""},
		{"a condition compared with nil", "up := len(data.Klines) > 2\nreturn up != nil", ""},
	})
}
