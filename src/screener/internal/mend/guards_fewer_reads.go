package mend

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// nearest is how far back a read is one of single candles, the newest and the
// one before it, and no window.
const nearest = 2

// window is what a filter reads of a list from some elements back on.
type window struct {
	before    ast.Stmt     // the statement in front of which it can be made shorter
	node      ast.Node     // the element, the slice or the loop
	low       ast.Expr     // where it begins
	list      ast.Expr     // what of
	operand   string       // as written
	key       string       // the same for all names of the list
	depth     int          // how many elements from the end it begins, or
	size      types.Object // the parameter that is how many it takes
	behind    int          // how many elements from the end it ends
	isElement bool         // it is one element and nothing behind it
}

// isAs tells whether two windows begin and end at the same elements; one
// element may be the first of a window.
func (w *window) isAs(other *window) bool {
	return w.key == other.key && w.depth == other.depth && w.size == other.size &&
		(w.behind == other.behind || w.isElement || other.isElement)
}

// count is how many elements it takes.
func (w *window) count() int { return w.depth - w.behind }

// windowIn is the window that a statement reads in any case: its own, or that
// of the loop that it is in.
func (g *guardian) windowIn(statement ast.Stmt) *window {
	if g.inList(statement) == nil {
		return nil
	}
	for _, head := range g.heads(statement) {
		for _, part := range unconditional(head) {
			if w := g.window(part); w != nil {
				w.before = g.inList(statement)
				return w
			}
			if w := g.windowOfTurn(statement, part); w != nil {
				return w
			}
		}
	}
	return nil
}

// windowOfTurn is the window of the loop directly around a statement, of which
// it reads an element in the first turn.
func (g *guardian) windowOfTurn(statement ast.Stmt, e ast.Expr) *window {
	block, ok := g.parents[g.inList(statement)].(*ast.BlockStmt)
	if !ok || slices.ContainsFunc(g.before(g.inList(statement)), leavesList) {
		return nil
	}
	s, ok := g.parents[block].(*ast.ForStmt)
	element, isElement := e.(*ast.IndexExpr)
	if !ok || !isElement || g.inList(s) == nil || g.reading == slicesOnly {
		return nil
	}
	w := g.windowOfLoop(s)
	if w == nil || g.root(element.Index) != g.counted(s).counter {
		return nil
	}
	w.before = g.inList(s)
	return w
}

// window reads an element or a slice; nil is for what begins elsewhere, or at
// the newest elements.
func (g *guardian) window(e ast.Expr) *window {
	w := &window{}
	switch e := e.(type) {
	case *ast.IndexExpr:
		w.node, w.list, w.low, w.isElement = e, e.X, e.Index, true
	case *ast.SliceExpr:
		w.node, w.list, w.low = e, e.X, e.Low
		if e.Max != nil {
			return nil
		}
	default:
		return nil
	}
	if w.low == nil || !g.hasLength(w.list) || w.isElement && g.reading == slicesOnly || !w.isElement && g.reading == indexesOnly {
		return nil
	}
	if slice, ok := e.(*ast.SliceExpr); ok && slice.High != nil {
		high, ok := g.linear(slice.High)
		key, known := g.key(w.list)
		if !ok || !known || len(high.terms) != 1 || high.terms[term{length: key}] != 1 || high.number > 0 {
			return nil
		}
		w.behind = -high.number
	}
	low, ok := g.linear(w.low)
	return g.beginning(w, low, ok)
}

// windowOfLoop reads `for i := len(x) - 60; i < len(x); i++`, where i is for
// nothing but the elements of x.
func (g *guardian) windowOfLoop(s *ast.ForStmt) *window {
	l := g.counted(s)
	if l == nil || l.down {
		return nil
	}
	w := &window{node: s, low: s.Init.(*ast.AssignStmt).Rhs[0]}
	isPlain := true
	for use, object := range g.info.Uses {
		element, ok := g.parents[use].(*ast.IndexExpr)
		switch {
		case object != l.counter || g.parents[use] == ast.Node(s.Cond) || g.parents[use] == ast.Node(s.Post):
		case !ok || element.Index != ast.Expr(use):
			isPlain = false
		case w.list == nil:
			w.list = element.X
		case !g.isOneList(w.list, element.X):
			isPlain = false
		}
	}
	if !isPlain || w.list == nil || !g.hasLength(w.list) {
		return nil
	}
	key, ok := g.key(w.list)
	if !ok || len(l.last.terms) != 1 || l.last.terms[term{length: key}] != 1 || l.last.number > -1 {
		return nil
	}
	w.behind = -1 - l.last.number
	return g.beginning(w, l.first, true)
}

// beginning completes a window with where it begins.
func (g *guardian) beginning(w *window, low linear, ok bool) *window {
	key, known := g.key(w.list)
	if !ok || !known || low.terms[term{length: key}] != 1 || !g.isSteady(w) {
		return nil
	}
	w.key, w.operand, w.depth = key, g.code(w.list), -low.number
	switch len(low.terms) {
	case 1:
		if w.depth > nearest && w.count() > 0 {
			return w
		}
	case 2:
		for t, factor := range low.terms {
			if t.object != nil && factor == -1 && g.isParameter(t.object, w.node) && w.depth == w.behind && !w.isElement {
				w.size, w.depth = t.object, 0
				return w
			}
		}
	}
	return nil
}

// isOneList tells whether two expressions are the same list.
func (g *guardian) isOneList(a, b ast.Expr) bool {
	key, ok := g.key(a)
	other, known := g.key(b)
	return ok && known && key == other
}

// isParameter tells a parameter of the function around a node that nothing
// sets.
func (g *guardian) isParameter(variable types.Object, node ast.Node) bool {
	literal := g.literal(node)
	return literal != nil && literal.Type.Params.Pos() <= variable.Pos() && variable.Pos() < literal.Type.Params.End() && !g.changed[variable]
}

// same are the windows that are as one of a filter, itself among them. ok is
// false where the filter also reads others: which of them may be shorter is not
// plain then. Nor is it where these do not lie behind the place to make it shorter.
func (g *guardian) same(w *window) (found []*window, ok bool) {
	block := g.parents[w.before]
	ok = true
	ast.Inspect(g.file, func(node ast.Node) bool {
		other := g.windowAt(node)
		switch {
		case other == nil:
			ok = ok && !g.readsOtherwise(node, w)
		case other.isAs(w):
			found = append(found, other)
			ok = ok && w.before.Pos() <= node.Pos() && node.End() <= block.End()
		case other.key == w.key || w.isElement || other.size != nil || other.depth != w.depth:
			ok = false
		}
		return ok
	})
	return found, ok && len(found) > 0
}

// windowAt is the window that a node is, or nil.
func (g *guardian) windowAt(node ast.Node) *window {
	switch node := node.(type) {
	case *ast.ForStmt:
		return g.windowOfLoop(node)
	case ast.Expr:
		return g.window(node)
	}
	return nil
}

// readsOtherwise tells whether a node reads the list of a window in a way that
// may be another window: not the newest elements, the first, or those of a
// loop. Next to a single element, so may what it reads of other lists, and a
// helper with a period.
func (g *guardian) readsOtherwise(node ast.Node, w *window) bool {
	var list, low ast.Expr
	switch e := node.(type) {
	case *ast.IndexExpr:
		list, low = e.X, e.Index
	case *ast.SliceExpr:
		list, low = e.X, e.Low
		if high, ok := g.linear(e.High); e.High != nil && g.isOneList(list, w.list) && (!ok || len(high.terms) != 1 || high.number < -nearest) {
			return true
		}
	case *ast.CallExpr:
		return w.isElement && g.hasPeriod(e)
	}
	if low == nil || !g.hasLength(list) || !w.isElement && !g.isOneList(list, w.list) {
		return false
	}
	key, _ := g.key(list)
	index, ok := g.linear(low)
	if ok && len(index.terms) == 0 {
		return index.number > 0
	}
	if name, isName := low.(*ast.Ident); isName && g.counts(g.info.Uses[name]) {
		return false
	}
	return !ok || len(index.terms) != 1 || index.terms[term{length: key}] != 1 || index.number < -nearest
}

// hasPeriod tells a call of a helper with a number.
func (g *guardian) hasPeriod(call *ast.CallExpr) bool {
	function, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	of, ok := function.X.(*ast.Ident)
	return ok && of.Name == "indicators" && len(call.Args) > 1
}

// isComparison tells the operators that compare.
func isComparison(operator token.Token) bool {
	return slices.Contains([]token.Token{token.LSS, token.LEQ, token.GTR, token.GEQ, token.EQL, token.NEQ}, operator)
}
