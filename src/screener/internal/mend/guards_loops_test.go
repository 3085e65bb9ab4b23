package mend_test

import (
	"strings"
	"testing"
)

func TestWindowsOfLoopsAreCheckedBeforeThem(t *testing.T) {
	const short20 = "if len(klines) < 20 {\n\treturn false\n}\n"
	sum := fiveMinutes + "sum := 0.0\n"
	checkGuarded(t, []guarded{
		{"the last five, with their followers", fiveMinutes + "if len(klines) < 9 {\n\treturn false\n}\nsum := 0.0\nfor i := len(klines) - 5; i < len(klines); i++ {\n\tMARK if klines[i+1].Low > klines[i].Low {\n\t\tsum++\n\t}\n}\nreturn sum > 100", badIndex, ""},
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

func TestTurnsWithoutNeighboursAreLeftOut(t *testing.T) {
	const before = fiveMinutes + "sum := 0.0\n"
	const after = "\tsum += around[0].Close\n}\nreturn sum > 1e9"
	const turn = "\tMARK around := klines[i-2 : i+3]\n" + after
	const mended = "\taround := klines[i-2 : i+3]\n" + after
	const first = "for i, k := range klines {\n\tif i < 2 {\n\t\tcontinue\n\t}\n\n\tsum += k.Open\n"
	const both = "for i, k := range klines {\n\tif i >= len(klines)-1 {\n\t\tbreak\n\t}\n\n\tif i < 1 {\n\t\tcontinue\n\t}\n\tsum += k.Close - klines[i-1].Close + klines[i+1].Close\n}\nreturn sum > 1e9"
	checkGuarded(t, []guarded{
		{"a window that begins too early", before + "for i := range klines {\n" + turn, badSlice, before + "for i := 2; i < len(klines)-2; i++ {\n" + mended},
		{"that only ends too late", before + "for i := 2; i < len(klines); i++ {\n" + turn, badSlice, before + "for i := 2; i < len(klines)-2; i++ {\n" + mended},
		{"with values", before + "for i, k := range klines {\n\tsum += k.Open\n" + turn, badSlice, before + strings.Replace(first, "continue\n\t}\n", "continue\n\t}\n\n\tif i >= len(klines)-2 {\n\t\tbreak\n\t}\n", 1) + mended},
		{"with values, too late", before + first + turn, badSlice, before + strings.Replace(first, "{\n", "{\n\tif i >= len(klines)-2 {\n\t\tbreak\n\t}\n\n", 1) + mended},
		{"elements on both sides, and further ones", before + "for i := 0; i < len(klines); i++ {\n\tMARK sum += klines[i-1].Close - klines[i-3].Close + klines[i+1].Close\n}\nreturn sum > 1e9", badIndex,
			before + "for i := 3; i < len(klines)-1; i++ {\n\tsum += klines[i-1].Close - klines[i-3].Close + klines[i+1].Close\n}\nreturn sum > 1e9"},
		{"a rest that begins too late", before + "for i := range klines {\n\tMARK around := klines[i+2:]\n\tsum += float64(len(around))\n}\nreturn sum > 1e9", badSlice,
			before + "for i := 0; i < len(klines)-1; i++ {\n\taround := klines[i+2:]\n\tsum += float64(len(around))\n}\nreturn sum > 1e9"},
		{"a beginning that ends too early", before + "for i := range klines {\n\tMARK around := klines[:i-1]\n\tsum += float64(len(around))\n}\nreturn sum > 1e9", badSlice,
			before + "for i := 1; i < len(klines); i++ {\n\taround := klines[:i-1]\n\tsum += float64(len(around))\n}\nreturn sum > 1e9"},
		{"elements on both sides", before + "for i, k := range klines {\n\tif i < 1 {\n\t\tcontinue\n\t}\n\tMARK sum += k.Close - klines[i-1].Close + klines[i+1].Close\n}\nreturn sum > 1e9", badIndex, before + both},
		{"a turn that may leave before", before + "for i := range klines {\n\tif klines[i].Close > 1e9 {\n\t\tcontinue\n\t}\n\tMARK around := klines[i-2:]\n" + after, badSlice, ""},
		{"first turns that are left out enough", before + "for i := range klines {\n\tif i < 2 {\n\t\tcontinue\n\t}\n\tMARK around := klines[i-2:]\n" + after, badSlice, ""},
		{"turns that are left out by something else", before + "for i := range klines {\n\tif i < len(data.Symbol) {\n\t\tcontinue\n\t}\n\tMARK around := klines[:i+2]\n" + after, badSlice, ""},
		{"a window that fits", before + "for i := range klines {\n\tMARK around := klines[i:]\n" + after, badSlice, ""},
		{"another list", before + "ema := indicators.CalculateEMASeries(klines, 20)\nfor i := range klines {\n\tMARK around := ema[:i+2]\n\tsum += around[0]\n}\nreturn sum > 1e9", badSlice, ""},
	})
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
