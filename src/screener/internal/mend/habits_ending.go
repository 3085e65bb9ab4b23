package mend

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// lastValue is a condition as the last line, without its return.
func lastValue(s *source) *Change {
	body := s.body()
	if len(body) == 0 {
		return nil
	}
	if blank, ok := body[len(body)-1].(*ast.AssignStmt); ok && s.endsOpen() && len(blank.Rhs) == 1 &&
		s.code(blank.Lhs[0]) == "_" && isBoolean(s.info.TypeOf(blank.Rhs[0])) {
		return changed(s.line(blank.Pos()), "the last condition is what the filter returns",
			s.replace(blank, "return "+s.code(blank.Rhs[0])))
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

// missingReturnInside is the same of a function's value that answers yes or no.
func missingReturnInside(s *source) *Change {
	return find(s, func(literal *ast.FuncLit) *Change {
		results := literal.Type.Results
		if results == nil || len(results.List) != 1 || !isBoolean(s.info.TypeOf(results.List[0].Type)) || !s.lacksReturn(literal.Body.Rbrace) {
			return nil
		}
		answer := s.answerAtEnd(literal)
		if answer == "" {
			return nil
		}
		return s.change(literal, "a function that comes to its end returns "+answer,
			s.after(literal.Body.List[len(literal.Body.List)-1], "return "+answer))
	})
}

// answerAtEnd is what a function returns that comes to its end; "" when it
// never returns, or has a condition that may be its answer.
func (s *source) answerAtEnd(literal *ast.FuncLit) string {
	returns, refusals := 0, 0
	ast.Inspect(literal.Body, func(node ast.Node) bool {
		if result, ok := node.(*ast.ReturnStmt); ok {
			returns++
			if isReturnOf(result, "false") {
				refusals++
			}
		}
		_, isInner := node.(*ast.FuncLit)
		return !isInner
	})
	switch {
	case returns == 0 || returns == refusals && s.computesWithin(literal.Body):
		return ""
	case returns == refusals:
		return "true"
	}
	return "false"
}

// computesWithin tells a block that has a condition in a variable.
func (s *source) computesWithin(block *ast.BlockStmt) bool {
	for name, object := range s.info.Defs {
		if variable, ok := object.(*types.Var); ok && within(name, block) && isBoolean(variable.Type()) {
			return true
		}
	}
	return false
}

// endsOpen tells whether it is the filter's own end that has no return.
func (s *source) endsOpen() bool {
	if s.file == nil {
		return false
	}
	return s.lacksReturn(s.file.Decls[len(s.file.Decls)-1].(*ast.FuncDecl).Body.Rbrace)
}

// lacksReturn tells whether a function ends at a brace without the return it needs.
func (s *source) lacksReturn(closing token.Pos) bool {
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
