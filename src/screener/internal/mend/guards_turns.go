package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// outside is where a loop's first turns, below, or its last ones, beyond, read
// something that no list has.
type outside struct {
	*access
	element       string
	below, beyond int
}

// turns takes away the turns of a loop in which a statement reads what lies
// outside of any list: on both sides at once, because all that fail do so in
// one line. These turns always panicked, provided that nothing in a turn can
// leave before.
func (g *guardian) turns(statement ast.Stmt) *Change {
	var first, last *outside
	for _, head := range g.heads(statement) {
		for _, e := range unconditional(head) {
			for _, o := range g.outsides(statement, e) {
				switch {
				case o.below > 0 && o.beyond > 0 || !g.comesTo(statement, o):
				case o.below > 0 && (first == nil || o.loop.statement == first.loop.statement && o.below > first.below):
					first = o
				case o.beyond > 0 && (last == nil || o.loop.statement == last.loop.statement && o.beyond > last.beyond):
					last = o
				}
			}
		}
	}
	if first != nil && last != nil && first.loop.statement != last.loop.statement {
		last = nil
	}
	return g.leaveOut(first, last)
}

// outsides are the elements and the bounds of a slice that an expression reads,
// with the turns in which they lie outside.
func (g *guardian) outsides(statement ast.Stmt, e ast.Expr) (found []*outside) {
	if a := g.access(statement, e); a != nil {
		found = append(found, &outside{a, fmt.Sprintf("%s[%s]", a.operand, g.code(a.expr.Index)), a.below(), a.beyond()})
	}
	if window, ok := e.(*ast.SliceExpr); ok && g.reading != indexesOnly {
		for _, bound := range []ast.Expr{window.Low, window.High} {
			if a := g.place(statement, &ast.IndexExpr{X: window.X, Index: bound}); a != nil {
				// A bound may be as large as the length is.
				found = append(found, &outside{a, g.code(window), a.below(), max(0, a.beyond()-1)})
			}
		}
	}
	return found
}

// comesTo tells whether each turn comes to a statement that reads outside.
func (g *guardian) comesTo(statement ast.Stmt, o *outside) bool {
	return o.factor == 1 && !o.isOfSoMany() && g.parents[g.inList(statement)] == o.loop.body &&
		!slices.ContainsFunc(g.before(g.inList(statement)), func(s ast.Stmt) bool { return leavesList(s) && !(o.beyond > 0 && g.skipsFirst(o.access, s)) })
}

// isOfSoMany tells a loop that has the same number of turns in any case: its
// index may be one off instead of its end.
func (a *access) isOfSoMany() bool { return len(a.count().terms) == 0 }

// leaveOut takes away a loop's first turns, or last ones, or both.
func (g *guardian) leaveOut(first, last *outside) *Change {
	var edits []edit
	var problems []string
	for _, o := range []*outside{first, last} {
		if o == nil {
			continue
		}
		where := " would lie before the first element"
		if o.beyond > 0 {
			where = " would lie behind the last element"
		}
		if s, ok := o.loop.statement.(*ast.ForStmt); ok {
			made := g.narrowCount(o.access, s, o.below, o.beyond)
			if made == nil {
				continue
			}
			edits = append(edits, made...)
		}
		problems = append(problems, o.element+where)
	}
	if len(problems) == 0 {
		return nil
	}
	if edits == nil {
		edits = g.narrowRange(first, last)
	}
	problem := strings.Join(problems, ", ") + ": the loop"
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
func (g *guardian) narrowRange(first, last *outside) []edit {
	below, beyond := 0, 0
	var s *ast.RangeStmt
	if first != nil {
		s, below = first.loop.statement.(*ast.RangeStmt), first.below
	}
	if last != nil {
		s, beyond = last.loop.statement.(*ast.RangeStmt), last.beyond
	}
	counter, length := g.code(s.Key), less("len("+g.code(s.X)+")", -beyond)
	if s.Value == nil {
		header := fmt.Sprintf("for %s := %d; %[1]s < %[3]s; %[1]s++ ", counter, below, length)
		return []edit{{g.offset(s.For), g.offset(s.Body.Lbrace), header}}
	}
	var edits []edit
	if below > 0 {
		edits = append(edits, g.insert(s.Body.Lbrace+1, fmt.Sprintf("\nif %s < %d {\n\tcontinue\n}\n", counter, below)))
	}
	if beyond > 0 {
		edits = append(edits, g.insert(s.Body.Lbrace+1, fmt.Sprintf("\nif %s >= %s {\n\tbreak\n}\n", counter, length)))
	}
	return edits
}

// less writes a sum of a text and a number that is mostly negative.
func less(text string, number int) string {
	if number == 0 {
		return text
	}
	return fmt.Sprintf("%s%+d", text, number)
}
