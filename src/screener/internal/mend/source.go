package mend

import (
	"go/ast"
	"go/token"
	"go/types"

	"filtermend/screener/internal/candidate"
	"filtermend/screener/internal/validate"
)

// source is a code and all that is known of it before a change.
type source struct {
	text        string // the body
	diagnostics []candidate.Diagnostic
	tokens      []tok
	strategy    string // in the trader's words; "" when it is not known

	candidate candidate.Candidate

	// What is known when it parses; file is nil otherwise.
	fset   *token.FileSet
	file   *ast.File
	info   *types.Info
	errors []types.Error
	nodes  *tree // made when first asked for
}

// analyse looks at a body and the report on it.
func analyse(text string, report validate.Report) *source {
	s := &source{text: text, diagnostics: report.Diagnostics, tokens: tokens(text), fset: token.NewFileSet()}
	var problems []candidate.Diagnostic
	s.candidate, problems = candidate.Normalise(text)
	if problems != nil {
		return s
	}
	if s.file, problems = s.candidate.Parse(s.fset); problems != nil {
		s.file = nil
		return s
	}
	s.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{},
		Defs:  map[*ast.Ident]types.Object{},
		Uses:  map[*ast.Ident]types.Object{},
	}
	s.errors = validate.TypeCheck(s.fset, s.file, s.info)
	return s
}

// of is the source with what its strategy says.
func (s *source) of(strategy string) *source {
	s.strategy = strategy
	return s
}

// body is the function's statements; nil when the code does not parse.
func (s *source) body() []ast.Stmt {
	if s.file == nil {
		return nil
	}
	return s.file.Decls[len(s.file.Decls)-1].(*ast.FuncDecl).Body.List
}

// offset is where a position lies in text.
func (s *source) offset(at token.Pos) int {
	return s.candidate.BodyOffset(s.fset.PositionFor(at, false).Offset)
}

// code is the text of a node.
func (s *source) code(node ast.Node) string {
	return s.text[s.offset(node.Pos()):s.offset(node.End())]
}

// line is a position's line in text.
func (s *source) line(at token.Pos) int {
	return s.candidate.Line(s.fset.PositionFor(at, false).Line)
}

// replace is the edit that puts text in a node's place.
func (s *source) replace(node ast.Node, text string) edit {
	return edit{s.offset(node.Pos()), s.offset(node.End()), text}
}

// insert is the edit that puts text before a position.
func (s *source) insert(at token.Pos, text string) edit {
	return edit{s.offset(at), s.offset(at), text}
}
