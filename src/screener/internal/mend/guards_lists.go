package mend

import (
	"go/ast"
	"go/token"
	"slices"
)

// list is what a statement stands in, and its place there.
func (g *guardian) list(statement ast.Stmt) ([]ast.Stmt, int) {
	var list []ast.Stmt
	switch parent := g.parents[statement].(type) {
	case *ast.BlockStmt:
		list = parent.List
	case *ast.CaseClause:
		list = parent.Body
	case *ast.CommClause:
		list = parent.Body
	}
	return list, max(0, slices.Index(list, statement))
}

// before are the statements of a list that stand before one; from are it and
// those behind it.
func (g *guardian) before(statement ast.Stmt) []ast.Stmt {
	list, at := g.list(statement)
	return list[:at]
}

func (g *guardian) from(statement ast.Stmt) []ast.Stmt {
	list, at := g.list(statement)
	return list[at:]
}

// givesUp tells a block that is nothing but `return false`.
func givesUp(block *ast.BlockStmt) bool {
	return len(block.List) == 1 && isFalse(block.List[0])
}

func isFalse(statement ast.Stmt) bool {
	answer, ok := statement.(*ast.ReturnStmt)
	if !ok || len(answer.Results) != 1 {
		return false
	}
	name, ok := answer.Results[0].(*ast.Ident)
	return ok && name.Name == "false"
}

// onlyGivesUp tells whether a run that a statement ends has answered false.
func onlyGivesUp(statement ast.Stmt) bool {
	only := true
	ast.Inspect(statement, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			only = only && isFalse(node)
		case *ast.BranchStmt, *ast.LabeledStmt:
			only = false
		}
		return only
	})
	return only
}

// operands are what an operator joins, however nested.
func operands(e ast.Expr, operator token.Token) []ast.Expr {
	if joined, ok := ast.Unparen(e).(*ast.BinaryExpr); ok && joined.Op == operator {
		return append(operands(joined.X, operator), operands(joined.Y, operator)...)
	}
	return []ast.Expr{e}
}
