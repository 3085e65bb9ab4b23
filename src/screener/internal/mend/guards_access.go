package mend

import (
	"go/ast"
	"slices"
)

// access is an element that a loop's counter chooses, and the index in the
// loop's first and last turn.
type access struct {
	loop        *loop
	expr        *ast.IndexExpr
	operand     string
	key         string
	factor      int // of the counter in the index: 1 or -1
	first, last linear
	own         func(linear) linear // in the list's own length
}

// access reads an index expression in a loop.
func (g *guardian) access(statement ast.Stmt, e ast.Expr) *access {
	element, ok := e.(*ast.IndexExpr)
	if !ok || g.reading == slicesOnly {
		return nil
	}
	return g.place(statement, element)
}

// place reads where in a list an element lies, or where a slice of it ends.
func (g *guardian) place(statement ast.Stmt, element *ast.IndexExpr) *access {
	if element.Index == nil || !g.hasLength(element.X) || !g.lasts(element.X) {
		return nil
	}
	index, ok := g.linear(element.Index)
	key, known := g.key(element.X)
	if !ok || !known {
		return nil
	}
	l := g.loopOf(statement, index)
	if l == nil {
		return nil
	}
	counter := term{object: l.counter}
	factor := index.terms[counter]
	if factor != 1 && factor != -1 {
		return nil
	}
	rest := index.plus(linear{terms: map[term]int{counter: 1}}, -factor)
	return &access{l, element, g.code(element.X), key, factor, rest.plus(l.first, factor), rest.plus(l.last, factor),
		func(sum linear) linear { return g.inOwn(element.X, sum) }}
}

// least and most are the index at its ends; atFirst tells in which turn.
func (a *access) least() (index linear, atFirst bool) {
	if (a.factor == 1) != a.loop.down {
		return a.first, true
	}
	return a.last, false
}

func (a *access) most() (index linear, atFirst bool) {
	if (a.factor == 1) != a.loop.down {
		return a.last, false
	}
	return a.first, true
}

// inOwn are least and most in the length of the list itself, where they are in
// that of another that it was made with.
func (a *access) inOwn() (least, most linear) {
	least, _ = a.least()
	most, _ = a.most()
	return a.own(least), a.own(most)
}

// below is by how much the index is less than 0 whatever the length is.
func (a *access) below() int {
	if least, _ := a.least(); len(least.terms) == 0 {
		return max(0, -least.number)
	}
	return 0
}

// beyond is by how much the index exceeds the last whatever the length is.
func (a *access) beyond() int {
	most, _ := a.most()
	if over := most.plus(linear{-1, map[term]int{{length: a.key}: 1}}, -1); len(over.terms) == 0 {
		return max(0, over.number)
	}
	return 0
}

// window is the length that all turns together need; it has no key when that
// is not plain.
func (a *access) window() need {
	if a.below()+a.beyond() > 0 {
		return need{} // no length would do
	}
	length := linear{terms: map[term]int{{length: a.key}: 1}}
	least, most := a.inOwn()
	if over := most.plus(length, -1); len(over.terms) == 0 && over.number >= 0 {
		return need{}
	}
	for _, required := range []linear{length.plus(least, -1), most.plus(linear{number: 1}, 1)} {
		n := need{kind: needLength, operand: a.operand, expr: a.expr.X, key: a.key, least: required.number}
		if len(required.terms) == 0 && required.number > 0 && len(a.count().terms) == 0 && a.count().number > 0 {
			return n
		}
		if len(required.terms) != 1 {
			continue
		}
		for t, factor := range required.terms {
			// A variable of 0 or less means no turn and no need.
			if t.object != nil && factor == 1 && a.count().terms[t] == 1 && len(a.count().terms) == 1 && n.least <= a.count().number {
				n.symbol = t.object.Name()
				return n
			}
		}
	}
	return need{}
}

// count is the number of turns.
func (a *access) count() linear {
	from, to := a.loop.first, a.loop.last
	if a.loop.down {
		from, to = to, from
	}
	return to.plus(from, -1).plus(linear{number: 1}, 1)
}

// fails tells whether a loop that has not the length it needs ends in a panic
// or answers false, and nothing else.
func (g *guardian) fails(a *access, statement ast.Stmt, n need) bool {
	if g.parents[g.inList(statement)] != a.loop.body {
		return false
	}
	before := g.before(g.inList(statement))
	_, leastFirst := a.least()
	least, _ := a.inOwn()
	length := least.terms[term{length: n.key}] == 1
	_, mostFirst := a.most()
	if atFirst := length && leastFirst || !length && mostFirst; atFirst && !slices.ContainsFunc(before, leavesList) {
		return true
	}
	return onlyGivesUp(a.loop.body)
}

// leavesList tells a statement after which the next one may not come.
func leavesList(statement ast.Stmt) (found bool) {
	ast.Inspect(statement, func(node ast.Node) bool {
		switch node.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt, *ast.BranchStmt:
			found = true
		}
		return !found
	})
	return found
}

// checkInBody ends the filter in the turn that lacks its element.
func (g *guardian) checkInBody(a *access, statement ast.Stmt, n need) *Change {
	if !g.takesReturn(statement) || ensured(g.knownBefore(statement), n) || ensured(g.knownBefore(a.loop.statement), n) {
		return nil
	}
	index := g.code(a.expr.Index)
	condition := index + " >= len(" + a.operand + ")"
	if least, _ := a.least(); least.terms[term{length: a.key}] == 1 {
		condition = index + " < 0"
	}
	return &Change{
		Message: n.problem() + ": the filter does not match then",
		hint:    n.problem() + ": before this line, if " + condition + " { return false }",
		edits:   []edit{g.insert(g.inList(statement).Pos(), "if "+condition+" {\n\treturn false\n}\n")},
	}
}
