package mend

import (
	"fmt"
	"go/ast"
	"go/token"
)

// guardTurnsInPlace puts a check in front of a part of a condition that reads
// beyond a list's ends in a loop's first or last turns, however long the list
// is: there the part does not hold.
func guardTurnsInPlace(g *guardian, statement ast.Stmt) *Change {
	var edits []edit
	message := ""
	for _, condition := range g.conditionsOf(statement) {
		for _, p := range g.parts(condition, token.ILLEGAL, nil, true) {
			check := g.turnCheck(statement, p.expr)
			if check == "" || p.operator == token.LOR || g.leadsWithout(p.expr, maxNested) != toMatch {
				continue
			}
			edits = append(edits, g.replace(p.expr, check+" && "+g.code(p.expr)))
			message = "the loop's first or last turns have no such elements beside them: the condition does not hold there"
		}
	}
	return changed(g.line(statement.Pos()), message, edits...)
}

// turnCheck is the condition under which the elements that an expression reads
// exist; "" when they always do, or when that depends on the list's length.
func (g *guardian) turnCheck(statement ast.Stmt, e ast.Expr) string {
	check := ""
	for _, part := range unconditional(e) {
		a := g.access(statement, part)
		if a == nil || a.factor != 1 || a.isOfSoMany() {
			continue
		}
		counter, beside := a.loop.counter.Name(), 0
		if index, ok := g.linear(a.expr.Index); ok && len(index.terms) == 1 {
			beside = index.number
		}
		switch {
		case beside < 0 && a.below() > 0:
			check = fmt.Sprintf("%s >= %d", counter, -beside)
		case beside > 0 && a.beyond() > 0:
			check = fmt.Sprintf("%s < len(%s)-%d", counter, a.operand, beside)
		}
	}
	return check
}
