package mend_test

import "testing"

const badSize = "makeslice: len out of range"

func TestSizesOfListsAreChecked(t *testing.T) {
	const short20, answer = "if len(klines) < 20 {\n\treturn false\n}\n", "return len(made) > 300"
	const short = "if len(klines) < 5 {\n\treturn false\n}\n"
	checkGuarded(t, []guarded{
		{"a length less a number", fiveMinutes + "MARK made := make([]float64, len(klines)-20)\n" + answer, badSize,
			fiveMinutes + short20 + "made := make([]float64, len(klines)-20)\n" + answer},
		{"a capacity", fiveMinutes + "MARK made := make([]float64, 0, len(klines)-20)\n" + answer, badSize,
			fiveMinutes + short20 + "made := make([]float64, 0, len(klines)-20)\n" + answer},
		{"length and period in variables", fiveMinutes + "n := len(klines)\nperiod := 20\nMARK made := make([]float64, n-period)\n" + answer, badSize,
			fiveMinutes + "n := len(klines)\nperiod := 20\n" + short20 + "made := make([]float64, n-period)\n" + answer},
		{"and one more", fiveMinutes + "n := len(klines)\nMARK made := make([]float64, n-20+1)\n" + answer, badSize,
			fiveMinutes + "n := len(klines)\nif len(klines) < 19 {\n\treturn false\n}\nmade := make([]float64, n-20+1)\n" + answer},
		{"a period that may vary", fiveMinutes + "period := 20\nif len(klines) > 100 {\n\tperiod = 30\n}\nMARK made := make([]float64, len(klines)-period)\n" + answer, badSize,
			fiveMinutes + "period := 20\nif len(klines) > 100 {\n\tperiod = 30\n}\nif len(klines) < period {\n\treturn false\n}\nmade := make([]float64, len(klines)-period)\n" + answer},
		{"a check that was too weak", fiveMinutes + short + "MARK made := make([]float64, len(klines)-20)\n" + answer, badSize,
			fiveMinutes + short20 + "made := make([]float64, len(klines)-20)\n" + answer},
		{"an interval without a name", "MARK made := make([]float64, len(data.Klines[\"5m\"])-20)\n" + answer, badSize,
			"if len(data.Klines[\"5m\"]) < 20 {\n\treturn false\n}\nmade := make([]float64, len(data.Klines[\"5m\"])-20)\n" + answer},
		{"in a condition", fiveMinutes + "MARK return data.Symbol != \"X\" && len(make([]int, len(klines)-20)) > 300", badSize,
			fiveMinutes + "return data.Symbol != \"X\" && len(klines) >= 20 && len(make([]int, len(klines)-20)) > 300"},

		{"not a map", fiveMinutes + "MARK made := make(map[int]int, len(klines)-20)\n" + answer, badSize, ""},
		{"not always negative", "MARK made := make([]int, len(data.Klines)*0-3)\nreturn len(made) > 3", badSize, ""},
		{"not when the name means another", fiveMinutes + "n := len(klines)\nif n > 0 || n == 0 {\n\tklines := data.Klines[\"1h\"]\n\tMARK made := make([]float64, n-20)\n\treturn len(made) > len(klines)\n}\nreturn false", badSize, ""},
		{"not a float's value", fiveMinutes + "MARK made := make([]float64, int(klines[0].Close)-5000)\n" + answer, badSize, ""},
	})
}
