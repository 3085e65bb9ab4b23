package interpreter

import (
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"filtermend/screener"
	"filtermend/screener/internal/exportdata"
	"filtermend/screener/types"
)

const opening = `package main; import ("filtermend/screener/types"; "filtermend/screener/indicators"); ` +
	`func evaluate(data *types.MarketData) bool {` + "\n"

// compiles is how the interpreter judges a program.
func compiles(t *testing.T, program string) error {
	t.Helper()
	i, err := New()
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(i.FileSet(), "", program, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return i.Compile(file)
}

func TestTheSymbolsAreExactlyWhatThePackagesExport(t *testing.T) {
	importer := exportdata.NewImporter(token.NewFileSet())
	for _, name := range []string{"types", "indicators"} {
		path := screener.Module + "/" + name
		pkg, err := importer.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		var want, got []string
		for _, exported := range pkg.Scope().Names() {
			if token.IsExported(exported) {
				want = append(want, exported)
			}
		}
		for symbol := range symbols[path+"/"+name] {
			got = append(got, symbol)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: symbols %v\nwant %v", name, got, want)
		}
	}
}

func TestNothingElseCanBeImported(t *testing.T) {
	for _, path := range []string{"os", "fmt", "unsafe", "runtime", "filtermend/screener/marks", "./x", "/etc"} {
		err := compiles(t, `package main; import "`+path+`"; func evaluate() bool { return true }`)
		if err == nil {
			t.Errorf("%q can be imported", path)
		}
	}
}

func TestWhatMakesTheInterpreterPanicIsAnError(t *testing.T) {
	for _, body := range []string{"a, b, c := 1, 2\nreturn a > b && b > c", "for range 10 {\n}\nreturn true", "return indicators != nil"} {
		if err := compiles(t, opening+body+"\n}\n"); err == nil {
			t.Errorf("%q compiles", body)
		}
	}
}

func TestMarksDoNotChangeWhatAFilterDoes(t *testing.T) {
	for name, body := range map[string]string{
		"else if":       "x := 3\nif x == 1 {\n\treturn false\n} else if x == 2 {\n\treturn false\n} else if x == 3 {\n\treturn true\n} else {\n\treturn false\n}",
		"switch":        "switch x := 2; x {\ncase 1:\n\treturn false\ncase 2:\n\tfallthrough\ncase 3:\n\treturn true\n}\nreturn false",
		"type switch":   "var x interface{} = 3\nswitch v := x.(type) {\ncase int:\n\treturn v == 3\n}\nreturn false",
		"label":         "n := 0\nouter:\nfor i := 0; i < 3; i++ {\n\tfor {\n\t\tn++\n\t\tcontinue outer\n\t}\n}\nreturn n == 3",
		"closure":       "add := func(a, b int) int { return a + b }\nreturn add(1, 2) == 3",
		"select":        "c := make(chan int, 1)\nc <- 1\nselect {\ncase v := <-c:\n\treturn v == 1\ndefault:\n\treturn false\n}",
		"defer":         "ok := false\nfunc() {\n\tdefer func() { ok = true }()\n}()\nreturn ok",
		"shared line":   "x := 1; if x > 0 { x = 2 }; return x == 2",
		"own name mark": "marks := 1\nreturn marks == 1",
		"goto":          "i := 0\nagain:\ni++\nif i < 3 {\n\tgoto again\n}\nreturn i == 3",
	} {
		t.Run(name, func(t *testing.T) {
			filter, err := Load(opening+body+"\n}\n", "evaluate")
			if err != nil {
				t.Fatal(err)
			}
			if !filter.Evaluate(&types.MarketData{}) {
				t.Error("it is false")
			}
		})
	}
}

func TestTheLineOfAPanicIsKnown(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		line int // of the program, whose body begins on line 2
	}{
		"statement":        {"x := 0\ny := 1\nreturn 1/x > y", 4},
		"in a block":       {"if true {\n\tx := 0\n\treturn 1/x > 1\n}\nreturn true", 4},
		"if condition":     {"x := 0\nif 1/x > 1 {\n\treturn true\n}\nreturn true", 3},
		"else if":          {"x := 0\nif x == 1 {\n\treturn true\n} else if 1/x > 1 {\n\treturn true\n}\nreturn true", 5},
		"case":             {"x := 0\nswitch {\ncase x == 0:\n\treturn 1/x > 1\n}\nreturn true", 5},
		"closure":          {"x := 0\nf := func() int {\n\treturn 1 / x\n}\nreturn f() > 1", 4},
		"loop":             {"x := 2\nfor {\n\tx--\n\tx = 2 / x\n\tx--\n}", 5},
		"line directive":   {"//line other.go:90\nx := 0\nreturn 1/x > 1", 4},
		"unusual brackets": {"x := 0; return func() bool { return 1/x > 1 }()", 2},
	} {
		t.Run(name, func(t *testing.T) {
			filter, err := Load(opening+test.body+"\n}\n", "evaluate")
			if err != nil {
				t.Fatal(err)
			}
			func() {
				defer func() {
					if recover() == nil {
						t.Error("no panic")
					}
				}()
				filter.Evaluate(&types.MarketData{})
			}()
			if filter.Line() != test.line {
				t.Errorf("line %d, want %d", filter.Line(), test.line)
			}
		})
	}
}

func TestMarkNeedsAProgram(t *testing.T) {
	for _, program := range []string{"", "package other", clause + " func {"} {
		if _, err := mark(program); err == nil {
			t.Errorf("%q is marked", program)
		}
	}
	marked, err := mark(clause + "\nfunc f() {\n\tg()\n}")
	if err != nil || !strings.Contains(marked, "\tmarks__.At.Line = 3; g()") {
		t.Errorf("marked: %q, %v", marked, err)
	}
}
