package mend

import (
	"go/ast"
	"go/token"
)

// without is how a statement is left out when its needs are not met.
func (g *guardian) without(statement ast.Stmt, needs []need) string {
	missing, present := joined(needs, need.missing, " || "), joined(needs, need.present, " && ")
	problems := joined(needs, need.problem, ", ") + ". To do without: "
	before := problems + "before this line, if " + missing
	inside := problems + "if " + present + " { " + g.code(statement) + " }"
	for _, n := range needs {
		if g.isOfTurn(statement, n) {
			return before + " { continue }"
		}
	}
	switch s := statement.(type) {
	case *ast.IfStmt:
		if s.Init == nil {
			return problems + "if " + present + " && " + g.operandOf(s.Cond) + " {"
		}
	case *ast.ExprStmt, *ast.IncDecStmt:
		return inside
	case *ast.AssignStmt:
		if s.Tok != token.DEFINE {
			return inside
		}
	}
	if g.literal(statement) == nil {
		return before + " { return true }"
	}
	return ""
}

// operandOf is a condition as an operand of &&.
func (g *guardian) operandOf(condition ast.Expr) string {
	if either, ok := condition.(*ast.BinaryExpr); ok && either.Op == token.LOR {
		return "(" + g.code(condition) + ")"
	}
	return g.code(condition)
}
