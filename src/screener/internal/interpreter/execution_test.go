package interpreter

import (
	"go/parser"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/traefik/yaegi/interp"
)

// TestCompilingExecutesNothing gives the interpreter what no candidate has: a
// function that writes a file. Wherever the program would call it, compiling
// leaves the file unwritten; running the same program writes it.
func TestCompilingExecutesNothing(t *testing.T) {
	const head = "package main\nimport \"probe\"\n"
	for name, program := range map[string]string{
		"package variable":        head + "var written = probe.Write()\nfunc main() {}",
		"blank package variable":  head + "var _ = probe.Write()\nfunc main() {}",
		"variable by a function":  head + "var written = func() bool { return probe.Write() }()\nfunc main() {}",
		"array of calls":          head + "var written = [...]bool{probe.Write()}\nfunc main() {}",
		"init":                    head + "func init() { probe.Write() }\nfunc main() {}",
		"body":                    head + "func main() { probe.Write() }",
		"deferred":                head + "func main() { defer probe.Write() }",
		"condition and constants": head + "func main() {\n\tif 1 < 2 && probe.Write() {\n\t}\n}",
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "written")
			write := func() bool { return os.WriteFile(file, nil, 0o600) == nil }
			i, err := with(interp.Exports{"probe/probe": {"Write": reflect.ValueOf(write)}})
			if err != nil {
				t.Fatal(err)
			}
			tree, err := parser.ParseFile(i.FileSet(), "", program, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			compiled, err := i.compile(tree)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(file); err == nil {
				t.Fatal("compiling ran it")
			}
			if _, err := i.yaegi.Execute(compiled); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(file); err != nil {
				t.Error("running did not run it: the test proves nothing")
			}
		})
	}
}
