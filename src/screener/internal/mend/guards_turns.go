package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
)

// turn takes away the loop's turns whose index lies outside of any list. These
// always panicked, provided that nothing in a turn can leave before.
func (g *guardian) turn(a *access, statement ast.Stmt) *Change {
	below, beyond := a.below(), a.beyond()
	if a.factor != 1 || below+beyond == 0 || below > 0 && beyond > 0 || g.parents[g.inList(statement)] != a.loop.body {
		return nil
	}
	if slices.ContainsFunc(g.before(g.inList(statement)), leavesList) {
		return nil
	}
	var edits []edit
	element := fmt.Sprintf("%s[%s]", a.operand, g.code(a.expr.Index))
	problem := element + " would lie before the first element: the loop"
	if beyond > 0 {
		problem = element + " would lie behind the last element: the loop"
	}
	switch s := a.loop.statement.(type) {
	case *ast.ForStmt:
		edits = g.narrowCount(a, s, below, beyond)
	case *ast.RangeStmt:
		edits = g.narrowRange(a, s, below, beyond)
	}
	if edits == nil {
		return nil
	}
	return &Change{
		Message: problem + " leaves that turn out now",
		hint:    problem + " must leave that turn out",
		edits:   edits,
	}
}

// turnOfWindow is turn for a slice that begins before the first element.
func (g *guardian) turnOfWindow(statement ast.Stmt, e ast.Expr) *Change {
	window, ok := e.(*ast.SliceExpr)
	if !ok || window.Low == nil || g.reading == indexesOnly {
		return nil
	}
	a := g.access(statement, &ast.IndexExpr{X: window.X, Index: window.Low})
	if a == nil || a.below() == 0 {
		return nil
	}
	return g.turn(a, statement)
}

// narrowCount changes a loop's start or its condition.
func (g *guardian) narrowCount(a *access, s *ast.ForStmt, below, beyond int) []edit {
	start := s.Init.(*ast.AssignStmt).Rhs[0]
	condition := s.Cond.(*ast.BinaryExpr)
	counter := g.code(condition.X)
	length := "len(" + a.operand + ")"
	if !a.isPlain(below > 0) {
		return nil
	}
	switch {
	case below > 0 && !a.loop.down: // its first turns
		return []edit{g.replace(start, strconv.Itoa(a.loop.first.number+below))}
	case below > 0: // its last
		return []edit{g.replace(condition, fmt.Sprintf("%s >= %d", counter, a.loop.last.number+below))}
	case !a.loop.down:
		if bound, _ := g.linear(condition.Y); bound.number == 0 {
			length = g.code(condition.Y)
		}
		return []edit{g.replace(condition, counter+" < "+less(length, a.loop.last.number-beyond+1))}
	}
	return []edit{g.replace(start, less(length, a.loop.first.number-beyond))}
}

// isPlain tells whether the end of a loop that is to be narrowed is a number
// alone, or that and the list's length.
func (a *access) isPlain(atLeast bool) bool {
	end := a.loop.last
	if atLeast != a.loop.down {
		end = a.loop.first
	}
	if atLeast {
		return len(end.terms) == 0
	}
	return len(end.terms) == 1 && end.terms[term{length: a.key}] == 1
}

// narrowRange makes a counted loop of a range that has no values, and leaves
// turns of one that has.
func (g *guardian) narrowRange(a *access, s *ast.RangeStmt, below, beyond int) []edit {
	counter, list := g.code(s.Key), g.code(s.X)
	if s.Value == nil {
		header := fmt.Sprintf("for %s := %d; %[1]s < %[3]s; %[1]s++ ", counter, below, less("len("+list+")", -beyond))
		return []edit{{g.offset(s.For), g.offset(s.Body.Lbrace), header}}
	}
	condition, word := fmt.Sprintf("%s < %d", counter, below), token.CONTINUE
	if beyond > 0 {
		condition, word = fmt.Sprintf("%s >= %s", counter, less("len("+list+")", -beyond)), token.BREAK
	}
	return []edit{g.insert(s.Body.Lbrace+1, fmt.Sprintf("\nif %s {\n\t%s\n}\n", condition, word))}
}

// less writes a sum of a text and a number that is mostly negative.
func less(text string, number int) string {
	if number == 0 {
		return text
	}
	return fmt.Sprintf("%s%+d", text, number)
}
