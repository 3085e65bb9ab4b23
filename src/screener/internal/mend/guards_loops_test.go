package mend_test

import "testing"

func TestWindowsOfLoopsAreCheckedBeforeThem(t *testing.T) {
	const short20 = "if len(klines) < 20 {\n\treturn false\n}\n"
	sum := fiveMinutes + "sum := 0.0\n"
	checkGuarded(t, []guarded{
		{"the last twenty", sum + "for i := len(klines) - 20; i < len(klines); i++ {\n\tMARK sum += klines[i].Close\n}\nreturn sum > 100", badIndex,
			sum + short20 + "for i := len(klines) - 20; i < len(klines); i++ {\n\tsum += klines[i].Close\n}\nreturn sum > 100"},
		{"and their predecessors", sum + "for i := len(klines) - 19; i < len(klines); i++ {\n\tMARK sum += klines[i].Close - klines[i-1].Close\n}\nreturn sum > 100", badIndex,
			sum + short20 + "for i := len(klines) - 19; i < len(klines); i++ {\n\tsum += klines[i].Close - klines[i-1].Close\n}\nreturn sum > 100"},
		{"counted from the end", sum + "for i := 1; i <= 20; i++ {\n\tMARK sum += klines[len(klines)-i].Close\n}\nreturn sum > 100", badIndex,
			sum + short20 + "for i := 1; i <= 20; i++ {\n\tsum += klines[len(klines)-i].Close\n}\nreturn sum > 100"},
		{"counted from the last", sum + "n := len(klines)\nperiod := 20\nfor i := 0; i < period; i++ {\n\tMARK k := klines[n-1-i]\n\tsum += k.Close\n}\nreturn sum > 100", badIndex,
			sum + "n := len(klines)\nperiod := 20\n" + short20 + "for i := 0; i < period; i++ {\n\tk := klines[n-1-i]\n\tsum += k.Close\n}\nreturn sum > 100"},
		{"the first twenty", sum + "for i := 0; i < 20; i++ {\n\tMARK sum += klines[i].Close\n}\nreturn sum > 100", badIndex,
			sum + short20 + "for i := 0; i < 20; i++ {\n\tsum += klines[i].Close\n}\nreturn sum > 100"},
		{"backwards", sum + "for i := len(klines) - 1; i >= len(klines)-20; i-- {\n\tMARK sum += klines[i].Close\n}\nreturn sum > 100", badIndex,
			sum + short20 + "for i := len(klines) - 1; i >= len(klines)-20; i-- {\n\tsum += klines[i].Close\n}\nreturn sum > 100"},
		{"that give up", fiveMinutes + "for i := 1; i <= 20; i++ {\n\tMARK if klines[len(klines)-i].Close < 90 {\n\t\treturn false\n\t}\n}\nreturn true", badIndex,
			fiveMinutes + short20 + "for i := 1; i <= 20; i++ {\n\tif klines[len(klines)-i].Close < 90 {\n\t\treturn false\n\t}\n}\nreturn true"},
		{"a check that was too weak", fiveMinutes + "if len(klines) < 5 {\n\treturn false\n}\nsum := 0.0\nfor i := len(klines) - 20; i < len(klines); i++ {\n\tMARK sum += klines[i].Close\n}\nreturn sum > 100", badIndex,
			fiveMinutes + short20 + "sum := 0.0\nfor i := len(klines) - 20; i < len(klines); i++ {\n\tsum += klines[i].Close\n}\nreturn sum > 100"},
		{"in the turn, when one before may match", fiveMinutes + "for i := 1; i <= 20; i++ {\n\tMARK if klines[len(klines)-i].Close > 107 {\n\t\treturn true\n\t}\n}\nreturn false", badIndex,
			fiveMinutes + "for i := 1; i <= 20; i++ {\n\tif len(klines)-i < 0 {\n\t\treturn false\n\t}\n\tif klines[len(klines)-i].Close > 107 {\n\t\treturn true\n\t}\n}\nreturn false"},
		{"of a length that varies", sum + "n := 20\nif len(klines) > 100 {\n\tn = 30\n}\nfor i := 1; i <= n; i++ {\n\tMARK sum += klines[len(klines)-i].Close\n}\nreturn sum > 100", badIndex,
			sum + "n := 20\nif len(klines) > 100 {\n\tn = 30\n}\nif len(klines) < n {\n\treturn false\n}\nfor i := 1; i <= n; i++ {\n\tsum += klines[len(klines)-i].Close\n}\nreturn sum > 100"},
	})
}

func TestLoopsThatGoTooFarAreNarrowed(t *testing.T) {
	before := fiveMinutes + "sum := 0.0\n"
	const after = "}\nreturn sum > 1e9"
	for _, test := range []struct{ name, header, body, newHeader, newBody string }{
		{"one too many", "for i := 0; i <= len(klines); i++ {\n", "\tsum += klines[i].Close\n", "for i := 0; i < len(klines); i++ {\n", ""},
		{"the predecessor of the first", "for i := 0; i < len(klines); i++ {\n", "\tsum += klines[i].Close - klines[i-1].Close\n", "for i := 1; i < len(klines); i++ {\n", ""},
		{"the successor of the last", "for i := 0; i < len(klines); i++ {\n", "\tsum += klines[i+1].Close\n", "for i := 0; i < len(klines)-1; i++ {\n", ""},
		{"up to and with the last", "for i := 0; i <= len(klines)-1; i++ {\n", "\tsum += klines[i+1].Close\n", "for i := 0; i < len(klines)-1; i++ {\n", ""},
		{"backwards to the first", "for i := len(klines) - 1; i >= 0; i-- {\n", "\tsum += klines[i-1].Close\n", "for i := len(klines) - 1; i >= 1; i-- {\n", ""},
		{"backwards from behind the last", "for i := len(klines); i >= 0; i-- {\n", "\tsum += klines[i].Close\n", "for i := len(klines) - 1; i >= 0; i-- {\n", ""},
		{"a range and the predecessor", "for i := range klines {\n", "\tsum += klines[i-1].Close\n", "for i := 1; i < len(klines); i++ {\n", ""},
		{"a range and the successor", "for i := range klines {\n", "\tsum += klines[i+1].Close\n", "for i := 0; i < len(klines)-1; i++ {\n", ""},
		{"a range with values and the predecessor", "for i, k := range klines {\n", "\tsum += k.Close - klines[i-1].Close\n", "for i, k := range klines {\n",
			"\tif i < 1 {\n\t\tcontinue\n\t}\n\n\tsum += k.Close - klines[i-1].Close\n"},
		{"a range with values and the successor", "for i, k := range klines {\n", "\tsum += k.Close - klines[i+1].Close\n", "for i, k := range klines {\n",
			"\tif i >= len(klines)-1 {\n\t\tbreak\n\t}\n\n\tsum += k.Close - klines[i+1].Close\n"},
	} {
		body := test.newBody
		if body == "" {
			body = test.body
		}
		checkGuarded(t, []guarded{{test.name, before + test.header + "\tMARK " + test.body[1:] + after, badIndex, before + test.newHeader + body + after}})
	}
}

func TestLoopsThatAreNotPlainStayAsTheyAre(t *testing.T) {
	checkGuarded(t, []guarded{
		{"from the end, one too far", fiveMinutes + "sum := 0.0\nfor i := 0; i < 5; i++ {\n\tMARK sum += klines[len(klines)-i].Close\n}\nreturn sum > 3", badIndex, ""},
		{"another list", fiveMinutes + "ema := indicators.CalculateEMASeries(klines, 20)\nsum := 0.0\nfor i := 0; i < len(klines); i++ {\n\tMARK sum += ema[i]\n}\nreturn sum > 3", badIndex, ""},
		{"a beginning that is not known", fiveMinutes + "sum, n := 0.0, data.Klines[\"1h\"][0].Trades-300\nfor i := n; i < len(klines); i++ {\n\tMARK sum += klines[i-n-1].Close\n}\nreturn sum > 1e9", badIndex, ""},
		{"an end that is not known", fiveMinutes + "sum, n := 0.0, data.Klines[\"1h\"][0].Trades-300\nfor i := 0; i <= len(klines)-n-1; i++ {\n\tMARK sum += klines[i+n+1].Close\n}\nreturn sum > 1e9", badIndex, ""},
		{"a counter that the body moves", fiveMinutes + "sum := 0.0\nfor i := 0; i <= len(klines); i++ {\n\tMARK sum += klines[i].Close\n\ti++\n}\nreturn sum > 3", badIndex, ""},
	})
}

func TestNilMapsAreMade(t *testing.T) {
	checkGuarded(t, []guarded{
		{"set", "var m map[string]int\nMARK m[\"a\"] = 1\nreturn m[\"a\"] > 3", badMap, "m := map[string]int{}\nm[\"a\"] = 1\nreturn m[\"a\"] > 3"},
		{"counted", "var m map[string]int\nfor tf := range data.Klines {\n\tMARK m[tf]++\n}\nreturn len(m) > 300", badMap, "m := map[string]int{}\nfor tf := range data.Klines {\n\tm[tf]++\n}\nreturn len(m) > 300"},
		{"asked for nil", "var m map[string]int\nif m == nil {\n\tMARK m[\"a\"] = 1\n}\nreturn m[\"a\"] > 3", badMap, ""},
		{"set later", "var m map[string]int\nif data.Symbol == \"X\" {\n\tm = map[string]int{}\n}\nMARK m[\"a\"] = 1\nreturn m[\"a\"] > 3", badMap, ""},
	})
}
