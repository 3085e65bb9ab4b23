package mend

import (
	"go/ast"
	"go/token"
)

// ending is the statement that a place ends with when its data is missing; ""
// when that is not plain. For the filter it is `return false`, where no other
// round of a loop may lead to a match; a function's value says itself what it
// gives for candles that are missing.
func (s *source) ending(node ast.Node) string {
	for ; node != nil; node = s.tree().parent[node] {
		switch around := node.(type) {
		case *ast.FuncLit:
			return s.lackOf(around)
		case *ast.RangeStmt:
			if !s.isForAll(around.Body) && !s.endsWithout(around.Body) {
				return ""
			}
		case *ast.ForStmt:
			if !s.isForAll(around.Body) && !s.endsWithout(around.Body) {
				return ""
			}
		}
	}
	return "return false"
}

// mayEnd tells whether there is such a statement.
func (s *source) mayEnd(node ast.Node) bool { return s.ending(node) != "" }

// lackOf is what a function's value returns for data that is missing: in all
// such places the same constant.
func (s *source) lackOf(function *ast.FuncLit) string {
	found := ""
	for _, statement := range function.Body.List {
		check, ok := statement.(*ast.IfStmt)
		if !ok || check.Else != nil || len(check.Body.List) != 1 || !s.asksForLack(check.Cond) {
			continue
		}
		result, ok := check.Body.List[0].(*ast.ReturnStmt)
		if !ok || len(result.Results) != 1 || s.info.Types[result.Results[0]].Value == nil || found != "" && found != s.code(result) {
			return ""
		}
		found = s.code(result)
	}
	return found
}

// endsWithout tells whether a loop ends the filter without a match when its
// data is missing, and goes through all its rounds otherwise.
func (s *source) endsWithout(body *ast.BlockStmt) bool {
	ends, understood := false, true
	ast.Inspect(body, func(node ast.Node) bool {
		switch inner := node.(type) {
		case *ast.ReturnStmt:
			understood = understood && isReturnOf(inner, "false")
		case *ast.BranchStmt, *ast.FuncLit:
			understood = false
		}
		return understood
	})
	for _, statement := range body.List {
		check, ok := statement.(*ast.IfStmt)
		ends = ends || ok && check.Else == nil && len(check.Body.List) == 1 && isReturnOf(check.Body.List[0], "false") && s.asksForLack(check.Cond)
	}
	return ends && understood
}

// asksForLack tells conditions that ask only for what is missing: !ok,
// x == nil, len(x) < n.
func (s *source) asksForLack(cond ast.Expr) bool {
	switch node := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		name, ok := node.X.(*ast.Ident)
		return ok && node.Op == token.NOT && s.isSecondResult(name)
	case *ast.BinaryExpr:
		switch node.Op {
		case token.LOR:
			return s.asksForLack(node.X) && s.asksForLack(node.Y)
		case token.EQL:
			return s.isNil(node.Y) || s.isLength(node.X) && s.code(node.Y) == "0"
		case token.LSS, token.LEQ:
			return s.isLength(node.X)
		}
	}
	return false
}

func (s *source) isLength(expr ast.Expr) bool {
	call, ok := ast.Unparen(expr).(*ast.CallExpr)
	return ok && s.code(call.Fun) == "len"
}

// isSecondResult tells the ok of `x, ok := list[key]`.
func (s *source) isSecondResult(name *ast.Ident) bool {
	variable := s.info.Uses[name]
	if variable == nil {
		return false
	}
	assignment, ok := s.tree().parent[s.tree().idents[variable.Pos()]].(*ast.AssignStmt)
	return ok && len(assignment.Lhs) == 2 && len(assignment.Rhs) == 1 && assignment.Lhs[1].Pos() == variable.Pos()
}
