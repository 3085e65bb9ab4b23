package mend

import (
	"go/ast"
	"go/constant"
	"go/types"
)

// wholeFloats finds a float64 variable that is always the same whole number
// where an integer is asked for.
func wholeFloats(s *source) *Change {
	return find(s, func(ident *ast.Ident) *Change {
		if s.info.Uses[ident] == nil || !s.wantsInteger(ident) || !s.isWholeVariable(ident) {
			return nil
		}
		variable := s.info.Uses[ident]
		message := ident.Name + " is a whole number: it is used as an int"
		for _, used := range s.tree().uses[variable] {
			if !s.wantsInteger(used) {
				return s.change(ident, message, s.replace(ident, "int("+ident.Name+")"))
			}
		}
		value := s.valueOf(variable)
		whole, _ := s.wholeNumber(value)
		return s.change(ident, message, s.replace(value, whole.ExactString()))
	})
}

func (s *source) wantsInteger(expr ast.Expr) bool {
	parent, child := s.around(expr)
	call, ok := parent.(*ast.CallExpr)
	return ok && !s.info.Types[call.Fun].IsType() && isInteger(s.wanted(call, child))
}

// isWholeVariable tells whether a float64 variable is always one whole number.
func (s *source) isWholeVariable(expr ast.Expr) bool {
	ident, ok := expr.(*ast.Ident)
	if !ok || s.info.Uses[ident] == nil || !isFloat(s.info.TypeOf(ident)) || s.assigned(s.info.Uses[ident]) {
		return false
	}
	value := s.valueOf(s.info.Uses[ident])
	if value == nil {
		return false
	}
	_, whole := s.wholeNumber(value)
	return whole
}

// valueOf is what a variable is declared with by :=.
func (s *source) valueOf(variable types.Object) ast.Expr {
	assignment, ok := s.tree().parent[s.tree().idents[variable.Pos()]].(*ast.AssignStmt)
	if !ok || len(assignment.Lhs) != len(assignment.Rhs) {
		return nil
	}
	for i, name := range assignment.Lhs {
		if name.Pos() == variable.Pos() {
			return assignment.Rhs[i]
		}
	}
	return nil
}

// wholeNumber is an expression's constant value, when it is a whole number.
func (s *source) wholeNumber(expr ast.Expr) (constant.Value, bool) {
	value := s.info.Types[expr].Value
	if value == nil || (value.Kind() != constant.Int && value.Kind() != constant.Float) {
		return nil, false
	}
	whole := constant.ToInt(value)
	return whole, whole.Kind() == constant.Int
}
