package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// numbersAsIntegers finds a float64 that is calculated from integers where an
// integer is asked for, or an integer of another size.
func numbersAsIntegers(s *source) *Change {
	return find(s, func(expr ast.Expr) *Change {
		given, wanted := s.info.TypeOf(expr), s.integerFor(expr)
		isOther := isInteger(given) && !s.isIndex(expr) || isFloat(given) && s.isCounted(expr)
		if wanted == nil || !isOther || isBasic(given, types.IsUntyped) || types.Identical(given, wanted) {
			return nil
		}
		return s.change(expr, fmt.Sprintf("%s is used as an %s", s.code(expr), wanted),
			s.replace(expr, fmt.Sprintf("%s(%s)", wanted, s.code(ast.Unparen(expr)))))
	})
}

// integerFor is the type that an argument or the index of a list has to have,
// when that is an integer.
func (s *source) integerFor(expr ast.Expr) types.Type {
	parent, child := s.around(expr)
	if index, ok := parent.(*ast.IndexExpr); ok && s.isIndex(expr) && s.isSliceType(index.X) {
		return types.Typ[types.Int]
	}
	if s.wantsInteger(expr) {
		return s.wanted(parent, child)
	}
	return nil
}

// isCounted tells whether a number is calculated from integers, and at most
// multiplied with or divided by others.
func (s *source) isCounted(expr ast.Expr) bool {
	if value := s.info.Types[expr]; value.Value != nil {
		_, whole := s.wholeNumber(expr)
		return whole
	}
	switch node := ast.Unparen(expr).(type) {
	case *ast.CallExpr:
		return s.info.Types[node.Fun].IsType() && len(node.Args) == 1 && isInteger(s.info.TypeOf(node.Args[0]))
	case *ast.Ident:
		variable := s.info.Uses[node]
		return variable != nil && !s.assigned(variable) && s.isCounted(s.valueOf(variable))
	case *ast.BinaryExpr:
		isScaled := (node.Op == token.MUL || node.Op == token.QUO) && s.info.Types[node.Y].Value != nil
		return s.isCounted(node.X) && (isScaled || s.isCounted(node.Y))
	}
	return false
}
