package mend

import (
	"go/ast"
	"go/token"
)

// comesToHighest tells whether a loop that has turns comes to the one with the
// highest index, and there to a statement.
func (g *guardian) comesToHighest(a *access, statement ast.Stmt) bool {
	if _, isFirst := a.most(); isFirst {
		return g.parents[g.inList(statement)] == a.loop.body && !leavesAny(g.before(g.inList(statement)))
	}
	if g.inBody(a.loop, statement) == nil {
		return false
	}
	for _, other := range a.loop.body.List {
		if _, isSkip := g.skips(a.loop, other); !isSkip && leavesList(other) {
			return false
		}
	}
	return true
}

func leavesAny(statements []ast.Stmt) bool {
	for _, statement := range statements {
		if leavesList(statement) {
			return true
		}
	}
	return false
}

// inBody is the statement of a loop's body that holds another, which all turns
// from some on come to; nil otherwise.
func (g *guardian) inBody(l *loop, statement ast.Stmt) ast.Stmt {
	own := g.inList(statement)
	if own == nil || g.parents[own] == l.body {
		return own
	}
	block, _ := g.parents[own].(*ast.BlockStmt)
	outer, ok := g.parents[block].(*ast.IfStmt)
	if !ok || outer.Body != block || outer.Else != nil || g.parents[outer] != l.body {
		return nil
	}
	if _, isFrom := g.isFrom(l, outer.Cond, token.GEQ, token.GTR); !isFrom {
		return nil
	}
	return outer
}

// skips is the number of turn from which on a statement of a loop's body no
// longer leaves a turn out: if i < 9 { continue }.
func (g *guardian) skips(l *loop, statement ast.Stmt) (from int, ok bool) {
	s, ok := statement.(*ast.IfStmt)
	if !ok || s.Init != nil || s.Else != nil || len(s.Body.List) != 1 {
		return 0, false
	}
	if branch, isBranch := s.Body.List[0].(*ast.BranchStmt); !isBranch || branch.Tok != token.CONTINUE || branch.Label != nil {
		return 0, false
	}
	return g.isFrom(l, s.Cond, token.LSS, token.LEQ)
}

// isFrom reads a comparison of a loop's counter, which counts up, with a number.
func (g *guardian) isFrom(l *loop, condition ast.Expr, least, beyond token.Token) (from int, ok bool) {
	comparison, ok := condition.(*ast.BinaryExpr)
	if !ok || l.down || g.root(comparison.X) != l.counter {
		return 0, false
	}
	if _, isName := comparison.X.(*ast.Ident); !isName {
		return 0, false
	}
	bound, ok := g.linear(comparison.Y)
	if !ok || len(bound.terms) > 0 {
		return 0, false
	}
	switch comparison.Op {
	case least:
		return bound.number, true
	case beyond:
		return bound.number + 1, true
	}
	return 0, false
}

// turnsFrom is the least counter of the turns that come to an element.
func (g *guardian) turnsFrom(l *loop, element ast.Expr) (from int) {
	for _, statement := range l.body.List {
		if skipped, ok := g.skips(l, statement); ok && statement.End() <= element.Pos() {
			from = max(from, skipped)
		}
	}
	if outer, ok := g.inBody(l, g.statementOf(element)).(*ast.IfStmt); ok && outer.Body.Pos() < element.Pos() {
		if begins, ok := g.isFrom(l, outer.Cond, token.GEQ, token.GTR); ok {
			from = max(from, begins)
		}
	}
	return from
}
