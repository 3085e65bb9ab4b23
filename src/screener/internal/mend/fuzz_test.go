package mend

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filtermend/screener/internal/validate"
)

// largest keeps the fuzzer from bombs, which a worker's limits are for.
const largest = 2 << 10

// FuzzCompile: mending ends, its report is that of its text, what is valid
// stays as it is, and what was mended needs no more.
func FuzzCompile(f *testing.F) {
	for _, code := range truth(f) {
		f.Add(code)
	}
	for _, code := range []string{
		"x = (a ? (b ? 1 : 2) : c ? 3 : 4", "return a if b else", "a ? : b", "for (;;) {", "for x in range(", "++", "elif",
		"func f(a int) {", "func f(a int) { return f(1) }\nf(2)", "if (a) b = 1 else", "not", "x ** 2 ** 2", "let x =", "' ' '''", "}",
	} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		if len(code) > largest {
			return
		}
		before := validate.Check(code)
		text, changes, report := Compile(code)
		if len(changes) > maxChanges+maxPeels*3 {
			t.Errorf("%d changes", len(changes))
		}
		if before.Valid && (!report.Valid || text != before.NormalizedCode) {
			t.Errorf("a valid filter became %q, %+v", text, report)
		}
		if again := validate.Check(text); again.Valid != report.Valid || again.Valid && again.NormalizedCode != text {
			t.Errorf("%q: %+v, reported %+v", text, again, report)
		}
		for _, change := range changes {
			if change.Line < 1 || change.Message == "" {
				t.Errorf("change %+v", change)
			}
		}
	})
}

// truth are the filters of the truth table.
func truth(tb testing.TB) []string {
	files, err := filepath.Glob("../validate/testdata/truth/*.txt")
	if err != nil || len(files) == 0 {
		tb.Fatal("no truth table", err)
	}
	var found []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		for _, part := range strings.Split("\n"+string(text), "\n=== ")[1:] {
			_, code, _ := strings.Cut(part, "\n")
			found = append(found, code)
		}
	}
	return found
}
