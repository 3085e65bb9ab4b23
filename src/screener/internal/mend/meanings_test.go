package mend

import (
	"strings"
	"testing"

	"filtermend/screener/internal/validate"
)

// mending is a filter before and after; an empty after is the same as before.
type mending struct{ name, before, after string }

// check mends each filter, and insists that what was mended compiles.
func check(t *testing.T, mendings []mending) {
	t.Helper()
	for _, m := range mendings {
		t.Run(m.name, func(t *testing.T) {
			t.Helper()
			want := strings.TrimSpace(m.after)
			if want == "" {
				want = strings.TrimSpace(m.before)
			}
			text, changes, report := Compile(m.before)
			if got := strings.TrimSpace(report.NormalizedCode); got != want {
				t.Errorf("got:\n%s\nwant:\n%s\nchanges: %+v\ndiagnostics: %+v", got, want, changes, report.Diagnostics)
			}
			if again := validate.Check(text); again.Valid != (m.after != "") {
				t.Errorf("valid: %v, %+v", again.Valid, again.Diagnostics)
			}
			if m.after == "" && len(changes) > 0 {
				t.Errorf("changes: %+v", changes)
			}
		})
	}
}
