// Package contract writes down what a filter may use, from the sources of the
// packages that it uses. Authors read it, people and models alike.
package contract

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"go/types"
	"io/fs"
	"slices"
	"strings"

	"filtermend/screener"
)

const rules = `A filter is only the body of this function, without package clause, imports or func line:
	func evaluate(data *types.MarketData) bool { BODY }
It returns true when the symbol matches. It cannot import anything (no math, sort, strings, fmt), and has no
min, max, clear or range over a number. Unused variables and a missing final return are errors.
A pointer may be nil and a series empty (data.Ticker; any helper's result when history is short): check first.
An interval may be missing from data.Klines: check len(klines) before indexing. The newest candle is last.
One run may take 1 second.
`

// Text is the contract: rules, types and helpers. It is the same every time.
func Text() (string, error) {
	var text strings.Builder
	text.WriteString(rules)
	for _, name := range []string{"types", "indicators"} {
		pkg, fset, err := read(name)
		if err != nil {
			return "", fmt.Errorf("contract: %w", err)
		}
		fmt.Fprintf(&text, "\npackage %s\n", name)
		if err := write(&text, fset, pkg); err != nil {
			return "", fmt.Errorf("contract: %w", err)
		}
	}
	return text.String(), nil
}

// read parses a package of the contract, without its tests.
func read(name string) (*doc.Package, *token.FileSet, error) {
	paths, err := fs.Glob(screener.Sources, name+"/*.go")
	if err != nil {
		return nil, nil, err
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		source, err := screener.Sources.ReadFile(path)
		if err != nil {
			return nil, nil, err
		}
		file, err := parser.ParseFile(fset, path, source, parser.ParseComments)
		if err != nil {
			return nil, nil, err
		}
		files = append(files, file)
	}
	pkg, err := doc.NewFromFiles(fset, files, screener.Module+"/"+name)
	return pkg, fset, err
}

// write lists types first, then functions, each with what its comment says.
func write(text *strings.Builder, fset *token.FileSet, pkg *doc.Package) error {
	functions := slices.Clone(pkg.Funcs)
	for _, t := range pkg.Types {
		functions = append(functions, t.Funcs...)
		if spec, ok := t.Decl.Specs[0].(*ast.TypeSpec); ok {
			writeType(text, spec)
		}
	}
	slices.SortFunc(functions, func(a, b *doc.Func) int { return strings.Compare(a.Name, b.Name) })
	for _, f := range functions {
		f.Decl.Body, f.Decl.Doc = nil, nil
		var signature bytes.Buffer
		if err := printer.Fprint(&signature, fset, f.Decl); err != nil {
			return err
		}
		fmt.Fprintf(text, "%s // %s\n", &signature, remark(f.Doc, f.Name))
	}
	return nil
}

// writeType writes a struct without tags, neighbours of one type on one line.
func writeType(text *strings.Builder, spec *ast.TypeSpec) {
	structure, ok := spec.Type.(*ast.StructType)
	if !ok {
		fmt.Fprintf(text, "type %s %s\n", spec.Name, types.ExprString(spec.Type))
		return
	}
	fmt.Fprintf(text, "type %s struct {", spec.Name)
	group := ""
	for _, field := range structure.Fields.List {
		of := " " + types.ExprString(field.Type) + note(field)
		for _, name := range field.Names {
			separator := ", "
			if of != group {
				separator = group + "\n\t"
			}
			text.WriteString(separator + name.Name)
			group = of
		}
	}
	text.WriteString(group + "\n}\n")
}

// note is a field's comment.
func note(field *ast.Field) string {
	if field.Comment == nil {
		return ""
	}
	return " // " + strings.TrimSpace(field.Comment.Text())
}

// remark is a function's comment without the words it has to begin with.
func remark(comment, name string) string {
	for _, opening := range []string{name + " ", "is ", "the "} {
		comment = strings.TrimPrefix(comment, opening)
	}
	return strings.TrimSuffix(strings.Join(strings.Fields(comment), " "), ".")
}
