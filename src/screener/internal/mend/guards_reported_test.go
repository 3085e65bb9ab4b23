package mend_test

import (
	"reflect"
	"testing"

	"filtermend/screener/internal/mend"
)

// The words of the interpreter for errors.
const (
	saysIndex   = "reflect: slice index out of range"
	saysSlice   = "reflect.Value.Slice: slice index out of bounds"
	saysPointer = "reflect: call of reflect.Value.Field on zero Value"
)

func TestReportedErrorsAreRead(t *testing.T) {
	for _, test := range []struct {
		message string
		want    mend.Reported
	}{
		{saysIndex, mend.Reported{NativeError: badIndex}},
		{"panic: runtime error: index out of range [19] with length 3", mend.Reported{NativeError: badIndex}},
		{saysSlice, mend.Reported{NativeError: badSlice}},
		{"runtime error: slice bounds out of range [-20:]", mend.Reported{NativeError: badSlice}},
		{saysPointer, mend.Reported{NativeError: "nil pointer dereference"}},
		{"filter failed: 5:12: panic: runtime error: " + badPointer, mend.Reported{NativeError: "nil pointer dereference", Lines: []int{5}}},
		{"panic at line 12: " + badMap, mend.Reported{NativeError: badMap, Lines: []int{12}}},
		{"runtime error: integer divide by zero\n\nmain.evaluate(...)\n\tfilter.go:7\n", mend.Reported{NativeError: badDivision, Lines: []int{7}}},
		{"2026/01/15 12:30:05 " + saysIndex, mend.Reported{NativeError: badIndex}},
		{"reflect.MakeSlice: negative len", mend.Reported{NativeError: "makeslice"}},
		{"filter execution timed out after 1s", mend.Reported{}},
		{"filter execution timed out after 1s\nline: 14: box++\nsymbol: X", mend.Reported{NativeError: mend.EndlessLoop, Lines: []int{14}}},
		{"", mend.Reported{}},
	} {
		if got := mend.ReadError(test.message); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%q: %+v, want %+v", test.message, got, test.want)
		}
	}
}

// reported is a filter before and after an error was reported. An after of ""
// means that it must stay as it is.
type reported struct {
	name, message, before, after string
	changes                      int
}

func TestWhatMayHaveFailedIsGuarded(t *testing.T) {
	const no2, no20 = "if len(klines) < 2 {\n\treturn false\n}\n", "if len(klines) < 20 {\n\treturn false\n}\n"
	const last, recent = "last := klines[len(klines)-2].Close\n", "recent := klines[len(klines)-20:]\n"
	const answer = "return last > float64(len(recent))"
	const closes = "closes := []float64{}\nfor _, k := range klines {\n\tcloses = append(closes, k.Close)\n}\n"
	const vote = "votes := 0\nfor _, name := range []string{\"5m\", \"1h\"} {\n\tks := data.Klines[name]\n" +
		"\tif ks[len(ks)-1].Close > ks[len(ks)-2].Close {\n\t\tvotes++\n\t}\n}\nreturn votes > 1 && last > 3"
	checkReported(t, []reported{
		{"an index", saysIndex, fiveMinutes + last + recent + answer, fiveMinutes + no2 + last + recent + answer, 1},
		{"a slice", saysSlice, fiveMinutes + last + recent + answer, fiveMinutes + last + no20 + recent + answer, 1},
		{"two intervals", saysIndex,
			fiveMinutes + last + "hours := data.Klines[\"1h\"]\nreturn last > hours[len(hours)-1].Close",
			fiveMinutes + no2 + last + "hours := data.Klines[\"1h\"]\nif len(hours) == 0 {\n\treturn false\n}\nreturn last > hours[len(hours)-1].Close", 2},
		{"pointers, one is checked", saysPointer,
			emaOf5m + "rsi := indicators.GetLatestRSI(klines, 14)\nif rsi == nil {\n\treturn false\n}\nreturn *ema > 100 && *rsi > 3 && data.Ticker.LastPrice > 1",
			emaOf5m + "rsi := indicators.GetLatestRSI(klines, 14)\nif rsi == nil {\n\treturn false\n}\nif ema == nil || data.Ticker == nil {\n\treturn false\n}\nreturn *ema > 100 && *rsi > 3 && data.Ticker.LastPrice > 1", 1},
		{"both in one statement", saysPointer,
			emaOf5m + "rsi := indicators.GetLatestRSI(klines, 14)\nreturn *ema > 1e9 || *rsi > 300",
			emaOf5m + "rsi := indicators.GetLatestRSI(klines, 14)\nif ema == nil {\n\treturn false\n}\nreturn *ema > 1e9 || (rsi != nil && *rsi > 300)", 2},
		{"only the line that it names", "line 3: " + saysIndex,
			fiveMinutes + last + "return last > klines[len(klines)-3].Close",
			fiveMinutes + last + "if len(klines) < 3 {\n\treturn false\n}\nreturn last > klines[len(klines)-3].Close", 1},
		{"all when no guard fits the line", "line 1: " + saysIndex, fiveMinutes + last + "return last > 3", fiveMinutes + no2 + last + "return last > 3", 1},
		{"once for a list that grew", saysIndex, fiveMinutes + closes + "return closes[len(closes)-1] > 100",
			fiveMinutes + closes + "if len(closes) == 0 {\n\treturn false\n}\nreturn closes[len(closes)-1] > 100", 1},
		{"a division by a length", "integer divide by zero", fiveMinutes + "return 100/len(klines) > 3",
			fiveMinutes + "if len(klines) == 0 {\n\treturn false\n}\nreturn 100/len(klines) > 3", 1},
		{"a nil map", badMap, "var m map[string]int\nm[\"a\"] = 1\nreturn m[\"a\"] > 3", "m := map[string]int{}\nm[\"a\"] = 1\nreturn m[\"a\"] > 3", 1},
		{"beside a helper that checks", saysIndex,
			"mean := func(ks []types.Kline, n int) float64 {\n\tif len(ks) < n {\n\t\treturn 0\n\t}\n\treturn ks[len(ks)-n].Close\n}\n" + fiveMinutes + last + "return last > mean(klines, 5)",
			"mean := func(ks []types.Kline, n int) float64 {\n\tif len(ks) < n {\n\t\treturn 0\n\t}\n\treturn ks[len(ks)-n].Close\n}\n" + fiveMinutes + no2 + last + "return last > mean(klines, 5)", 1},

		{"a size", badSize, fiveMinutes + "made := make([]int, len(klines)-20)\nreturn len(made) > 300",
			fiveMinutes + "if len(klines) < 20 {\n\treturn false\n}\nmade := make([]int, len(klines)-20)\nreturn len(made) > 300", 1},
		{"a nil map inside", badMap, "m := map[string]map[string]int{}\nm[\"a\"][\"b\"] = 1\nreturn len(m) > 3",
			"m := map[string]map[string]int{}\nif m[\"a\"] == nil {\n\tm[\"a\"] = map[string]int{}\n}\nm[\"a\"][\"b\"] = 1\nreturn len(m) > 3", 1},

		{"all is checked", saysIndex, fiveMinutes + no2 + last + "return last > 3", "", 0},
		{"a list that grew is checked", saysIndex, fiveMinutes + closes + "if len(closes) < 2 {\n\treturn false\n}\nreturn len(closes) > 0 && closes[len(closes)-2] > 100", "", 0},
		{"a number is checked", badDivision, fiveMinutes + "up := 0\nfor range klines {\n\tup++\n}\nif up == 0 {\n\treturn false\n}\nreturn 700/up > 3 && len(klines) > 0 && 7/len(klines) > 3", "", 0},
		{"a number is checked, a length is not", badDivision, fiveMinutes + "up := 0\nfor range klines {\n\tup++\n}\nif up == 0 {\n\treturn false\n}\nreturn 700/up > 3 && 7/len(klines) > 3",
			fiveMinutes + "up := 0\nfor range klines {\n\tup++\n}\nif up == 0 {\n\treturn false\n}\nif len(klines) == 0 {\n\treturn false\n}\nreturn 700/up > 3 && 7/len(klines) > 3", 1},
		{"beside an element's address", saysIndex, fiveMinutes + "var best *float64\nfor i := range klines {\n\tbest = &klines[i].Close\n}\nreturn best != nil && klines[1].Close > *best",
			fiveMinutes + "var best *float64\nfor i := range klines {\n\tbest = &klines[i].Close\n}\nreturn best != nil && len(klines) >= 2 && klines[1].Close > *best", 1},
		{"checked too early", saysIndex, fiveMinutes + "rest := klines\nif len(rest) < 2 {\n\treturn false\n}\nrest = rest[2:]\nreturn rest[len(rest)-1].Close > 100",
			fiveMinutes + "rest := klines\nif len(rest) < 2 {\n\treturn false\n}\nrest = rest[2:]\nif len(rest) == 0 {\n\treturn false\n}\nreturn rest[len(rest)-1].Close > 100", 1},
		{"checked before a loop that changes it", saysIndex,
			fiveMinutes + "rest := klines\nif len(rest) < 2 {\n\treturn false\n}\nfor i := 0; i < 9; i++ {\n\tif rest[0].Close < 1 {\n\t\treturn false\n\t}\n\trest = rest[:len(rest)/2]\n}\nreturn len(rest) > 3",
			fiveMinutes + "rest := klines\nif len(rest) < 2 {\n\treturn false\n}\nfor i := 0; i < 9; i++ {\n\tif len(rest) == 0 {\n\t\treturn false\n\t}\n\tif rest[0].Close < 1 {\n\t\treturn false\n\t}\n\trest = rest[:len(rest)/2]\n}\nreturn len(rest) > 3", 1},
		{"changed by its address", saysIndex, fiveMinutes + "n := &klines\nif len(klines) < 2 {\n\treturn false\n}\n*n = nil\nreturn klines[0].Close > 100", "", 0},
		{"one is open", saysIndex, fiveMinutes + last + vote, "", 0},
		{"the named one is open", "line 6: " + saysIndex, fiveMinutes + last + vote, "", 0},
		{"one cannot be guarded", saysIndex, "f := func(ks []types.Kline) float64 { return ks[len(ks)-9].Close }\n" + fiveMinutes + last + "return last > f(klines)", "", 0},
		{"another error", "filter execution timed out after 1s", fiveMinutes + last + "return last > 3", "", 0},
		{"another kind", saysPointer, fiveMinutes + last + "return last > 3", "", 0},
		{"what it recovers from", saysIndex, "defer func() { recover() }()\n" + fiveMinutes + last + "return last > 3", "", 0},
		{"a pointer that is never nil", saysPointer, "type pair struct{ a, b float64 }\np := &pair{1, 2}\nreturn p.a > p.b", "", 0},
	})
}

func checkReported(t *testing.T, tests []reported) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, changes := mend.GuardReported(test.before, mend.ReadError(test.message))
			want := test.after
			if want == "" {
				want = test.before
			}
			if got != want || len(changes) != test.changes {
				t.Errorf("changes %+v, got\n%s\nwant\n%s", changes, got, want)
			}
			for _, change := range changes {
				if change.Line == 0 || change.Message == "" {
					t.Errorf("change %+v", change)
				}
			}
			compareRuns(t, test.before, got)
		})
	}
}

// TestLoopsThatTimedOutElsewhereAreMended: only the one that is named.
func TestLoopsThatTimedOutElsewhereAreMended(t *testing.T) {
	const code = "low, high, n := 1.0, data.Ticker.LastPrice, 0\nsize := (high - low) / 10\nfor edge := low; edge <= high; edge += size {\n\tn++\n}\nfor i := n; i > 0; i-- {\n\tn++\n}\nreturn n > 3"
	for line, count := range map[int]int{3: 1, 4: 1, 7: 0, 9: 0} {
		text, changes := mend.GuardReported(code, mend.Reported{NativeError: mend.EndlessLoop, Lines: []int{line}})
		if len(changes) != count || (text == code) != (count == 0) {
			t.Errorf("line %d: %+v:\n%s", line, changes, text)
		}
	}
	if _, changes := mend.GuardReported(code, mend.Reported{NativeError: mend.EndlessLoop}); len(changes) > 0 {
		t.Errorf("no line: %+v", changes)
	}
}
