package candidate

import (
	"go/token"
	"strings"
	"testing"
)

// FuzzNormalise: the body is a part of what was submitted, and keeps its lines
// and columns in the program.
func FuzzNormalise(f *testing.F) {
	for _, submission := range []string{
		"return true",
		"```go\nreturn true\n```",
		"Sure:\n```\nx := 1\nreturn x > 0\n```\nDone.",
		"func evaluate(data *types.MarketData) bool { return true }",
		"package main; import \"a/types\"; func evaluate(data *types.MarketData) bool {\n\treturn true\n}",
		"import (\n\"a/types\"\n)\nreturn true",
		"return true\n}\nfunc init() {",
		"//line x:0\nreturn true",
		"/* open",
		"\ufeffpackage main\n",
		"\r\n\t return `\r\n`",
		"```go\n```go\nreturn true",
	} {
		f.Add(submission)
	}
	f.Fuzz(func(t *testing.T, submission string) {
		c, diagnostics := Normalise(submission)
		if !strings.Contains(submission, c.body.text) {
			t.Errorf("body %q is no part of it", c.body.text)
		}
		c.Formatted()
		program := strings.Split(c.Program(), "\n")
		if first, _, _ := strings.Cut(c.body.text, "\n"); !strings.HasPrefix(program[c.body.line][c.body.column-1:], first) {
			t.Errorf("line %d of the program is %q, want %q from column %d", c.body.line+1, program[c.body.line], first, c.body.column)
		}
		if diagnostics != nil {
			return
		}
		file, diagnostics := c.Parse(token.NewFileSet())
		for _, d := range diagnostics {
			if d.Line < 0 || d.Line > len(c.submitted) || d.SourceLine != c.SourceLine(d.Line) {
				t.Errorf("diagnostic %+v", d)
			}
		}
		if diagnostics == nil && len(file.Decls) != 2 {
			t.Errorf("%d declarations", len(file.Decls))
		}
	})
}
