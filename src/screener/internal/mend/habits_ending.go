package mend

import (
	"go/ast"
	"go/types"
	"strings"
)

// lastValue is a condition as the last line, without its return.
func lastValue(s *source) *Change {
	body := s.body()
	if len(body) == 0 {
		return nil
	}
	last, ok := body[len(body)-1].(*ast.ExprStmt)
	if !ok {
		return nil
	}
	basic, ok := under(s.info.TypeOf(last.X)).(*types.Basic)
	if _, isCall := last.X.(*ast.CallExpr); isCall || !ok || basic.Info()&types.IsBoolean == 0 {
		return nil
	}
	return changed(s.line(last.Pos()), "the last condition is what the filter returns", s.insert(last.Pos(), "return "))
}

// missingReturn is a body that ends without an answer. One that only says when
// it does not match, matches otherwise; any other does not match.
func missingReturn(s *source) *Change {
	if !s.endsOpen() {
		return nil
	}
	returns, refusals := 0, 0
	s.inspect(func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			returns++
			if len(node.Results) == 1 && s.code(node.Results[0]) == "false" {
				refusals++
			}
		}
		return true
	})
	answer := "false"
	switch {
	case returns == 0:
		return nil
	case returns == refusals && s.computesAnswer():
		return nil
	case returns == refusals:
		answer = "true"
	}
	lines := strings.Count(s.text, "\n") + 1
	return changed(lines, "a filter that comes to its end returns "+answer,
		edit{len(s.text), len(s.text), "\nreturn " + answer})
}

// endsOpen tells whether it is the filter's own end that has no return.
func (s *source) endsOpen() bool {
	if s.file == nil {
		return false
	}
	closing := s.file.Decls[len(s.file.Decls)-1].(*ast.FuncDecl).Body.Rbrace
	for _, e := range s.errors {
		if e.Msg == "missing return" && e.Pos == closing {
			return true
		}
	}
	return false
}

// computesAnswer tells a filter that has a condition in a variable.
func (s *source) computesAnswer() (found bool) {
	for _, object := range s.info.Defs {
		if variable, ok := object.(*types.Var); ok && !variable.IsField() {
			basic, isBasic := under(variable.Type()).(*types.Basic)
			found = found || isBasic && basic.Info()&types.IsBoolean != 0
		}
	}
	return found
}
