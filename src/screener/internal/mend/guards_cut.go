package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// cutLonger cuts the series that begin earlier at their front, so that one
// index is one candle in all of them, where a loop or several statements go
// through them together.
func (g *guardian) cutLonger(statement ast.Stmt, r *apart) *Change {
	at := g.cutBefore(statement, r)
	if at == nil || !g.isCuttable(r.other) {
		return nil
	}
	together, turns, ok := g.readTogether(at, r)
	if !ok || turns == 0 {
		return nil
	}
	shortest, latest := r.element.X, origin{}
	for _, list := range together {
		if begins, _ := g.originOf(list); begins.later > latest.later {
			shortest, latest = list, begins
		}
	}
	var names, cuts []string
	for _, list := range together {
		name := g.code(list)
		if begins, _ := g.originOf(list); begins.later == latest.later || slices.Contains(names, name) {
			continue
		}
		if !g.isCuttable(list) || !g.isSeen(list, at) || r.turn != nil && !g.hasTurns(r) && g.isUsedBehind(list, r.turn.loop.statement) {
			return nil
		}
		names = append(names, name)
		cuts = append(cuts, fmt.Sprintf("%s = %[1]s[len(%[1]s)-len(%s):]\n", name, g.code(shortest)))
	}
	if len(cuts) == 0 || !g.isSeen(shortest, at) {
		return nil
	}
	message := fmt.Sprintf("%s begins later than %s, and both end with the newest candle: the first values of the longer are cut off",
		g.code(shortest), strings.Join(names, " and "))
	return &Change{Message: message, hint: message, edits: []edit{g.insert(at.Pos(), strings.Join(cuts, ""))}}
}

// isCuttable tells a series that has a variable of its own.
func (g *guardian) isCuttable(list ast.Expr) bool {
	name, ok := list.(*ast.Ident)
	return ok && !isKlines(g.info.TypeOf(list)) && g.first[g.info.Uses[name]] != nil
}

// hasTurns tells whether a loop has a turn whenever the list has an element
// that is to be cut off.
func (g *guardian) hasTurns(r *apart) bool {
	loop, turns := r.turn.loop, r.turn.count()
	if len(turns.terms) == 0 {
		return turns.number > 0
	}
	list, number := g.onlyLength(turns)
	return !loop.down && number == 0 && list != nil && g.isSameList(list, r.other)
}

// isUsedBehind tells whether a list is used behind a loop, to which a run may
// come that has no turn.
func (g *guardian) isUsedBehind(list ast.Expr, loop ast.Stmt) bool {
	for name, object := range g.info.Uses {
		if name.Pos() > loop.End() && object == g.root(list) {
			return true
		}
	}
	return false
}

// isSeen tells whether a list is declared before a statement.
func (g *guardian) isSeen(list ast.Expr, at ast.Stmt) bool {
	return g.root(list) != nil && g.root(list).Pos() < at.Pos()
}

// cutBefore is the statement before which a list can be cut, so that all that
// is calculated from its length is calculated anew: a read, or its loop, with
// the declarations right before it; nil when something else has that length.
func (g *guardian) cutBefore(statement ast.Stmt, r *apart) ast.Stmt {
	at := g.inList(statement)
	if r.turn != nil {
		at = g.inList(r.turn.loop.statement)
	}
	if at == nil {
		return nil
	}
	before := g.before(at)
	for _, earlier := range slices.Backward(before) {
		if !g.onlyCounts(earlier) {
			break
		}
		at = earlier
	}
	for node := range g.parents {
		call, ok := node.(*ast.CallExpr)
		if !ok || call.Pos() >= at.Pos() || g.lengthOf(call) == nil || !g.isSameList(g.lengthOf(call), r.other) {
			continue
		}
		if _, isCheck := g.statementOf(call).(*ast.IfStmt); !isCheck {
			return nil
		}
	}
	return at
}

// onlyCounts tells a declaration of whole numbers that are sums.
func (g *guardian) onlyCounts(statement ast.Stmt) bool {
	declaration, ok := statement.(*ast.AssignStmt)
	if !ok || declaration.Tok != token.DEFINE {
		return false
	}
	return !slices.ContainsFunc(declaration.Rhs, func(value ast.Expr) bool {
		_, isSum := g.linear(value)
		return !isSum
	})
}

// readTogether are the series that are read from a statement on by an index of
// the list that is to be cut, and how many of these reads are counted by loops;
// false when another use of one of them would mean something else then.
func (g *guardian) readTogether(at ast.Stmt, r *apart) (lists []ast.Expr, turns int, ok bool) {
	key, _ := g.key(r.other)
	lists = []ast.Expr{r.other, r.element.X}
	var reads []*ast.IndexExpr
	for node := range g.parents {
		element, isElement := node.(*ast.IndexExpr)
		if !isElement || element.Pos() < at.Pos() {
			continue
		}
		if by := g.apartBy(element.X, r.other); by == 0 && !g.isSameList(element.X, r.other) && !isKlines(g.info.TypeOf(element.X)) {
			if _, known := g.originOf(element.X); !known {
				continue
			}
		}
		reads = append(reads, element)
		if lengths, _ := g.lengthsIn(element); lengths[key] {
			lists = append(lists, element.X)
		}
	}
	for _, element := range reads {
		isOne := slices.ContainsFunc(lists, func(list ast.Expr) bool { return g.isSameList(list, element.X) })
		if !isOne {
			continue
		}
		own, _ := g.key(element.X)
		lengths, inLoop := g.lengthsIn(element)
		if begins, known := g.originOf(element.X); !known || begins.later == 0 || !lengths[key] && !lengths[own] {
			return nil, 0, false
		}
		if inLoop && lengths[key] {
			turns++
		}
	}
	for _, list := range lists {
		if !g.isOnlyRead(list, at) {
			return nil, 0, false
		}
	}
	slices.SortFunc(lists, func(a, b ast.Expr) int { return int(a.Pos() - b.Pos()) })
	return lists, turns, true
}

// lengthsIn are the lists whose lengths an index has, itself or in the bounds
// of the loop that counts it.
func (g *guardian) lengthsIn(element *ast.IndexExpr) (lengths map[string]bool, inLoop bool) {
	lengths = map[string]bool{}
	index, ok := g.linear(element.Index)
	if !ok {
		return lengths, false
	}
	sums := []linear{index}
	if l := g.loopOf(g.statementOf(element), index); l != nil {
		sums, inLoop = append(sums, l.first, l.last), true
	}
	for _, sum := range sums {
		for t := range sum.terms {
			if t.length != "" {
				lengths[t.length] = true
			}
		}
	}
	return lengths, inLoop
}

// isOnlyRead tells whether nothing is done with a list, from a statement on,
// but to read its elements and its length.
func (g *guardian) isOnlyRead(list ast.Expr, at ast.Stmt) bool {
	object := g.root(list)
	for node := range g.parents {
		name, ok := node.(*ast.Ident)
		if !ok || name.Pos() < at.Pos() || g.info.Uses[name] != object {
			continue
		}
		used := ast.Expr(name)
		if field, isField := g.parents[name].(*ast.SelectorExpr); isField {
			used = field
		}
		switch parent := g.parents[used].(type) {
		case *ast.IndexExpr:
			if parent.X != used {
				return false
			}
		case *ast.RangeStmt:
			if parent.X != used {
				return false
			}
		case *ast.CallExpr:
			if g.lengthOf(parent) != used {
				return false
			}
		default:
			return false
		}
	}
	return true
}
