package mend_test

import (
	"strings"
	"testing"

	"filtermend/screener/internal/mend"
)

func TestHintsNameWhatKeepsALoopFromEnding(t *testing.T) {
	const begin = "klines := data.Klines[\"5m\"]\ni, n := 0, len(klines)\n"
	for code, want := range map[string]string{
		"for i < n {\n\tif klines[i].Close > 1 {\n\t\tn++\n\t}\n}":                       "",
		"for i < len(klines) {\n\tn++\n}":                                                "nothing in the loop of line 3 changes i, which its condition asks for: change it in every turn, i++",
		"for n > 0 {\n\ti++\n}":                                                          "nothing in the loop of line 3 changes n, which its condition asks for: change it in every turn, n--",
		"for i < len(klines) {\n\tif klines[i].Close > 1 {\n\t\ti++\n\t}\n}":             "the loop of line 3 changes i, which its condition asks for, in some turns only: change it in every turn, or break",
		"for j := 0; j < len(klines); j-- {\n\tn++\n}":                                   "in the loop of line 3 j moves away from where it ends: j++",
		"for {\n\tn++\n}":                                                                "the loop of line 3 has no condition and no break: say when it ends",
		"for {\n\tif n > 3 {\n\t\tbreak\n\t}\n}":                                         "",
		"for i < len(klines) {\n\ti++\n}":                                                "",
		"for _, k := range klines {\n\tfor i < len(klines) {\n\t\tn += k.Trades\n\t}\n}": "nothing in the loop of line 4 changes i, which its condition asks for: change it in every turn, i++",
	} {
		if got := mend.EndlessHint(begin+code+"\nreturn i > n", 4); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

func TestHintsNameWhatRecursionLacks(t *testing.T) {
	const begin = "var f func(n int) int\nf = func(n int) int {\n"
	for body, want := range map[string]string{
		"return n + f(n-1)": "f calls itself in line 3, and no case ends it: begin it with if n <= 0 { return ... }",
		"if n == 1 {\n\t\treturn 1\n\t}\n\treturn f(n-1) + f(n-2)": "f calls itself in line 6 with n-1, which may pass by its last case n == 1: ask for n <= 1 there",
		"return f(n)": "f calls itself in line 3, and no case ends it: return before that when nothing is left to do",
		"if n <= 1 {\n\t\treturn 1\n\t}\n\treturn f(n-1)": "",
		"return n": "",
	} {
		if got := mend.RecursionHint(begin + "\t" + body + "\n}\nreturn f(3) > 2"); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

func TestHintsNameSeriesOfDifferentLengths(t *testing.T) {
	const begin = "klines := data.Klines[\"5m\"]\nema := indicators.CalculateEMASeries(klines, 20)\n"
	for code, want := range map[string]string{
		"return klines[0].Close > ema[len(ema)-1]/data.Ticker.LastPrice":                       "klines may be empty",
		"x := 7; y := ema[x]; x++; return y > 3":                                               "",
		"return ema[len(klines)-1] > 3":                                                        "ema begins 19 candles later than klines",
		"n := len(klines); return ema[n-1] > 3":                                                "ema begins 19 candles later than klines",
		"h := data.Klines[\"1h\"]; return ema[len(h)-1] > 3":                                   "len(ema) is not len(h)",
		"for i := range klines {\nif ema[i] > 3 {\nreturn true\n}\n}\nreturn false":            "the loop goes as far as klines is long, and len(ema) may be less",
		"for i := 0; i < len(klines); i++ {\nif ema[i] > 3 {\nreturn true\n}\n}\nreturn false": "the loop goes as far as klines is long, and len(ema) may be less",
	} {
		line := 3 + strings.Count(code[:strings.Index(code, "ema[")], "\n")
		if got, _ := mend.GuardHint(begin+code, line, badIndex); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

func TestARecursionThatLeavesItsSeriesIsNamed(t *testing.T) {
	const code = "klines := data.Klines[\"5m\"]\nvar f func(n int) float64\nf = func(n int) float64 {\n\treturn klines[n].Close + f(n-1)\n}\nreturn f(3) > 2"
	if got, _ := mend.GuardHint(code, 4, badIndex); !strings.HasPrefix(got, "f calls itself in line 4, and no case ends it") {
		t.Errorf("hint %q", got)
	}
}
