package mend

import (
	"fmt"
	"go/ast"
	"go/token"
)

// guardBehind reads the last element where a statement reads the one behind
// it, which no list has. There is one reading, unless the last one is also
// read: then all may be meant to lie one further back. What is set there may
// be meant to be appended.
func guardBehind(g *guardian, statement ast.Stmt) *Change {
	var found *ast.IndexExpr
	var edits []edit
	for _, head := range g.heads(statement) {
		ast.Inspect(head, func(node ast.Node) bool {
			if _, isFunction := node.(*ast.FuncLit); isFunction {
				return false
			}
			if element, ok := node.(*ast.IndexExpr); ok && g.isBehind(element) {
				found = element
				edits = append(edits, g.insert(element.Index.End(), "-1"))
			}
			return true
		})
	}
	if found == nil {
		return nil
	}
	list := g.code(found.X)
	return &Change{
		Message: fmt.Sprintf("%s lies behind the last element: it is %s now", g.code(found), list+"["+g.code(found.Index)+"-1]"),
		hint:    fmt.Sprintf("%s lies behind the last element, which is %s", g.code(found), list+"["+g.code(found.Index)+"-1]"),
		edits:   edits,
	}
}

// isBehind tells an element that can only mean the last.
func (g *guardian) isBehind(element *ast.IndexExpr) bool {
	if g.distance(element) != 0 || g.isTarget(element) {
		return false
	}
	switch element.Index.(type) {
	case *ast.Ident, *ast.CallExpr:
	default:
		return false
	}
	key, _ := g.key(element.X)
	for node := range g.parents {
		other, ok := node.(*ast.IndexExpr)
		if !ok || g.distance(other) != -1 && !(g.distance(other) == 0 && g.isTarget(other)) {
			continue
		}
		if own, ok := g.key(other.X); ok && own == key {
			return false
		}
	}
	return true
}

// distance is how far behind the last index plus one an element lies; far away
// when that is not plain.
func (g *guardian) distance(element *ast.IndexExpr) int {
	const far = 1 << 30
	if g.reading == slicesOnly || !g.hasLength(element.X) {
		return far
	}
	key, known := g.key(element.X)
	index, ok := g.linear(element.Index)
	if !known || !ok || g.shared[g.root(element.X)] || !g.isSame(element) {
		return far
	}
	if rest := index.plus(linear{terms: map[term]int{{length: key}: 1}}, -1); len(rest.terms) == 0 {
		return rest.number
	}
	return far
}

// isSame tells whether the length in an index is that of the list as it is: it
// is taken there, or of a list that is not set again.
func (g *guardian) isSame(element *ast.IndexExpr) bool {
	_, isName := element.Index.(*ast.Ident)
	return !isName || g.lasts(element.X)
}

// isTarget tells what is set, or whose address is taken.
func (g *guardian) isTarget(e ast.Expr) bool {
	switch parent := g.parents[e].(type) {
	case *ast.SelectorExpr:
		return g.isTarget(parent)
	case *ast.IndexExpr:
		return parent.X == e && g.isTarget(parent)
	case *ast.ParenExpr:
		return g.isTarget(parent)
	case *ast.UnaryExpr:
		return parent.Op == token.AND
	case *ast.IncDecStmt:
		return true
	case *ast.AssignStmt:
		for _, left := range parent.Lhs {
			if left == e {
				return true
			}
		}
	}
	return false
}
