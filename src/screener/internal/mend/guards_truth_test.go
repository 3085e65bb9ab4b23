package mend_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"filtermend/screener/internal/mend"
	"filtermend/screener/internal/replay"
	"filtermend/screener/internal/validate"
)

// giveUp is a check as filters have them.
var giveUp = regexp.MustCompile(`(?m)^\s*if [^\n]*\{\n\s*return false\n\s*\}\n`)

// TestFiltersGetTheirChecksBack takes the checks out of filters that work, and
// guards them until no sample makes them panic or nothing is certain.
func TestFiltersGetTheirChecksBack(t *testing.T) {
	filters, err := os.ReadFile("../validate/testdata/truth/valid.txt")
	if err != nil {
		t.Fatal(err)
	}
	bare, mended := 0, 0
	for _, filter := range strings.Split(string(filters), "\n=== ") {
		name, code, _ := strings.Cut(filter, "\n")
		whole := code + "\n"
		code = giveUp.ReplaceAllString(whole, "")
		if code == whole || !validate.Check(code).Valid || panics(t, code) == nil {
			continue
		}
		bare++
		guarded := code
		for range 12 {
			fault := panics(t, guarded)
			if fault == nil {
				mended++
				break
			}
			next, change := mend.Guard(guarded, fault.Line, fault.NativeError)
			if change == nil {
				t.Logf("%s: nothing certain about %q: %s", name, fault.SourceLine, fault.NativeError)
				break
			}
			guarded = next
		}
		t.Run(name, func(t *testing.T) { compareRuns(t, code, guarded) })
	}
	if bare < 10 || mended < bare*3/4 {
		t.Errorf("%d of %d filters are mended", mended, bare)
	}
}

// TestGuardsAgainstReportedErrorsChangeNoRun is about filters that work, also
// without their checks: an error that is reported of them costs no run that
// ends well its answer.
func TestGuardsAgainstReportedErrorsChangeNoRun(t *testing.T) {
	filters, err := os.ReadFile("../validate/testdata/truth/valid.txt")
	if err != nil {
		t.Fatal(err)
	}
	guarded := 0
	for _, filter := range strings.Split("\n"+string(filters), "\n=== ")[1:] {
		name, whole, _ := strings.Cut(filter, "\n")
		bare := giveUp.ReplaceAllString(whole+"\n", "")
		for _, message := range []string{saysIndex, saysSlice, saysPointer, badMap, badDivision} {
			for _, code := range []string{whole, bare} {
				text, changes := mend.GuardReported(code, mend.ReadError(message))
				if len(changes) > 0 {
					guarded++
					t.Run(name+": "+message, func(t *testing.T) { compareRuns(t, code, text) })
				}
			}
		}
	}
	if guarded < 30 {
		t.Errorf("only %d are guarded", guarded)
	}
}

// panics is the first result that is a panic, or nil.
func panics(t *testing.T, code string) *replay.Result {
	t.Helper()
	for _, result := range runs(t, code) {
		if result.ErrorType == replay.Panic {
			return &result
		}
	}
	return nil
}
