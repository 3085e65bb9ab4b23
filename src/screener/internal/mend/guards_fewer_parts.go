package mend

import (
	"go/ast"
	"go/types"
	"slices"
)

// isSteady tells whether a window's list stays as it is once it is read.
func (g *guardian) isSteady(w *window) bool {
	list := g.root(w.list)
	if !g.changed[list] {
		return true
	}
	if list == nil || g.shared[list] || g.literal(w.node) != nil {
		return false
	}
	for node := w.node; node != nil; node = g.parents[node] {
		s, ok := node.(ast.Stmt)
		if ok && g.inList(s) == s && slices.ContainsFunc(g.from(s), func(later ast.Stmt) bool { return g.sets(later, list) }) {
			return false
		}
	}
	return true
}

// whole is the window of which an element is the first, or itself.
func (g *guardian) whole(w *window) *window {
	for node := range g.parents {
		if other := g.windowAt(node); w.isElement && other != nil && !other.isElement && other.isAs(w) {
			other.before = w.before
			other.low, other.node = w.low, w.node
			return other
		}
	}
	return w
}

// loopsOf are the loops over windows, and over variables that hold one.
func (g *guardian) loopsOf(windows []*window) []ast.Stmt {
	var found []ast.Stmt
	isWindow := func(e ast.Expr) bool {
		return slices.ContainsFunc(windows, func(w *window) bool { return w.node == ast.Node(e) })
	}
	for node := range g.parents {
		switch s := node.(type) {
		case *ast.ForStmt:
			if slices.ContainsFunc(windows, func(w *window) bool { return w.node == node }) {
				found = append(found, s)
			}
		case *ast.RangeStmt:
			held := g.holder(s.X)
			if isWindow(ast.Unparen(s.X)) || held != nil && isWindow(g.first[held]) {
				found = append(found, s)
			}
		}
	}
	return found
}

// holder is the variable that an expression is, if nothing sets it again.
func (g *guardian) holder(e ast.Expr) types.Object {
	name, ok := e.(*ast.Ident)
	if !ok || g.changed[g.info.Uses[name]] {
		return nil
	}
	return g.info.Uses[name]
}
