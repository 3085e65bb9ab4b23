package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// guardPlaces checks, before a statement that reads some elements before a
// place in a list, that there are so many. A place is a variable that is set to
// nothing but indexes of that list.
func guardPlaces(g *guardian, statement ast.Stmt) *Change {
	if !g.takesReturn(statement) {
		return nil
	}
	for _, head := range g.heads(statement) {
		for _, part := range unconditional(head) {
			list, low := g.lowest(part)
			if low == nil {
				continue
			}
			place, back := g.placeIn(list, low)
			if place == nil || g.isOfTurn(statement, need{expr: low}) || g.shared[place] {
				continue
			}
			name := place.Name()
			missing := fmt.Sprintf("if %s < %d {\n\treturn false\n}\n", name, back)
			message := fmt.Sprintf("there may be fewer than %d elements before %s", back, name)
			return &Change{
				Message: message + ": the filter does not match then",
				hint:    message + fmt.Sprintf(": before this line, if %s < %d { return false }", name, back),
				Guard:   true,
				edits:   []edit{g.insert(g.inList(statement).Pos(), missing)},
			}
		}
	}
	return nil
}

// lowest is a list and the lowest index that an expression reads of it.
func (g *guardian) lowest(e ast.Expr) (list, low ast.Expr) {
	switch e := e.(type) {
	case *ast.IndexExpr:
		return e.X, e.Index
	case *ast.SliceExpr:
		return e.X, e.Low
	}
	return nil, nil
}

// placeIn is the variable that an index goes back from, and how far.
func (g *guardian) placeIn(list, index ast.Expr) (place types.Object, back int) {
	key, ok := g.key(list)
	sum, known := g.linear(index)
	if !ok || !known || len(sum.terms) != 1 || sum.number >= 0 || !g.hasLength(list) {
		return nil, 0
	}
	for t, factor := range sum.terms {
		if factor != 1 || t.object == nil || !g.isPlace(t.object, key, map[types.Object]bool{}) {
			return nil, 0
		}
		place = t.object
	}
	return place, -sum.number
}

// isPlace tells a variable that is set to nothing but indexes of a list, and
// not only to the first. What was asked before, on the way, is one if all else is.
func (g *guardian) isPlace(variable types.Object, key string, asked map[types.Object]bool) bool {
	if asked[variable] {
		return true
	}
	asked[variable] = true
	isIndex := false
	for node := range g.parents {
		switch s := node.(type) {
		case *ast.IncDecStmt:
			if g.root(s.X) == variable && !g.counts(variable) {
				return false
			}
		case *ast.RangeStmt:
			if l := g.ranged(s); l != nil && l.counter == variable {
				isIndex = isIndex || l.last.terms[term{length: key}] == 1
			} else if g.root(s.Key) == variable || g.root(s.Value) == variable {
				return false
			}
		case *ast.AssignStmt:
			at := slices.IndexFunc(s.Lhs, func(left ast.Expr) bool { return g.root(left) == variable })
			if at < 0 {
				continue
			}
			is, fits := g.isIndexOf(s, at, key, asked)
			if !fits {
				return false
			}
			isIndex = isIndex || is
		}
	}
	return isIndex
}

// isIndexOf tells whether what a variable is set to is an index of a list; 0
// fits, but tells nothing.
func (g *guardian) isIndexOf(s *ast.AssignStmt, at int, key string, asked map[types.Object]bool) (is, fits bool) {
	if s.Tok != token.DEFINE && s.Tok != token.ASSIGN || len(s.Lhs) != len(s.Rhs) {
		return false, false
	}
	sum, ok := g.linear(s.Rhs[at])
	if !ok {
		return false, false
	}
	if len(sum.terms) == 0 {
		return false, sum.number == 0
	}
	for t, factor := range sum.terms {
		if factor != 1 || t.length != key && (t.object == nil || t.object != g.root(s.Lhs[at]) && !g.isPlace(t.object, key, asked)) {
			return false, false
		}
	}
	return true, len(sum.terms) == 1
}
