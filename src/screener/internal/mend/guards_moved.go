package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// apart is a read of one list by an index of another that begins earlier: at
// the end of the other it lies behind the last element.
type apart struct {
	element *ast.IndexExpr
	other   ast.Expr
	by      int     // how many candles later the list begins
	number  int     // of the index in its last turn, besides the other's length
	turn    *access // nil outside of loops
}

// guardMoved brings an index of a series to the same candle's value: what a
// helper makes begins later than its candles, and ends with them. There is one
// reading where each run that comes there panics.
func guardMoved(g *guardian, statement ast.Stmt) *Change {
	for _, head := range g.heads(statement) {
		always := unconditional(head)
		var change *Change
		ast.Inspect(head, func(node ast.Node) bool {
			if _, isFunction := node.(*ast.FuncLit); isFunction || change != nil {
				return false
			}
			element, _ := node.(*ast.IndexExpr)
			r := g.readApart(statement, element)
			if r == nil {
				return true
			}
			isCertain := slices.Contains(always, ast.Expr(element)) && (r.turn == nil || g.comesToHighest(r.turn, statement))
			if isCertain {
				change = g.cutLonger(statement, r)
			}
			switch {
			case change != nil:
			case r.turn == nil:
				change = g.countFromOwnEnd(r)
			case isCertain:
				change = g.moveInLoop(r)
			}
			return true
		})
		if change != nil {
			return change
		}
	}
	return nil
}

// readApart is an element of which some turn, or any, lies behind the last,
// because its index is that of another list; nil otherwise.
func (g *guardian) readApart(statement ast.Stmt, element *ast.IndexExpr) *apart {
	if element == nil || g.reading == slicesOnly || !g.hasLength(element.X) {
		return nil
	}
	index, ok := g.linear(element.Index)
	turn := g.access(statement, element)
	if turn != nil {
		index, _ = turn.most()
	}
	other, number := g.onlyLength(index)
	if by := g.apartBy(element.X, other); ok && by > 0 && number < 0 && number+by >= 0 {
		return &apart{element, other, by, number, turn}
	}
	return nil
}

// countFromOwnEnd counts all that is read of a list by another's length from
// the end of the list itself.
func (g *guardian) countFromOwnEnd(r *apart) *Change {
	var edits, moved []edit
	own := g.code(r.element.X)
	for _, element := range g.elementsOf(r.element) {
		index, ok := g.linear(element.Index)
		other, number := g.onlyLength(index)
		if by := g.apartBy(element.X, other); !ok || by <= 0 || !g.isSameList(element.X, r.element.X) {
			continue
		} else if number >= 0 || number+by < 0 {
			return nil // it may have been read
		}
		edits = append(edits, g.replace(element.Index, fmt.Sprintf("len(%s)%+d", own, number)))
		moved = append(moved, g.replace(element.Index, g.moved(element, r.other, r.by)))
	}
	if g.leavesUnused(edits) {
		edits = moved
	}
	return g.movedBy(r, fmt.Sprintf("the same candle's value is %s[len(%[1]s)%+d]", own, r.number), edits)
}

// moveInLoop moves the indexes that a loop counts, of all that begins where
// the list does.
func (g *guardian) moveInLoop(r *apart) *Change {
	by := r.by
	own, _ := g.linear(r.element.Index)
	if isAlmost := own.number < -1 && own.number == 1-by; isAlmost {
		by = 1
	} else if len(own.terms) == 1 && own.number < -1 && r.turn.factor == 1 {
		return nil // moved by something else
	}
	var edits []edit
	for _, element := range g.elementsOf(r.element) {
		index, ok := g.linear(element.Index)
		turn := g.access(g.statementOf(element), element)
		switch own, _ := g.key(element.X); {
		case index.terms[term{length: own}] == 1 || turn == nil && g.readApart(g.statementOf(element), element) != nil:
			continue
		case !ok || by < r.by && index.number != 1-r.by:
			return nil
		case turn == nil || turn.loop.statement != r.turn.loop.statement:
			if by == r.by || !g.isPlaceOf(r, element) {
				return nil
			}
		case !g.staysInside(turn, by, r.other):
			return nil
		}
		edits = append(edits, g.replace(element.Index, g.moved(element, r.other, by)))
	}
	return g.movedBy(r, fmt.Sprintf("the same candle's value stands %d places before", by), edits)
}

// movedBy says what was done about a list that begins later than another.
func (g *guardian) movedBy(r *apart, does string, edits []edit) *Change {
	if len(edits) == 0 {
		return nil
	}
	message := fmt.Sprintf("%s begins %d candles later than %s: %s", g.code(r.element.X), r.by, g.code(r.other), does)
	return &Change{Message: message, hint: message, edits: edits}
}

// elementsOf are all elements, in the function of one, of lists that begin
// where its list does.
func (g *guardian) elementsOf(one *ast.IndexExpr) (elements []*ast.IndexExpr) {
	from, _ := g.originOf(one.X)
	for node := range g.parents {
		if element, ok := node.(*ast.IndexExpr); ok {
			if begins, known := g.originOf(element.X); known && begins == from {
				elements = append(elements, element)
			}
		}
	}
	slices.SortFunc(elements, func(a, b *ast.IndexExpr) int { return int(a.Pos() - b.Pos()) })
	return elements
}

// leavesUnused tells whether edits take away all uses of a variable.
func (g *guardian) leavesUnused(edits []edit) bool {
	left := map[types.Object]int{}
	for node := range g.parents {
		name, ok := node.(*ast.Ident)
		if variable, isVariable := g.info.Uses[name].(*types.Var); ok && isVariable && !variable.IsField() {
			left[variable]++
			if slices.ContainsFunc(edits, func(e edit) bool { return e.from <= g.offset(name.Pos()) && g.offset(name.Pos()) < e.to }) {
				left[variable]--
			}
		}
	}
	return slices.Contains(slices.Collect(maps.Values(left)), 0)
}

func (g *guardian) isSameList(a, b ast.Expr) bool {
	one, ok := g.key(a)
	other, known := g.key(b)
	return ok && known && one == other
}

// isPlaceOf tells an element before a place in the other list, in the loop or
// behind one that has turns in any case.
func (g *guardian) isPlaceOf(r *apart, element *ast.IndexExpr) bool {
	place, _ := g.placeIn(r.other, element.Index)
	loop := r.turn.loop.statement
	isInside := loop.Pos() <= element.Pos() && element.Pos() < loop.End()
	turns := r.turn.count()
	return place != nil && (isInside || element.Pos() > loop.End() && len(turns.terms) == 0 && turns.number > 0)
}

// staysInside tells whether an index that is moved back is not before the
// first element, or only where data is short.
func (g *guardian) staysInside(a *access, by int, other ast.Expr) bool {
	least, _ := a.least()
	if len(least.terms) > 0 {
		list, _ := g.onlyLength(least)
		return list != nil && g.isSameList(list, other)
	}
	if a.factor == 1 && !a.loop.down {
		least.number += max(0, g.turnsFrom(a.loop, a.expr)-a.loop.first.number)
	}
	return least.number >= by
}

// moved is an index that many places before, of a list.
func (g *guardian) moved(element *ast.IndexExpr, other ast.Expr, by int) string {
	index := g.code(element.Index)
	if length := "len(" + g.code(other) + ")"; strings.Count(index, length) == 1 {
		return strings.Replace(index, length, "len("+g.code(element.X)+")", 1)
	}
	if sum, ok := element.Index.(*ast.BinaryExpr); ok && (sum.Op == token.SUB || sum.Op == token.ADD) {
		if number, ok := g.linear(sum.Y); ok && len(number.terms) == 0 && g.isNumber(sum.Y) {
			if sum.Op == token.SUB {
				number.number = -number.number
			}
			return fmt.Sprintf("%s%+d", g.code(sum.X), number.number-by)
		}
	}
	return fmt.Sprintf("%s-%d", index, by)
}

// isNumber tells a number as it is written.
func (g *guardian) isNumber(e ast.Expr) bool {
	_, ok := e.(*ast.BasicLit)
	return ok
}
