package mend

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
)

// isOnlySize tells whether a parameter says how long a window is and is
// otherwise only divided by, and the filter has no window of its own next to it.
func (g *guardian) isOnlySize(w *window) bool {
	literal := g.literal(w.before)
	ok := true
	ast.Inspect(literal.Body, func(node ast.Node) bool {
		other := g.windowAt(node)
		isWindow := other != nil && other.isAs(w)
		if isWindow && (node.Pos() < w.before.Pos() || g.literal(node) != literal) || other == nil && g.readsOtherwise(node, w) {
			ok = false
		}
		if use, isName := node.(*ast.Ident); isName && g.info.Uses[use] == w.size {
			ok = ok && (g.isInLow(use, w) || use.Pos() > w.before.End() && g.divides(use) != nil)
		}
		return ok
	})
	ast.Inspect(g.file, func(node ast.Node) bool {
		other := g.windowAt(node)
		ok = ok && (other == nil || other.size != nil)
		return ok
	})
	return ok && g.isWholeUse([]*window{w})
}

// isInLow tells whether a name stands where windows like one begin.
func (g *guardian) isInLow(use ast.Node, w *window) bool {
	for node := g.parents[use]; node != nil; node = g.parents[node] {
		if other := g.windowAt(node); other != nil && other.isAs(w) {
			return other.low.Pos() <= use.Pos() && use.End() <= other.low.End()
		}
	}
	return false
}

// divides is the division by a number, which may be converted on the way.
func (g *guardian) divides(number ast.Expr) *ast.BinaryExpr {
	switch parent := g.parents[number].(type) {
	case *ast.ParenExpr:
		return g.divides(parent)
	case *ast.CallExpr:
		if g.info.Types[parent.Fun].IsType() {
			return g.divides(parent)
		}
	case *ast.BinaryExpr:
		if parent.Op == token.QUO && parent.Y == number {
			return parent
		}
	}
	return nil
}

// recounted are the edits by which the filter divides sums over windows by how
// many elements there are. ok is false where something else may count on the
// windows' length: its number or one next to it, or a place inside.
func (g *guardian) recounted(w *window, windows []*window, start string) (edits []edit, ok bool) {
	if !g.isWholeUse(windows) {
		return nil, false
	}
	_, declaration := g.declaredStart(w)
	ok = true
	ast.Inspect(g.file, func(node ast.Node) bool {
		e, isExpr := node.(ast.Expr)
		if isExpr && g.isBeginning(e) || declaration != nil && node == ast.Node(declaration) {
			return false
		}
		if isExpr && g.isNear(e, w) {
			division := g.divides(e)
			if division == nil || !g.hasValue(e, w.count()) || !g.isSumOf(division, w, windows) {
				ok = false
				return false
			}
			edits = append(edits, g.replace(division.Y, g.countText(w, windows, start, division)))
			return false
		}
		return ok
	})
	return edits, ok
}

// isBeginning tells where a window begins or ends.
func (g *guardian) isBeginning(e ast.Expr) bool {
	switch parent := g.parents[e].(type) {
	case *ast.IndexExpr:
		return parent.Index == e && g.window(parent) != nil
	case *ast.SliceExpr:
		return parent.X != e && g.window(parent) != nil
	case *ast.AssignStmt:
		s, ok := g.parents[parent].(*ast.ForStmt)
		return ok && s.Init == ast.Stmt(parent) && g.windowOfLoop(s) != nil
	}
	return false
}

// isNear tells a number that may stand for a window's length: it, the place
// where the window begins, or one next to these. What a variable is declared
// with counts where that is used.
func (g *guardian) isNear(e ast.Expr, w *window) bool {
	switch e.(type) {
	case *ast.BasicLit, *ast.Ident:
	default:
		return false
	}
	if s, ok := g.parents[e].(*ast.AssignStmt); ok && s.Tok == token.DEFINE {
		return false
	}
	if _, ok := g.parents[e].(*ast.ValueSpec); ok {
		return false
	}
	for near := w.count() - 1; near <= w.depth+1; near++ {
		if g.hasValue(e, near) {
			return true
		}
	}
	return false
}

// hasValue tells whether an expression is a certain number, whole or not.
func (g *guardian) hasValue(e ast.Expr, number int) bool {
	value := g.info.Types[e].Value
	if value == nil {
		sum, ok := g.linear(e)
		return ok && len(sum.terms) == 0 && sum.number == number
	}
	return (value.Kind() == constant.Int || value.Kind() == constant.Float) && constant.Compare(value, token.EQL, constant.MakeInt64(int64(number)))
}

// isSumOf tells whether what a division divides is a sum over the elements of
// a window, each once.
func (g *guardian) isSumOf(division *ast.BinaryExpr, w *window, windows []*window) bool {
	name, ok := ast.Unparen(division.X).(*ast.Ident)
	if !ok || division.Pos() < w.before.Pos() || division.End() > g.parents[w.before].End() || !g.beginsAtZero(g.info.Uses[name]) {
		return false
	}
	var adds []*ast.AssignStmt
	for node := range g.parents {
		switch s := node.(type) {
		case *ast.AssignStmt:
			isSet := slices.ContainsFunc(s.Lhs, func(left ast.Expr) bool { return g.root(left) == g.info.Uses[name] })
			if isSet && s.Tok != token.DEFINE {
				adds = append(adds, s)
			}
		case *ast.IncDecStmt:
			if g.root(s.X) == g.info.Uses[name] {
				return false
			}
		}
	}
	if len(adds) != 1 || adds[0].Tok != token.ADD_ASSIGN || g.literal(adds[0]) != g.literal(division) {
		return false
	}
	return slices.ContainsFunc(g.loopsOf(windows), func(loop ast.Stmt) bool {
		body := loopBody(loop)
		return g.parents[adds[0]] == ast.Node(body) && g.parents[loop] == g.parents[w.before] && loop.End() < division.Pos() &&
			!slices.ContainsFunc(body.List, leavesList)
	})
}

// beginsAtZero tells a variable that is declared as 0.
func (g *guardian) beginsAtZero(variable types.Object) bool {
	if variable == nil {
		return false
	}
	if first := g.first[variable]; first != nil {
		return g.hasValue(first, 0)
	}
	for name, object := range g.info.Defs {
		if spec, ok := g.parents[name].(*ast.ValueSpec); ok && object == variable {
			return len(spec.Values) == 0
		}
	}
	return false
}

// countText is how many elements a window has, as what a sum is divided by.
func (g *guardian) countText(w *window, windows []*window, start string, division *ast.BinaryExpr) string {
	text := "len(" + w.operand + ") - " + start
	if w.behind > 0 {
		text = fmt.Sprintf("len(%s) - %d - %s", w.operand, w.behind, start)
	}
	for object, first := range g.first {
		isWindow := func(other *window) bool { return other.node == ast.Node(first) }
		if slices.ContainsFunc(windows, isWindow) && object.Pos() < division.Pos() && g.holds(object, division) {
			text = "len(" + object.Name() + ")"
		}
	}
	if basic, ok := under(g.info.TypeOf(division.X)).(*types.Basic); ok && basic.Info()&types.IsFloat != 0 {
		return "float64(" + text + ")"
	}
	return "(" + text + ")"
}

// holds tells whether a variable can be read, with its first value, where a
// division stands.
func (g *guardian) holds(variable types.Object, division ast.Node) bool {
	scope := variable.Parent()
	return !g.changed[variable] && scope != nil && scope.Contains(division.Pos())
}

// isWholeUse tells whether windows are read whole and from one end on: a
// variable that holds one is not cut again, no number of an element beyond the
// first is written there, no helper gets it with a period, and nothing that is
// counted in a loop over it is compared with a number.
func (g *guardian) isWholeUse(windows []*window) bool {
	isWindow := func(e ast.Expr) bool {
		held := g.holder(ast.Unparen(e))
		return slices.ContainsFunc(windows, func(w *window) bool {
			return w.node == ast.Node(ast.Unparen(e)) || held != nil && g.first[held] != nil && w.node == ast.Node(g.first[held])
		})
	}
	whole := true
	ast.Inspect(g.file, func(node ast.Node) bool {
		switch e := node.(type) {
		case *ast.IndexExpr:
			index, ok := g.linear(e.Index)
			whole = whole && !(isWindow(e.X) && ok && (len(index.terms) == 0 && index.number != 0 || index.number < -nearest))
		case *ast.SliceExpr:
			whole = whole && !isWindow(e.X)
		case *ast.CallExpr:
			whole = whole && !(len(e.Args) > 1 && slices.ContainsFunc(e.Args, isWindow))
		case *ast.BinaryExpr:
			whole = whole && !(isComparison(e.Op) && g.isTally(e, windows))
		}
		return whole
	})
	return whole
}

// isTally tells the comparison of a number with what loops over windows count.
func (g *guardian) isTally(e *ast.BinaryExpr, windows []*window) bool {
	for _, side := range [][2]ast.Expr{{e.X, e.Y}, {e.Y, e.X}} {
		number, ok := g.linear(side[1])
		counted, isName := side[0].(*ast.Ident)
		if !ok || !isName || len(number.terms) > 0 || number.number == 0 {
			continue
		}
		for _, loop := range g.loopsOf(windows) {
			if object := g.info.Uses[counted]; object != nil && g.adds(loopBody(loop), object) {
				return true
			}
		}
	}
	return false
}

// adds tells whether a block sets a variable to what follows from its value.
func (g *guardian) adds(block ast.Node, variable types.Object) (found bool) {
	ast.Inspect(block, func(node ast.Node) bool {
		switch s := node.(type) {
		case *ast.IncDecStmt:
			found = found || g.root(s.X) == variable
		case *ast.AssignStmt:
			for _, left := range s.Lhs {
				isOwn := s.Tok != token.ASSIGN || slices.ContainsFunc(s.Rhs, func(e ast.Expr) bool { return g.mentions(e, map[types.Object]bool{variable: true}) })
				found = found || g.root(left) == variable && s.Tok != token.DEFINE && isOwn
			}
		}
		return !found
	})
	return found
}
