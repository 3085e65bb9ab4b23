package mend_test

import (
	"testing"

	"filtermend/screener/internal/mend"
)

// ended is a filter that goes on for ever, what stands for its error, and what
// it is mended to; "" for what stays.
type ended struct{ name, before, error, after string }

// checkEnded does not run the filters before: they would not end.
func checkEnded(t *testing.T, tests []ended) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			line := 4
			if test.error == mend.EndlessRecursion {
				line = 0
			}
			got, change := mend.Guard(test.before, line, test.error)
			if test.after == "" {
				if change != nil {
					t.Errorf("change %+v:\n%s", change, got)
				}
				return
			}
			if got != test.after {
				t.Fatalf("got\n%s\nwant\n%s", got, test.after)
			}
			if change.Guard || change.Message == "" {
				t.Errorf("change %+v", change)
			}
			for i, result := range runs(t, got) {
				if result.Error != "" {
					t.Errorf("input %d: %s", i, result.Error)
				}
			}
		})
	}
}

func TestLoopsComeToTheirEnd(t *testing.T) {
	const begin = fiveMinutes + "i, n := 0, 0\n"
	const after = "\nreturn i > n"
	checkEnded(t, []ended{
		{"nothing counts", begin + "for i < len(klines) {\n\tif klines[i].Close > 1 {\n\t\tn++\n\t}\n}" + after, mend.EndlessLoop,
			begin + "for ; i < len(klines); i++ {\n\tif klines[i].Close > 1 {\n\t\tn++\n\t}\n}" + after},
		{"nothing counts down", fiveMinutes + "i, n := len(klines)-1, 0\nfor i > 0 {\n\tn += klines[i].Trades\n}" + after, mend.EndlessLoop,
			fiveMinutes + "i, n := len(klines)-1, 0\nfor ; i > 0; i-- {\n\tn += klines[i].Trades\n}" + after},
		{"a turn that ends early", begin + "for i < len(klines) {\n\tif klines[i].Volume == 0 {\n\t\tcontinue\n\t}\n\tn++\n\ti++\n}" + after, mend.EndlessLoop,
			begin + "for ; i < len(klines); i++ {\n\tif klines[i].Volume == 0 {\n\t\tcontinue\n\t}\n\tn++\n\n}" + after},
		{"the wrong way", begin + "for j := 0; j < len(klines); j-- {\n\tn++\n}" + after, mend.EndlessLoop,
			begin + "for j := 0; j < len(klines); j++ {\n\tn++\n}" + after},
		{"the wrong way from the end", begin + "for j := len(klines) - 1; j >= 0; j++ {\n\tn++\n}" + after, mend.EndlessLoop,
			begin + "for j := len(klines) - 1; j >= 0; j-- {\n\tn++\n}" + after},
		{"a stride of nothing", begin + "stride := len(klines) / 1000\nfor j := 0; j < len(klines); j += stride {\n\tn++\n}" + after, mend.EndlessLoop,
			begin + "stride := len(klines) / 1000\nif stride < 1 {\n\tstride = 1\n}\nfor j := 0; j < len(klines); j += stride {\n\tn++\n}" + after},
	})
}

func TestLoopsThatMayMeanSomethingElseStay(t *testing.T) {
	const begin = fiveMinutes + "i, n := 0, 0\n"
	const after = "\nreturn i > n"
	checkEnded(t, []ended{
		{"the bound moves", begin + "for i < n {\n\tn++\n}" + after, mend.EndlessLoop, ""},
		{"the counter is not used", begin + "for i < len(klines) {\n\tn++\n}" + after, mend.EndlessLoop, ""},
		{"some turns count", begin + "for i < len(klines) {\n\tif klines[i].Close > 1 {\n\t\ti++\n\t}\n}" + after, mend.EndlessLoop, ""},
		{"the wrong bound", begin + "for j := len(klines) - 1; j < len(klines); j-- {\n\tn++\n}" + after, mend.EndlessLoop, ""},
		{"no counter", begin + "for {\n\tn++\n}" + after, mend.EndlessLoop, ""},
		{"a step that is also a number", begin + "step := len(klines) / 1000\nfor j := step; j < len(klines); j += step {\n\tn += step\n}" + after, mend.EndlessLoop, ""},
	})
}

func TestRecursionsComeToTheirLastCase(t *testing.T) {
	const begin = "var f func(n int) int\nf = func(n int) int {\n\t"
	const after = "\n}\nreturn f(20) > 2"
	checkEnded(t, []ended{
		{"the same again", begin + "if n <= 0 {\n\t\treturn 0\n\t}\n\treturn 1 + f(n)" + after, mend.EndlessRecursion,
			begin + "if n <= 0 {\n\t\treturn 0\n\t}\n\treturn 1 + f(n-1)" + after},
		{"past the last case", begin + "if n == 1 {\n\t\treturn 1\n\t}\n\treturn f(n-1) + f(n-2)" + after, mend.EndlessRecursion,
			begin + "if n <= 1 {\n\t\treturn 1\n\t}\n\treturn f(n-1) + f(n-2)" + after},
		{"no last case", begin + "return f(n - 1)" + after, mend.EndlessRecursion, ""},
		{"one that comes to it", begin + "if n < 0 {\n\t\treturn 0\n\t}\n\treturn f(n - 1)" + after, mend.EndlessRecursion, ""},
	})
}

func TestNumbersWithAFallbackStayAtZero(t *testing.T) {
	const plain = "if price == 0 {\n\tprice = 100\n}\nreturn price > 99"
	checkNilRuns(t, "price := data.Ticker.LastPrice\n"+plain,
		"var price float64\nif data.Ticker != nil {\n\tprice = data.Ticker.LastPrice\n}\n"+plain)
}

// checkNilRuns: what had an answer has it still, and what had none has one.
func checkNilRuns(t *testing.T, before, after string) {
	t.Helper()
	got, change := mend.Guard(before, 1, "nil pointer dereference")
	if got != after || change.Guard {
		t.Fatalf("change %+v:\n%s", change, got)
	}
	mended := runs(t, got)
	for i, was := range runs(t, before) {
		if mended[i].Error != "" || was.Error == "" && was.Matched != mended[i].Matched {
			t.Errorf("input %d: was %+v, is %+v", i, was, mended[i])
		}
	}
}
