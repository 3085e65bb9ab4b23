package candidate_test

import (
	"go/token"
	"strings"
	"testing"

	"filtermend/screener/internal/candidate"
)

func TestABodyCannotLeaveItsFunction(t *testing.T) {
	for name, body := range map[string]string{
		"init":     "return true\n}\nfunc init() {}\nfunc z() bool {\n\treturn true",
		"variable": "return true\n}\nvar x = func() bool {\n\treturn true\n}()\nfunc z() bool {\n\treturn true",
		"one line": "return true }; func init() {}; func z() bool { return true",
		"type":     "return true\n}\ntype T struct {",
		"import":   "return true\n}\nimport \"os\"\nfunc z() bool {\n\treturn true",
		"comment":  "return true /*",
		"raw text": "return `",
		"generics": "return true\n}\nfunc z[T any]() bool {\n\treturn true",
	} {
		t.Run(name, func(t *testing.T) {
			c, diagnostics := candidate.Normalise(body)
			if diagnostics == nil {
				_, diagnostics = c.Parse(token.NewFileSet())
			}
			if diagnostics == nil {
				t.Error("it got through")
			}
		})
	}
}

func TestLineDirectivesDoNotMoveTheBreakout(t *testing.T) {
	c, _ := candidate.Normalise("return true\n}\n//line other.go:1\nfunc init() {\n//line other.go:1")
	_, diagnostics := c.Parse(token.NewFileSet())
	if len(diagnostics) != 1 || diagnostics[0].Line != 4 {
		t.Errorf("diagnostics: %+v", diagnostics)
	}
}

func TestWhatTheLastBraceIsBlamedForBelongsToTheLastLine(t *testing.T) {
	c, _ := candidate.Normalise("if true {\n\treturn true\n\n\n")
	_, diagnostics := c.Parse(token.NewFileSet())
	if len(diagnostics) != 1 || diagnostics[0].Line != 2 || diagnostics[0].SourceLine != "\treturn true" {
		t.Errorf("diagnostics: %+v", diagnostics)
	}
}

func TestEndlessLinesAreClipped(t *testing.T) {
	c, _ := candidate.Normalise("return " + strings.Repeat("é+", 5000))
	_, diagnostics := c.Parse(token.NewFileSet())
	if len(diagnostics) == 0 || len(diagnostics[0].SourceLine) > 510 {
		t.Errorf("diagnostics: %d, first %d bytes", len(diagnostics), len(diagnostics[0].SourceLine))
	}
}
