package mend_test

import (
	"strings"
	"testing"
	"time"

	"filtermend/screener/internal/candidate"
	"filtermend/screener/internal/interpreter"
	"filtermend/screener/internal/mend"
	"filtermend/screener/internal/replay"
	"filtermend/screener/internal/validate"
	"filtermend/screener/types"
)

const (
	badIndex    = "index out of range"
	badSlice    = "slice bounds out of range"
	badPointer  = "invalid memory address or nil pointer dereference"
	badDivision = "integer divide by zero"
	badMap      = "assignment to entry in nil map"
)

// guarded is a filter before and after; MARK is where the statement begins
// that panicked. An after of "" means that nothing is certain.
type guarded struct{ name, before, nativeError, after string }

// fiveMinutes begins a filter with the candles of an interval.
const fiveMinutes = "klines := data.Klines[\"5m\"]\n"

func checkGuarded(t *testing.T, tests []guarded) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			code, line := cutMark(test.before)
			got, change := mend.Guard(code, line, test.nativeError)
			if (change == nil) != (test.after == "") {
				t.Fatalf("change %+v:\n%s", change, got)
			}
			if change == nil {
				if got != code {
					t.Errorf("no change, but the text is\n%s", got)
				}
				return
			}
			if got != test.after {
				t.Errorf("got\n%s\nwant\n%s", got, test.after)
			}
			if change.Line != line || change.Message == "" {
				t.Errorf("change %+v, want line %d", change, line)
			}
			compareRuns(t, code, got)
		})
	}
}

// cutMark is a code without its mark, and the mark's line.
func cutMark(marked string) (code string, line int) {
	before, after, _ := strings.Cut(marked, "MARK ")
	return before + after, 1 + strings.Count(before, "\n")
}

// compareRuns: what ran through answers as before, what panicked does not match.
func compareRuns(t *testing.T, before, after string) {
	t.Helper()
	mended := runs(t, after)
	for i, old := range runs(t, before) {
		name := replay.Samples()[i].Name
		switch {
		case old.Error == "" && (mended[i].Error != "" || mended[i].Matched != old.Matched):
			t.Errorf("%s: was %+v, is %+v", name, old, mended[i])
		case old.Error != "" && mended[i].Error == "" && mended[i].Matched:
			t.Errorf("%s: panicked, and now matches", name)
		}
	}
}

// runs are the results of a code on all samples.
func runs(t *testing.T, code string) []replay.Result {
	t.Helper()
	filter, c := load(t, code)
	var results []replay.Result
	for place := range replay.Samples() {
		results = append(results, replay.Run(filter, c, replay.SampleData(place), time.Second))
	}
	return results
}

func run(t *testing.T, code string, data types.MarketData) replay.Result {
	t.Helper()
	filter, c := load(t, code)
	return replay.Run(filter, c, data, time.Second)
}

func load(t *testing.T, code string) (*interpreter.Filter, candidate.Candidate) {
	t.Helper()
	report, c := validate.Prepare(code)
	if !report.Valid {
		t.Fatalf("it does not compile: %+v\n%s", report.Diagnostics, code)
	}
	filter, err := interpreter.Load(c.Program(), candidate.Name)
	if err != nil {
		t.Fatal(err)
	}
	return filter, c
}

func TestLengthsAreCheckedBeforeTheStatement(t *testing.T) {
	const short20 = "if len(klines) < 20 {\n\treturn false\n}\n"
	checkGuarded(t, []guarded{
		{"from the end", fiveMinutes + "MARK return klines[len(klines)-20].Close > 100", badIndex,
			fiveMinutes + short20 + "return klines[len(klines)-20].Close > 100"},
		{"the largest of several", fiveMinutes + "MARK return klines[len(klines)-1].Close > klines[len(klines)-20].Close", badIndex,
			fiveMinutes + short20 + "return klines[len(klines)-1].Close > klines[len(klines)-20].Close"},
		{"from the front", fiveMinutes + "MARK x := klines[19].Close\nreturn x > 100", badIndex,
			fiveMinutes + short20 + "x := klines[19].Close\nreturn x > 100"},
		{"length in a variable", fiveMinutes + "n := len(klines)\nMARK return klines[n-20].Close > 100", badIndex,
			fiveMinutes + "n := len(klines)\n" + short20 + "return klines[n-20].Close > 100"},
		{"last and lookback in variables", fiveMinutes + "last := len(klines) - 1\nlookback := 19\nMARK x := klines[last-lookback]\nreturn x.Close > 100", badIndex,
			fiveMinutes + "last := len(klines) - 1\nlookback := 19\n" + short20 + "x := klines[last-lookback]\nreturn x.Close > 100"},
		{"an interval directly", "MARK return data.Klines[\"5m\"][len(data.Klines[\"5m\"])-1].Close > 100", badIndex,
			"if len(data.Klines[\"5m\"]) == 0 {\n\treturn false\n}\nreturn data.Klines[\"5m\"][len(data.Klines[\"5m\"])-1].Close > 100"},
		{"an interval by two names", "n := len(data.Klines[\"5m\"])\nk := data.Klines[\"5m\"]\nMARK return k[n-20].Close > 100", badIndex,
			"n := len(data.Klines[\"5m\"])\nk := data.Klines[\"5m\"]\nif len(k) < 20 {\n\treturn false\n}\nreturn k[n-20].Close > 100"},
		{"a slice of the last", fiveMinutes + "MARK recent := klines[len(klines)-20:]\nreturn len(recent) > 100", badSlice,
			fiveMinutes + short20 + "recent := klines[len(klines)-20:]\nreturn len(recent) > 100"},
		{"a slice of the first", fiveMinutes + "MARK for _, k := range klines[:20] {\n\tif k.Close > 1000 {\n\t\treturn true\n\t}\n}\nreturn false", badSlice,
			fiveMinutes + short20 + "for _, k := range klines[:20] {\n\tif k.Close > 1000 {\n\t\treturn true\n\t}\n}\nreturn false"},
		{"a slice between both ends", fiveMinutes + "MARK return len(klines[5:len(klines)-15]) > 100", badSlice,
			fiveMinutes + short20 + "return len(klines[5:len(klines)-15]) > 100"},
		{"an argument", fiveMinutes + "MARK high := indicators.GetHighestHigh(klines[:len(klines)-1], 20)\nreturn high != nil && *high > 100", badSlice,
			fiveMinutes + "if len(klines) == 0 {\n\treturn false\n}\nhigh := indicators.GetHighestHigh(klines[:len(klines)-1], 20)\nreturn high != nil && *high > 100"},
		{"if condition", fiveMinutes + "MARK if klines[len(klines)-20].Close > 100 {\n\treturn true\n}\nreturn false", badIndex,
			fiveMinutes + short20 + "if klines[len(klines)-20].Close > 100 {\n\treturn true\n}\nreturn false"},
		{"two lists", fiveMinutes + "hours := data.Klines[\"1h\"]\nMARK return klines[len(klines)-2].Close > hours[len(hours)-5].Close", badIndex,
			fiveMinutes + "hours := data.Klines[\"1h\"]\nif len(klines) < 2 || len(hours) < 5 {\n\treturn false\n}\nreturn klines[len(klines)-2].Close > hours[len(hours)-5].Close"},
		{"inside a fence", "```go\n" + fiveMinutes + "MARK return klines[len(klines)-20].Close > 100\n```", badIndex,
			fiveMinutes + short20 + "return klines[len(klines)-20].Close > 100"},
		{"in a block", fiveMinutes + "if len(klines) > 0 {\n\tMARK return klines[len(klines)-20].Close > 100\n}\nreturn false", badIndex,
			fiveMinutes + "if len(klines) > 0 {\n\tif len(klines) < 20 {\n\t\treturn false\n\t}\n\treturn klines[len(klines)-20].Close > 100\n}\nreturn false"},
		{"a period that may vary", fiveMinutes + "period := 20\nif len(klines) > 100 {\n\tperiod = 30\n}\nMARK return klines[len(klines)-period].Close > 100", badIndex,
			fiveMinutes + "period := 20\nif len(klines) > 100 {\n\tperiod = 30\n}\nif len(klines) < period {\n\treturn false\n}\nreturn klines[len(klines)-period].Close > 100"},
		{"a string", "MARK return data.Symbol[len(data.Symbol)-40:] == \"USDT\"", badSlice,
			"if len(data.Symbol) < 40 {\n\treturn false\n}\nreturn data.Symbol[len(data.Symbol)-40:] == \"USDT\""},
	})
}

func TestHintsSayHowToGuard(t *testing.T) {
	for _, test := range []struct{ code, nativeError, hint string }{
		{"klines := data.Klines[\"5m\"]; x := klines[len(klines)-20]; return x.Close > 1", badIndex, "klines may be shorter than 20: before this line, if len(klines) < 20 { return false }"},
		{"return data.Symbol != \"X\" && data.Ticker.LastPrice > 1", badPointer, "data.Ticker may be nil: check data.Ticker != nil in front of its use"},
		{"return len(data.Klines) > 3", badIndex, ""},
	} {
		if got, _ := mend.GuardHint(test.code, 1, test.nativeError); got != test.hint {
			t.Errorf("%s: %q, want %q", test.code, got, test.hint)
		}
	}
}

func TestWhatIsNotCertainStaysAsItIs(t *testing.T) {
	checkGuarded(t, []guarded{
		{"a panic that is recovered", fiveMinutes + "defer func() { recover() }()\nMARK return klines[len(klines)-20].Close > 100", badIndex, ""},
		{"another error", fiveMinutes + "MARK return klines[len(klines)-20].Close > 100", "filter execution timed out", ""},
		{"no such line", fiveMinutes + "return klines[len(klines)-20].Close > 100\nMARK ", badIndex, ""},
		{"what does not compile", "MARK return klines[len(klines)-20].Close > 100", badIndex, ""},
		{"a map", "m := map[int]int{}\nMARK return m[len(m)-1] > 3", badIndex, ""},
	})
}
