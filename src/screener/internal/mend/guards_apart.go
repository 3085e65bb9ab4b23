package mend

import (
	"cmp"
	"fmt"
	"go/ast"
	"strings"
)

// hintApart names the two series when the place in one is taken from the
// length of the other; "" when the statements on a line do no such thing. How
// the two belong together only their author knows.
func (g *guardian) hintApart(line int) string {
	for _, statement := range g.statementsOn(line) {
		for _, head := range g.heads(statement) {
			for _, part := range unconditional(head) {
				if element, ok := part.(*ast.IndexExpr); ok && g.hasLength(element.X) {
					if hint := g.apart(statement, element); hint != "" {
						return hint
					}
				}
			}
		}
	}
	return ""
}

// apart is the hint about one element.
func (g *guardian) apart(statement ast.Stmt, element *ast.IndexExpr) string {
	own, ok := g.key(element.X)
	index, known := g.linear(element.Index)
	if !ok || !known {
		return ""
	}
	list := g.code(element.X)
	if other := g.otherLength(index, own); other != "" {
		return fmt.Sprintf("len(%s) is not len(%s), as a series begins later than its candles: count from the end of %s itself, %[1]s[len(%[1]s)-1] is its last", list, other, list)
	}
	l := g.loopOf(statement, index)
	if l == nil {
		return ""
	}
	if other := g.otherLength(l.last.plus(l.first, 1), own); other != "" {
		return fmt.Sprintf("the loop goes as far as %s is long, and len(%s) may be less: let it end with the shorter one, or count both from their ends, %s[len(%s)-1-i]", other, list, list, list)
	}
	return ""
}

// otherLength is the list whose length is in a sum when that of a list itself
// is not; "" when there is none.
func (g *guardian) otherLength(sum linear, own string) string {
	other := ""
	for t := range sum.terms {
		if t.length == own {
			return ""
		}
		if t.length != "" {
			other = t.length
		}
	}
	return g.shown(other)
}

// shown is a key as it is written, in the shortest of its ways.
func (g *guardian) shown(key string) string {
	if list := g.listOf(key); list != nil {
		return g.code(list)
	}
	return ""
}

// listOf is the list of a key, in the shortest of the ways it is written.
func (g *guardian) listOf(key string) (shortest ast.Expr) {
	for node := range g.parents {
		e, ok := node.(ast.Expr)
		if key == "" || !ok || g.info.Types[e].Type == nil || !g.hasLength(e) {
			continue
		}
		own, ok := g.key(e)
		if !ok || own != key {
			continue
		}
		if shortest == nil || cmp.Or(len(g.code(e))-len(g.code(shortest)), strings.Compare(g.code(e), g.code(shortest)), int(e.Pos()-shortest.Pos())) < 0 {
			shortest = e
		}
	}
	return shortest
}
