package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
)

// turn takes away the loop's turns whose index lies outside of any list.
func (g *guardian) turn(a *access, statement ast.Stmt) *Change {
	return g.leaveOut(a, statement, fmt.Sprintf("%s[%s]", a.operand, g.code(a.expr.Index)), a.below(), a.beyond())
}

// turnOfWindow is turn for a slice that begins before the first element or
// ends behind the last.
func (g *guardian) turnOfWindow(statement ast.Stmt, e ast.Expr) *Change {
	window, ok := e.(*ast.SliceExpr)
	if !ok || g.reading == indexesOnly {
		return nil
	}
	for _, bound := range []ast.Expr{window.Low, window.High} {
		a := g.place(statement, &ast.IndexExpr{X: window.X, Index: bound})
		if a == nil {
			continue
		}
		// A bound may be as large as the length is.
		if change := g.leaveOut(a, statement, g.code(window), a.below(), max(0, a.beyond()-1)); change != nil {
			return change
		}
	}
	return nil
}

// leaveOut takes away the first or last turns of a loop, so many of them. These
// always panicked, provided that nothing in a turn can leave before.
func (g *guardian) leaveOut(a *access, statement ast.Stmt, element string, below, beyond int) *Change {
	if a.factor != 1 || below+beyond == 0 || below > 0 && beyond > 0 || g.parents[g.inList(statement)] != a.loop.body {
		return nil
	}
	if slices.ContainsFunc(g.before(g.inList(statement)), func(s ast.Stmt) bool { return leavesList(s) && !(beyond > 0 && g.skipsFirst(a, s)) }) {
		return nil
	}
	var edits []edit
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

// skipsFirst tells a statement that leaves out a loop's first turns, by its
// counter, and does nothing else.
func (g *guardian) skipsFirst(a *access, statement ast.Stmt) bool {
	check, ok := statement.(*ast.IfStmt)
	if !ok || check.Init != nil || check.Else != nil || len(check.Body.List) != 1 {
		return false
	}
	branch, ok := check.Body.List[0].(*ast.BranchStmt)
	place, isComparison := check.Cond.(*ast.BinaryExpr)
	if !ok || !isComparison || branch.Tok != token.CONTINUE || branch.Label != nil || a.loop.down {
		return false
	}
	bound, isSum := g.linear(place.Y)
	return g.root(place.X) == a.loop.counter && isSum && len(bound.terms) == 0 && (place.Op == token.LSS || place.Op == token.LEQ)
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
