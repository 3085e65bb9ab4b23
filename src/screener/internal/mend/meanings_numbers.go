package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// integersAmongFloats finds an integer that is calculated or compared with a
// float64.
func integersAmongFloats(s *source) *Change {
	return find(s, func(operation *ast.BinaryExpr) *Change {
		switch operation.Op {
		case token.SHL, token.SHR, token.REM:
			return nil
		}
		if change := s.widen(operation.X, operation.Y); change != nil {
			return change
		}
		return s.widen(operation.Y, operation.X)
	})
}

// widen converts an integer where the other value is a float64, or an int
// where it is an int64. Constants fit by themselves.
func (s *source) widen(narrow, other ast.Expr) *Change {
	value, wide := s.info.Types[narrow], s.info.Types[other].Type
	if value.Value != nil || !isInteger(value.Type) || wide == nil || s.info.Types[other].Value != nil {
		return nil
	}
	basic, ok := wide.Underlying().(*types.Basic)
	isWider := ok && (basic.Kind() == types.Float64 || (basic.Kind() == types.Int64 && value.Type == types.Typ[types.Int]))
	if !isWider {
		return nil
	}
	return s.change(narrow, fmt.Sprintf("%s is an integer: here it counts as %s", s.code(narrow), basic.Name()),
		s.replace(narrow, basic.Name()+"("+s.code(ast.Unparen(narrow))+")"))
}

// integersForFloats finds an integer where a float64 is asked for.
func integersForFloats(s *source) *Change {
	return find(s, func(expr ast.Expr) *Change {
		value := s.info.Types[expr]
		if !value.IsValue() || value.Value != nil || !isInteger(value.Type) {
			return nil
		}
		parent, child := s.around(expr)
		if call, ok := parent.(*ast.CallExpr); ok && s.info.Types[call.Fun].IsType() {
			return nil
		}
		wanted := s.wanted(parent, child)
		if wanted == nil || !types.Identical(wanted.Underlying(), types.Typ[types.Float64]) {
			return nil
		}
		return s.change(expr, fmt.Sprintf("%s is an integer: it is used as a float64", s.code(expr)),
			s.replace(expr, "float64("+s.code(expr)+")"))
	})
}

// integersWithFractions finds an integer that is calculated with a number that
// is written with a point.
func integersWithFractions(s *source) *Change {
	return find(s, func(operation *ast.BinaryExpr) *Change {
		for _, sides := range [][2]ast.Expr{{operation.X, operation.Y}, {operation.Y, operation.X}} {
			integer, value := sides[0], s.info.Types[sides[0]]
			literal, ok := ast.Unparen(sides[1]).(*ast.BasicLit)
			if !ok || literal.Kind != token.FLOAT || value.Value != nil || !isInteger(value.Type) || s.divides(integer) {
				continue
			}
			return s.change(integer, fmt.Sprintf("%s is an integer: here it counts as float64", s.code(integer)),
				s.replace(integer, "float64("+s.code(ast.Unparen(integer))+")"))
		}
		return nil
	})
}

// divides tells whether a calculation has a division, which integers round.
func (s *source) divides(expr ast.Expr) bool {
	found := false
	ast.Inspect(expr, func(node ast.Node) bool {
		operation, ok := node.(*ast.BinaryExpr)
		found = found || (ok && operation.Op == token.QUO)
		return !found
	})
	return found
}

// sumsOfFloats finds an integer variable that begins as a number without a
// fraction and takes up float64 values.
func sumsOfFloats(s *source) *Change {
	return find(s, func(assignment *ast.AssignStmt) *Change {
		if assignment.Tok == token.DEFINE || len(assignment.Lhs) != 1 || len(assignment.Rhs) != 1 {
			return nil
		}
		ident, ok := assignment.Lhs[0].(*ast.Ident)
		if !ok {
			return nil
		}
		given := s.info.Types[assignment.Rhs[0]]
		variable := s.info.Uses[ident]
		isFloat := given.Value == nil && isFloat(given.Type)
		if !isFloat || variable == nil || variable.Type() != types.Typ[types.Int] {
			return nil
		}
		edits := s.declareAsFloat(variable)
		if edits == nil {
			return nil
		}
		return s.change(assignment, ident.Name+" takes up values with fractions: it is a float64", edits...)
	})
}

// declareAsFloat changes a variable's declaration; nil when an integer is
// needed where it is used.
func (s *source) declareAsFloat(variable types.Object) []edit {
	for _, ident := range s.tree().uses[variable] {
		if !s.worksAsFloat(ident) {
			return nil
		}
	}
	name := s.tree().idents[variable.Pos()]
	switch node := s.tree().parent[name].(type) {
	case *ast.AssignStmt:
		for i, declared := range node.Lhs {
			if declared != name || len(node.Rhs) != len(node.Lhs) {
				continue
			}
			if literal, ok := node.Rhs[i].(*ast.BasicLit); ok && literal.Kind == token.INT {
				return []edit{s.replace(literal, literal.Value+".0")}
			}
		}
	case *ast.ValueSpec:
		if len(node.Names) == 1 && node.Type != nil && (len(node.Values) == 0 || s.info.Types[node.Values[0]].Value != nil) {
			return []edit{s.replace(node.Type, "float64")}
		}
	}
	return nil
}

func (s *source) worksAsFloat(ident *ast.Ident) bool {
	parent, child := s.around(ident)
	switch node := parent.(type) {
	case *ast.BinaryExpr:
		other := node.X
		if other == child {
			other = node.Y
		}
		value := s.info.Types[other]
		return node.Op != token.REM && node.Op != token.SHL && node.Op != token.SHR &&
			(isNumber(value.Type) || value.Type == types.Typ[types.Invalid]) && !s.isIndex(node)
	case *ast.AssignStmt:
		return s.written(ident) && len(node.Lhs) == 1 || isFloat(s.wanted(parent, child))
	case *ast.CallExpr:
		return isNumber(s.wanted(parent, child)) && !isInteger(s.wanted(parent, child))
	case *ast.ReturnStmt, *ast.ValueSpec:
		return isFloat(s.wanted(parent, child))
	}
	return false
}

// isIndex tells whether an expression chooses an element.
func (s *source) isIndex(expr ast.Expr) bool {
	parent, child := s.around(expr)
	index, ok := parent.(*ast.IndexExpr)
	return ok && index.Index == child
}
