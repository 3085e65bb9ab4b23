package mend

import (
	"fmt"
	"go/ast"
	"go/token"
)

// WithoutHint says how a filter does without the data that it lacked when it
// panicked, for strategies that want that; "" when that is not plain.
func WithoutHint(submission string, line int, nativeError string) string {
	_, change := against(submission, line, nativeError)
	if change == nil {
		return ""
	}
	return change.without
}

// without is how a statement is left out when its needs are not met.
func (g *guardian) without(statement ast.Stmt, needs []need) string {
	missing, present := joined(needs, need.missing, " || "), joined(needs, need.present, " && ")
	before := joined(needs, need.problem, ", ") + ". To do without: before this line, if " + missing + " { %s }"
	for _, n := range needs {
		if g.isOfTurn(statement, n) {
			return fmt.Sprintf(before, "continue")
		}
	}
	switch s := statement.(type) {
	case *ast.IfStmt:
		if s.Init == nil {
			return fmt.Sprintf("%s. To do without: if %s && %s {", joined(needs, need.problem, ", "), present, g.operandOf(s.Cond))
		}
	case *ast.ExprStmt, *ast.IncDecStmt:
		return fmt.Sprintf("%s. To do without: if %s { %s }", joined(needs, need.problem, ", "), present, g.code(statement))
	case *ast.AssignStmt:
		if s.Tok != token.DEFINE {
			return fmt.Sprintf("%s. To do without: if %s { %s }", joined(needs, need.problem, ", "), present, g.code(statement))
		}
	}
	if g.literal(statement) == nil {
		return fmt.Sprintf(before, "return true")
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
