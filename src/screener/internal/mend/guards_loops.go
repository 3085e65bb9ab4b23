package mend

import (
	"go/ast"
	"go/token"
	"go/types"
)

// loop counts a variable up or down by one between two sums, both included.
type loop struct {
	statement   ast.Stmt
	body        *ast.BlockStmt
	counter     types.Object
	first, last linear
	down        bool
}

// guardLoop mends an index that a loop counts: a window that may be longer
// than the list is checked before the loop; a loop that always goes one too
// far begins or ends earlier.
func guardLoop(g *guardian, statement ast.Stmt) *Change {
	if change := g.turns(statement); change != nil {
		return change
	}
	var needs []need
	var around *loop
	for _, head := range g.heads(statement) {
		for _, e := range unconditional(head) {
			a := g.access(statement, e)
			if a == nil {
				continue
			}
			if n := a.window(); n.key != "" && (around == nil || around.statement == a.loop.statement) {
				if g.fails(a, statement, n) {
					around, needs = a.loop, append(needs, n)
				} else if change := g.checkInBody(a, statement, n); change != nil {
					return change
				}
			}
		}
	}
	if around == nil || !g.takesReturn(around.statement) {
		return nil
	}
	if change := g.raiseCheck(around.statement, merged(needs)); change != nil {
		return change
	}
	return g.checkBefore(around.statement, merged(needs))
}

// loopOf is the loop around a statement that counts one of the terms of a sum.
func (g *guardian) loopOf(statement ast.Stmt, sum linear) *loop {
	for node := g.parents[statement]; node != nil; node = g.parents[node] {
		var l *loop
		switch s := node.(type) {
		case *ast.FuncLit:
			return nil
		case *ast.ForStmt:
			l = g.counted(s)
		case *ast.RangeStmt:
			l = g.ranged(s)
		}
		if l != nil && sum.terms[term{object: l.counter}] != 0 {
			return l
		}
	}
	return nil
}

// counted reads `for i := a; i < b; i++` and its like.
func (g *guardian) counted(s *ast.ForStmt) *loop {
	start, ok := s.Init.(*ast.AssignStmt)
	if !ok || start.Tok != token.DEFINE || len(start.Lhs) != 1 {
		return nil
	}
	condition, ok := s.Cond.(*ast.BinaryExpr)
	step, stepped := s.Post.(*ast.IncDecStmt)
	counter := g.root(start.Lhs[0])
	if !ok || !stepped || g.root(step.X) != counter || g.sets(s.Body, counter) {
		return nil
	}
	first, ok := g.linear(start.Rhs[0])
	if !ok {
		return nil
	}
	last, ok := g.bound(condition, counter, step.Tok == token.DEC)
	if !ok || !g.keeps(s.Body, condition.Y) {
		return nil
	}
	return &loop{s, s.Body, counter, first, last, step.Tok == token.DEC}
}

// bound is the last value of a counter that a condition lets through.
func (g *guardian) bound(condition *ast.BinaryExpr, counter types.Object, down bool) (linear, bool) {
	left, ok := g.linear(condition.X)
	if !ok || len(left.terms) != 1 || left.number != 0 || left.terms[term{object: counter}] != 1 {
		return linear{}, false
	}
	bound, ok := g.linear(condition.Y)
	if !ok {
		return linear{}, false
	}
	switch {
	case condition.Op == token.LSS && !down:
		bound.number--
	case condition.Op == token.GTR && down:
		bound.number++
	case condition.Op == token.LEQ && !down, condition.Op == token.GEQ && down:
	default:
		return linear{}, false
	}
	return bound, true
}

// ranged reads `for i := range list` and `for i, x := range list`.
func (g *guardian) ranged(s *ast.RangeStmt) *loop {
	if s.Tok != token.DEFINE || g.info.TypeOf(s.X) == nil || !g.lasts(s.X) {
		return nil
	}
	key, ok := g.key(s.X)
	counter := g.root(s.Key)
	_, isList := g.info.TypeOf(s.X).Underlying().(*types.Slice)
	if !ok || !isList || counter == nil || g.changed[counter] {
		return nil
	}
	return &loop{s, s.Body, counter, linear{}, linear{-1, map[term]int{{length: key}: 1}}, false}
}

// keeps tells whether an expression stays the same in a block or statement.
func (g *guardian) keeps(block ast.Node, e ast.Expr) bool {
	keeping := true
	ast.Inspect(e, func(node ast.Node) bool {
		if name, ok := node.(*ast.Ident); ok {
			object := g.info.Uses[name]
			keeping = keeping && !g.shared[object] && !g.sets(block, object)
		}
		return keeping
	})
	return keeping
}

// counts tells a variable that a loop's head declares.
func (g *guardian) counts(variable types.Object) bool {
	for node := range g.parents {
		name, ok := node.(*ast.Ident)
		if !ok || g.info.Defs[name] != variable {
			continue
		}
		switch parent := g.parents[name].(type) {
		case *ast.RangeStmt:
			return true
		case *ast.AssignStmt:
			_, isLoop := g.parents[parent].(*ast.ForStmt)
			return isLoop
		}
	}
	return false
}

// sets tells whether a block or statement sets a variable.
func (g *guardian) sets(block ast.Node, variable types.Object) (found bool) {
	ast.Inspect(block, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.AssignStmt:
			for _, left := range node.Lhs {
				found = found || g.root(left) == variable
			}
		case *ast.IncDecStmt:
			found = found || g.root(node.X) == variable
		case *ast.RangeStmt:
			found = found || g.root(node.Key) == variable || g.root(node.Value) == variable
		case *ast.UnaryExpr:
			found = found || node.Op == token.AND && g.root(node.X) == variable
		}
		return !found
	})
	return found
}
