package mend

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
)

// raiseCheck makes a check of a length that stands before a statement ask for
// what the statement needs; what cannot be had so is checked before it. It
// returns nil when there is no check to raise.
func (g *guardian) raiseCheck(statement ast.Stmt, needs []need) *Change {
	needs = g.unchecked(statement, needs)
	var edits []edit
	var raised, left []need
	for _, n := range needs {
		if e, ok := g.raise(statement, n); ok {
			edits, raised = append(edits, e), append(raised, n)
			continue
		}
		left = append(left, n)
	}
	if len(raised) == 0 {
		return nil
	}
	if len(left) > 0 {
		edits = append(edits, g.insert(g.inList(statement).Pos(), giveUp(left)))
	}
	return g.givingUp(needs, edits)
}

// raise finds the check of a length in the statements before, going back as
// far as nothing can answer anything but false on the way.
func (g *guardian) raise(statement ast.Stmt, n need) (edit, bool) {
	if n.kind != needLength || n.symbol != "" {
		return edit{}, false
	}
	before := g.before(g.inList(statement))
	for _, earlier := range slices.Backward(before) {
		if check, ok := earlier.(*ast.IfStmt); ok && check.Init == nil && check.Else == nil && givesUp(check.Body) {
			for _, part := range operands(check.Cond, token.LOR) {
				if e, ok := g.raiseComparison(part, n); ok {
					return e, true
				}
			}
		}
		if !onlyGivesUp(earlier) {
			break
		}
	}
	return edit{}, false
}

// raiseComparison raises the number in `len(x) < 10`, also in other spellings.
func (g *guardian) raiseComparison(part ast.Expr, n need) (edit, bool) {
	comparison, ok := ast.Unparen(part).(*ast.BinaryExpr)
	if !ok {
		return edit{}, false
	}
	known, whenTrue := g.tested(comparison)
	if known.kind != needLength || known.key != n.key || whenTrue || known.least >= n.least || !known.lasting {
		return edit{}, false
	}
	number, exact := g.linear(comparison.Y)
	if !exact || len(number.terms) > 0 {
		return edit{}, false
	}
	switch comparison.Op {
	case token.LSS, token.LEQ:
		return g.replace(comparison.Y, strconv.Itoa(number.number+n.least-known.least)), true
	case token.EQL:
		return g.replace(comparison, g.code(comparison.X)+" < "+strconv.Itoa(n.least)), true
	}
	return edit{}, false
}

// before are the statements of a list that stand before one.
func (g *guardian) before(statement ast.Stmt) []ast.Stmt {
	var list []ast.Stmt
	switch parent := g.parents[statement].(type) {
	case *ast.BlockStmt:
		list = parent.List
	case *ast.CaseClause:
		list = parent.Body
	case *ast.CommClause:
		list = parent.Body
	}
	return list[:max(0, slices.Index(list, statement))]
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
