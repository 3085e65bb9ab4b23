package mend

import (
	"go/ast"
	"go/token"
	"strings"
)

// isLastIndex tells whether an index expression reads x[len(x)-1].
func (s *source) isLastIndex(index *ast.IndexExpr) bool {
	minus, ok := ast.Unparen(index.Index).(*ast.BinaryExpr)
	if !ok || minus.Op != token.SUB || !s.isOne(minus.Y) {
		return false
	}
	call, ok := ast.Unparen(minus.X).(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return false
	}
	function, ok := call.Fun.(*ast.Ident)
	return ok && function.Name == "len" && s.code(call.Args[0]) == s.code(index.X)
}

func (s *source) isOne(expr ast.Expr) bool {
	literal, ok := ast.Unparen(expr).(*ast.BasicLit)
	return ok && literal.Kind == token.INT && literal.Value == "1"
}

// isOwnIndex tells whether an index is made of numbers, of the list's own
// length, and of what is bound by that.
func (s *source) isOwnIndex(index *ast.IndexExpr) bool {
	length := "len(" + s.code(index.X) + ")"
	isOwn := true
	ast.Inspect(index.Index, func(node ast.Node) bool {
		switch part := node.(type) {
		case *ast.CallExpr:
			isOwn = isOwn && s.code(part) == length
			return false
		case *ast.Ident:
			isOwn = isOwn && s.isBoundBy(part, s.code(index.X), length)
		}
		return isOwn
	})
	return isOwn
}

// isBoundBy tells whether a variable comes from a list's length or a loop over it.
func (s *source) isBoundBy(ident *ast.Ident, list, length string) bool {
	variable := s.info.Uses[ident]
	if variable == nil {
		return false
	}
	declaration := s.tree().parent[s.tree().idents[variable.Pos()]]
	switch node := declaration.(type) {
	case *ast.RangeStmt:
		return s.code(node.X) == list
	case *ast.AssignStmt:
		if loop, ok := s.tree().parent[node].(*ast.ForStmt); ok && loop.Cond != nil {
			return strings.Contains(s.code(loop.Cond), length)
		}
		return len(node.Rhs) == 1 && s.code(node.Rhs[0]) == length
	}
	return false
}
