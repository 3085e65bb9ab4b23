package mend

import (
	"go/ast"
	"go/token"
	"go/types"
)

// guarded tells whether a variable cannot be nil where it is used: what leads
// there has checked it, and it got no other value since.
func (s *source) guarded(ident *ast.Ident) bool {
	variable := s.info.Uses[ident]
	var node ast.Node = ident
	for parent := s.tree().parent[node]; parent != nil; parent = s.tree().parent[node] {
		if s.checkedOnTheWay(parent, node, variable) {
			return true
		}
		node = parent
	}
	return false
}

// checkedOnTheWay tells whether a node lets its child run only when a variable
// is not nil.
func (s *source) checkedOnTheWay(parent, child ast.Node, variable types.Object) bool {
	switch node := parent.(type) {
	case *ast.BinaryExpr:
		if node.Y == child && (node.Op == token.LAND || node.Op == token.LOR) {
			return s.excludesNil(node.X, node.Op == token.LAND, variable)
		}
	case *ast.IfStmt:
		if node.Body == child || node.Else == child {
			return s.excludesNil(node.Cond, node.Body == child, variable)
		}
	case *ast.ForStmt:
		if node.Body == child && node.Cond != nil {
			return s.excludesNil(node.Cond, true, variable)
		}
	}
	for _, before := range listOf(parent) {
		if before == child {
			break
		}
		check, ok := before.(*ast.IfStmt)
		if ok && check.Else == nil && endsEarly(check.Body) && s.excludesNil(check.Cond, false, variable) {
			return true
		}
	}
	return false
}

// excludesNil tells whether a condition's outcome means that a variable is not nil.
func (s *source) excludesNil(cond ast.Expr, outcome bool, variable types.Object) bool {
	switch node := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		return node.Op == token.NOT && s.excludesNil(node.X, !outcome, variable)
	case *ast.BinaryExpr:
		switch node.Op {
		case token.LAND, token.LOR:
			return (node.Op == token.LAND) == outcome &&
				(s.excludesNil(node.X, outcome, variable) || s.excludesNil(node.Y, outcome, variable))
		case token.EQL, token.NEQ:
			ident, ok := ast.Unparen(node.X).(*ast.Ident)
			return ok && (node.Op == token.NEQ) == outcome && s.isNil(node.Y) &&
				s.info.Uses[ident] == variable && !s.assignedAfter(variable, node)
		}
	}
	return false
}

func (s *source) assignedAfter(variable types.Object, check ast.Node) bool {
	for _, ident := range s.tree().uses[variable] {
		if ident.Pos() > check.Pos() && s.written(ident) {
			return true
		}
	}
	return false
}

// isChecked tells whether a variable is compared with nil anywhere.
func (s *source) isChecked(variable types.Object) bool {
	for _, ident := range s.tree().uses[variable] {
		if s.useOf(ident) == checked {
			return true
		}
	}
	return false
}

// isForAll tells whether all that a loop's body can do beyond itself is to end
// the filter without a match.
func (s *source) isForAll(body *ast.BlockStmt) bool {
	ends, isForAll := false, true
	ast.Inspect(body, func(node ast.Node) bool {
		switch inner := node.(type) {
		case *ast.ReturnStmt:
			ends = true
			isForAll = isForAll && isReturnOf(inner, "false")
		case *ast.BranchStmt, *ast.FuncLit:
			isForAll = false
		case *ast.CallExpr:
			isForAll = isForAll && (s.isPureCall(inner) || s.isInvalid(inner))
		case *ast.Ident:
			variable := s.info.Uses[inner]
			isOuter := variable != nil && !(body.Pos() <= variable.Pos() && variable.Pos() < body.End())
			isForAll = isForAll && !(isOuter && s.changes(inner))
		}
		return isForAll
	})
	return ends && isForAll
}
