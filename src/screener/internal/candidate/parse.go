package candidate

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
)

// Parse reads the program and insists that the body stayed inside its
// function: closing it early would let code run that nobody called.
func (c Candidate) Parse(fset *token.FileSet) (*ast.File, []Diagnostic) {
	file, err := parser.ParseFile(fset, "", c.Program(), parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return nil, c.parseErrors(err)
	}
	const imports, evaluate = 0, 1
	if len(file.Decls) == evaluate+1 {
		return file, c.directiveErrors(fset, file)
	}
	var diagnostics []Diagnostic
	for _, decl := range file.Decls[evaluate+1:] {
		at := fset.PositionFor(decl.Pos(), false)
		diagnostics = append(diagnostics, c.Diagnose(at, "the body ends before this: "+outsideBody))
	}
	return nil, diagnostics
}

// parseErrors are the parser's errors, one per line.
func (c Candidate) parseErrors(err error) []Diagnostic {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return []Diagnostic{{Message: err.Error()}}
	}
	list.RemoveMultiples()
	diagnostics := make([]Diagnostic, len(list))
	for i, e := range list {
		diagnostics[i] = c.Diagnose(e.Pos, e.Msg)
	}
	return diagnostics
}
