package mend

import (
	"go/ast"
	"go/token"
)

// isOpen tells whether there is more than one reading of what counts when a
// need is not met. A number that the filter itself counted may rightly be 0,
// unless it only makes shares and averages of what it counted; and in a loop
// that counts or collects, an element without data may be left out as well.
// Then only a hint is given.
func (g *guardian) isOpen(statement ast.Stmt, needs []need) bool {
	for _, n := range needs {
		if n.kind == needDivisor && !g.isLength(n.expr) && !g.isShare(n.expr) && !g.isTraded(n.expr) || g.isOfTurn(statement, n) {
			return true
		}
	}
	return false
}

// isLength tells numbers that follow from the length of a series.
func (g *guardian) isLength(e ast.Expr) bool {
	sum, ok := g.linear(e)
	if !ok {
		return false
	}
	for t := range sum.terms {
		if t.length != "" {
			return true
		}
	}
	return false
}

// isOfTurn tells what is new in each turn of a loop that does more than look
// for a reason to give up.
func (g *guardian) isOfTurn(statement ast.Stmt, n need) bool {
	if n.expr == nil {
		return false
	}
	for node := g.parents[statement]; node != nil; node = g.parents[node] {
		body := loopBody(node)
		if body != nil && g.mentionsInside(n.expr, node) && g.collects(body) && !g.asksForEvery(node) {
			return true
		}
	}
	return false
}

func loopBody(node ast.Node) *ast.BlockStmt {
	switch loop := node.(type) {
	case *ast.ForStmt:
		return loop.Body
	case *ast.RangeStmt:
		return loop.Body
	}
	return nil
}

// mentionsInside tells whether an expression uses a variable that is declared
// inside a node.
func (g *guardian) mentionsInside(e ast.Expr, node ast.Node) (found bool) {
	ast.Inspect(e, func(part ast.Node) bool {
		if name, ok := part.(*ast.Ident); ok {
			object := g.info.Uses[name]
			found = found || object != nil && node.Pos() <= object.Pos() && object.Pos() < node.End()
		}
		return !found
	})
	return found
}

// collects tells a loop that counts, sums or picks from one whose turns only
// decide whether to give up.
func (g *guardian) collects(body *ast.BlockStmt) (found bool) {
	ast.Inspect(body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.IncDecStmt:
			found = true
		case *ast.AssignStmt:
			found = found || node.Tok != token.DEFINE
		case *ast.BranchStmt:
			found = found || node.Tok == token.CONTINUE
		case *ast.ReturnStmt:
			found = found || len(node.Results) != 1 || g.code(node.Results[0]) != "false"
		}
		return !found
	})
	return found
}
