package candidate_test

import (
	"go/token"
	"strings"
	"testing"

	"filtermend/screener/internal/candidate"
)

func TestTheBodyIsFoundInEveryForm(t *testing.T) {
	const body = "klines := data.Klines[\"5m\"]\nif len(klines) == 0 {\n\treturn false\n}\nreturn true\n"
	indented := "\tklines := data.Klines[\"5m\"]\n\tif len(klines) == 0 {\n\t\treturn false\n\t}\n\treturn true\n"
	function := "func evaluate(data *types.MarketData) bool {\n" + indented + "}\n"
	imports := "import (\n\t\"example.com/screener/pkg/types\"\n\t\"example.com/screener/pkg/indicators\"\n)\n\n"
	for name, submission := range map[string]string{
		"body":                   body,
		"indented body":          indented,
		"badly formatted":        "klines:=data.Klines[\"5m\"]\nif len(klines)==0{\nreturn false\n}\nreturn true",
		"windows line ends":      strings.ReplaceAll(body, "\n", "\r\n"),
		"byte order mark":        "\ufeff" + body,
		"fence":                  "```go\n" + body + "```",
		"fence with prose":       "Here is the fix:\n\n```go\n" + body + "```\nIt checks the length.",
		"fence without language": "```\n" + body + "```",
		"fence not closed":       "```go\n" + body,
		"indented fence":         "  ```go\n" + indented + "  ```",
		"function":               function,
		"function, other name":   strings.Replace(function, "evaluate", "Filter", 1),
		"function with comment":  "// evaluate looks at candles.\n" + function,
		"file":                   "package main\n\n" + imports + function,
		"file without imports":   "package filter\n" + function,
		"function after imports": imports + function,
		"body after an import":   "import \"example.com/types\"\n" + body,
		"import on one line":     "import \"example.com/types\"; " + body,
		"file in a fence":        "```go\npackage main\n\n" + imports + function + "```\n",
	} {
		t.Run(name, func(t *testing.T) {
			c, diagnostics := candidate.Normalise(submission)
			if diagnostics != nil {
				t.Fatalf("diagnostics: %+v", diagnostics)
			}
			if got := c.Formatted(); strings.TrimSpace(got) != strings.TrimSpace(body) {
				t.Errorf("got:\n%s\nwant:\n%s", got, body)
			}
			if _, diagnostics := c.Parse(token.NewFileSet()); diagnostics != nil {
				t.Errorf("it does not parse: %+v", diagnostics)
			}
		})
	}
}

func TestFormattingLeavesRawStringsAlone(t *testing.T) {
	c, _ := candidate.Normalise("\ts := `a\n\tb`\n\treturn s == \"\"")
	if got, want := c.Formatted(), "s := `a\n\tb`\nreturn s == \"\""; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFormattingKeepsWhatCannotBeParsed(t *testing.T) {
	c, _ := candidate.Normalise("```go\nreturn ((true\n```")
	if got := c.Formatted(); got != "return ((true" {
		t.Errorf("got %q", got)
	}
}

func TestEachPartOfTheBodyKeepsItsPlace(t *testing.T) {
	for name, submission := range map[string]string{
		"body":       "x := 1\nMARK",
		"fence":      "text\n```go\nx := 1\n  MARK\n```",
		"function":   "func f(data *types.MarketData) bool {\n\tx := 1\n\tMARK\n}",
		"one line":   "func f(data *types.MarketData) bool { MARK }",
		"file":       "package main\n\nimport \"a/types\"\n\nfunc f(data *types.MarketData) bool {\n\tMARK\n}",
		"after semi": "package main; func f(data *types.MarketData) bool { x := 1; MARK }",
	} {
		t.Run(name, func(t *testing.T) {
			c, diagnostics := candidate.Normalise(submission)
			if diagnostics != nil {
				t.Fatalf("diagnostics: %+v", diagnostics)
			}
			wantLine, wantColumn := place(submission)
			line, column := place(c.Program())
			if c.Line(line) != wantLine || column != wantColumn {
				t.Errorf("it is at %d:%d, want %d:%d", c.Line(line), column, wantLine, wantColumn)
			}
			if got := c.SourceLine(wantLine); !strings.Contains(got, "MARK") {
				t.Errorf("source line %d is %q", wantLine, got)
			}
		})
	}
}

// place is the line and column of the word MARK.
func place(text string) (line, column int) {
	before, _, _ := strings.Cut(text, "MARK")
	return 1 + strings.Count(before, "\n"), len(before) - strings.LastIndexByte(before, '\n')
}

func TestWhatHasNoBodyIsRefused(t *testing.T) {
	function := "func evaluate(data *types.MarketData) bool {\n\treturn true\n}\n"
	for name, test := range map[string]struct {
		submission string
		line       int
		message    string
	}{
		"nothing":             {"", 0, "the filter is empty"},
		"only blanks":         {" \n\t\n", 0, "the filter is empty"},
		"an empty fence":      {"```go\n```", 0, "the filter is empty"},
		"foreign import":      {"package main\n\nimport (\n\t\"a/types\"\n\t\"math\"\n)\n" + function, 5, `import "math" is not available`},
		"import before body":  {"import \"fmt\"\nreturn true", 1, `import "fmt" is not available`},
		"the real go/types":   {"import \"go/types\"\n" + function, 1, `import "go/types" is not available`},
		"import renamed":      {"import ta \"a/indicators\"\n" + function, 1, "import of indicators as ta"},
		"two functions":       {function + "\nfunc other() bool { return false }\n", 5, "declare this inside it"},
		"helper first":        {"func other() bool { return false }\n" + function, 1, "declare this inside it"},
		"helper before body":  {"func other() bool { return false }\nreturn other()", 1, "declare this inside it"},
		"package variable":    {"package main\nvar limit = 3.0\n" + function, 2, "declare this inside it"},
		"other parameter":     {strings.Replace(function, "data *", "md *", 1), 1, "the function must be"},
		"value parameter":     {strings.Replace(function, "*types", "types", 1), 1, "the function must be"},
		"other result":        {strings.Replace(function, ") bool", ") int", 1), 1, "the function must be"},
		"no result":           {strings.Replace(function, ") bool", ")", 1), 1, "the function must be"},
		"a method":            {strings.Replace(function, "func ", "func (x T) ", 1), 0, ""},
		"only a package":      {"package main\n", 0, "no function"},
		"a broken import":     {"import math\nreturn true", 1, "missing import path"},
		"a brace too many":    {function + "}\n", 4, "expected declaration, found '}'"},
		"function not closed": {"func evaluate(data *types.MarketData) bool {\n\treturn true\n", 2, "found 'EOF'"},
	} {
		t.Run(name, func(t *testing.T) {
			c, diagnostics := candidate.Normalise(test.submission)
			if diagnostics == nil {
				_, diagnostics = c.Parse(token.NewFileSet())
			}
			if len(diagnostics) == 0 {
				t.Fatal("no diagnostics")
			}
			if d := diagnostics[0]; !strings.Contains(d.Message, test.message) || (test.message != "" && d.Line != test.line) {
				t.Errorf("line %d: %s; want line %d: %s", d.Line, d.Message, test.line, test.message)
			}
		})
	}
}
