package mend_test

import "testing"

// TestALoopThatAsksForEveryTurnGivesUp: one turn less is no match in either
// reading of an element without data.
func TestALoopThatAsksForEveryTurnGivesUp(t *testing.T) {
	const list = "list := []string{\"5m\", \"1h\", \"1d\"}\nn := 0\n"
	const turn = "\tks := data.Klines[tf]\n\tMARK if ks[len(ks)-1].Close > ks[len(ks)-2].Close {\n\t\tn++\n\t}\n}\n"
	const mended = "\tks := data.Klines[tf]\n\tif len(ks) < 2 {\n\t\treturn false\n\t}\n\tif ks[len(ks)-1].Close > ks[len(ks)-2].Close {\n\t\tn++\n\t}\n}\n"
	const loop = list + "for _, tf := range list {\n"
	for name, rest := range map[string]string{
		"as many as there are":       "return n == len(list)",
		"at least as many":           "return n >= 3",
		"given up with fewer":        "if n < len(list) {\n\treturn false\n}\nreturn true",
		"given up with another":      "if n != 3 || data.Ticker == nil {\n\treturn false\n}\nreturn data.Ticker.LastPrice > 0",
		"with more asked in between": "if data.Ticker == nil {\n\treturn false\n}\nx := 3.0\nreturn n == len(list) && data.Ticker.LastPrice > x",
		"true only if, false behind": "if n == 3 {\n\treturn true\n}\nreturn false",
	} {
		checkGuarded(t, []guarded{{name, loop + turn + rest, badIndex, loop + mended + rest}})
	}
	for name, code := range map[string]string{
		"some are enough":              loop + turn + "return n >= 2",
		"as many as another list has":  loop + turn + "return n >= len(data.Klines)",
		"none also matches":            loop + turn + "return n == 3 || n == 0",
		"something else answers first": loop + turn + "if data.Ticker == nil {\n\treturn true\n}\nreturn n == 3",
		"it begins higher":             "n := 1\nfor _, tf := range []string{\"5m\", \"1h\"} {\n" + turn + "return n == 2",
		"it is counted elsewhere":      loop + turn + "if data.Ticker != nil {\n\tn++\n}\nreturn n == 3",
		"some of the map":              "n := 0\nfor tf := range data.Klines {\n" + turn + "return n > 3",
	} {
		checkGuarded(t, []guarded{{name, code, badIndex, ""}})
	}
	const flag = "ok := true\nfor tf, n := range map[string]int{\"5m\": 2, \"1h\": 5} {\n\tks := data.Klines[tf]\n"
	const lower = "if ks[len(ks)-1].Close < float64(n) {\n\t\tok = false\n\t\tbreak\n\t}\n}\n"
	checkGuarded(t, []guarded{
		{"a flag", flag + "\tMARK " + lower + "return ok", badIndex, flag + "\tif len(ks) == 0 {\n\t\treturn false\n\t}\n\t" + lower + "return ok"},
		{"a flag that is set again", flag + "\tMARK " + lower + "if !ok {\n\tok = true\n}\nreturn ok", badIndex, ""},
		{"a flag that is no reason alone", flag + "\tMARK " + lower + "return ok || data.Ticker != nil", badIndex, ""},
	})
}
