package validate_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"filtermend/screener/internal/validate"
)

// row is a filter of testdata/truth, and why it is there.
type row struct{ name, reason, code string }

// truthRows reads a file of "=== name | reason" lines, each followed by a filter.
func truthRows(t *testing.T, file string) []row {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "truth", file))
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for _, part := range strings.Split("\n"+string(text), "\n=== ")[1:] {
		head, code, _ := strings.Cut(part, "\n")
		name, reason, _ := strings.Cut(head, " | ")
		rows = append(rows, row{name, reason, code})
	}
	return rows
}

// asPackage makes a Go file of a filter: of a body, by putting it into the
// function; a whole file stays what it is. Unused imports are the wrapper's
// affair, not the filter's.
func asPackage(code string) string {
	if rest, isFile := strings.CutPrefix(code, "package main"); isFile {
		return "package row" + rest
	}
	head := "package row\n" +
		"import (\"filtermend/screener/types\"; \"filtermend/screener/indicators\")\n" +
		"var _ types.Kline\nvar _ = indicators.CalculateVWAP\n"
	if strings.HasPrefix(code, "func evaluate") {
		return head + code
	}
	return head + "func evaluate(data *types.MarketData) bool {\n" + code + "\n}\n"
}

// rowFolder does not exist: the go command gets its content as an overlay.
const rowFolder = "internal/validate/rows"

var failedPackage = regexp.MustCompile(`(?m)^# filtermend/screener/` + rowFolder + `/(\d+)$`)

// goErrors builds all files, one package each, in one run of the go command,
// and tells which packages the Go compiler refuses.
func goErrors(t *testing.T, files []string) map[int]bool {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	replace := map[string]string{}
	for i, content := range files {
		real := filepath.Join(folder, fmt.Sprintf("%d.go", i))
		if err := os.WriteFile(real, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(root, rowFolder, fmt.Sprint(i), "row.go")] = real
	}
	overlay, _ := json.Marshal(map[string]any{"Replace": replace})
	list := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-overlay", list, "./"+rowFolder+"/...")
	build.Dir = root
	output, err := build.CombinedOutput()
	refused := map[int]bool{}
	for _, match := range failedPackage.FindAllStringSubmatch(string(output), -1) {
		var i int
		_, _ = fmt.Sscan(match[1], &i)
		refused[i] = true
	}
	if (err != nil) != (len(refused) > 0) {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	return refused
}

// TestTheVerdictIsTheGoCompilers compares each row's verdict with what `go
// build` says of the same filter. What a submission wraps around its body
// (fence, function, file) is peeled off for Go, which would not read it.
func TestTheVerdictIsTheGoCompilers(t *testing.T) {
	type claim struct {
		row
		goValid, valid bool
	}
	var claims []claim
	var files []string
	add := func(file string, goValid, valid bool) {
		for _, r := range truthRows(t, file) {
			claims = append(claims, claim{r, goValid, valid})
			code := r.code
			if file != "differences.txt" && isWrapped(code) {
				code = validate.Check(code).NormalizedCode
			}
			files = append(files, asPackage(code))
		}
	}
	add("valid.txt", true, true)
	add("invalid.txt", false, false)
	add("differences.txt", true, false)
	if len(claims) < 120 {
		t.Errorf("%d rows", len(claims))
	}
	refused := goErrors(t, files)
	names := map[string]bool{}
	for i, c := range claims {
		if names[c.name] {
			t.Errorf("two rows are named %q", c.name)
		}
		names[c.name] = true
		t.Run(c.name, func(t *testing.T) {
			if refused[i] == c.goValid {
				t.Errorf("Go's verdict is valid=%t: the row is in the wrong file", !refused[i])
			}
			report := validate.Check(c.code)
			if report.Valid != c.valid {
				t.Errorf("valid=%t, Go says valid=%t: %+v", report.Valid, !refused[i], report.Diagnostics)
			}
			if c.goValid != c.valid && c.reason == "" {
				t.Error("a difference needs its reason")
			}
		})
	}
}

func isWrapped(code string) bool {
	return strings.Contains(code, "```") || strings.HasPrefix(code, "package") || strings.HasPrefix(code, "func evaluate")
}
