package mend

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
)

// raiseCheck makes a check of a length that stands before a statement ask for
// what the statement needs; what cannot be had so is checked before it. It
// returns nil when there is no check to raise.
func (g *guardian) raiseCheck(statement ast.Stmt, needs []need) *Change {
	needs = g.unchecked(statement, needs)
	var edits []edit
	var raised, left []need
	for _, n := range needs {
		if e, ok := g.raise(statement, n); ok {
			edits, raised = append(edits, e), append(raised, n)
			continue
		}
		left = append(left, n)
	}
	if len(raised) == 0 {
		return nil
	}
	if len(left) > 0 {
		edits = append(edits, g.insert(g.inList(statement).Pos(), giveUp(left)))
	}
	return g.givingUp(statement, needs, edits)
}

// raise finds the check of a length in the statements before, going back as
// far as nothing can answer anything but false on the way.
func (g *guardian) raise(statement ast.Stmt, n need) (edit, bool) {
	if n.kind != needLength || n.symbol != "" {
		return edit{}, false
	}
	before := g.before(g.inList(statement))
	for _, earlier := range slices.Backward(before) {
		if check, ok := earlier.(*ast.IfStmt); ok && check.Init == nil && check.Else == nil && givesUp(check.Body) {
			for _, part := range operands(check.Cond, token.LOR) {
				if e, ok := g.raiseComparison(part, n); ok {
					return e, true
				}
			}
		}
		if !onlyGivesUp(earlier) {
			break
		}
	}
	return edit{}, false
}

// raiseComparison raises the number in `len(x) < 10`, also in other spellings.
func (g *guardian) raiseComparison(part ast.Expr, n need) (edit, bool) {
	comparison, ok := ast.Unparen(part).(*ast.BinaryExpr)
	if !ok {
		return edit{}, false
	}
	known, whenTrue := g.tested(comparison)
	if known.kind != needLength || known.symbol != "" || known.key != n.key || whenTrue || known.least >= n.least || !known.lasting {
		return edit{}, false
	}
	number, exact := g.linear(comparison.Y)
	if !exact || len(number.terms) > 0 {
		return edit{}, false
	}
	switch comparison.Op {
	case token.LSS, token.LEQ:
		return g.replace(comparison.Y, strconv.Itoa(number.number+n.least-known.least)), true
	case token.EQL:
		return g.replace(comparison, g.code(comparison.X)+" < "+strconv.Itoa(n.least)), true
	}
	return edit{}, false
}

// pullUp takes the checks that ask for more of the same a little later, where
// nothing can answer anything but false on the way to them: one is enough.
func (g *guardian) pullUp(statement ast.Stmt, needs []need) ([]need, []edit) {
	needs = slices.Clone(needs)
	var edits []edit
	for _, later := range g.from(g.inList(statement)) {
		known := g.onlyCheck(later)
		at := slices.IndexFunc(needs, func(n need) bool {
			return n.kind == known.kind && n.key == known.key && n.symbol == "" && known.symbol == "" && n.least < known.least
		})
		if at >= 0 {
			needs[at].least = known.least
			edits = append(edits, g.removal(later))
		}
		if !onlyGivesUp(later) {
			break
		}
	}
	return needs, edits
}

// onlyCheck is the length that a statement makes sure of and does nothing
// else; no need at all when it is no such statement.
func (g *guardian) onlyCheck(statement ast.Stmt) need {
	check, ok := statement.(*ast.IfStmt)
	if !ok || check.Init != nil || check.Else != nil || !givesUp(check.Body) {
		return need{}
	}
	comparison, ok := check.Cond.(*ast.BinaryExpr)
	if !ok {
		return need{}
	}
	if n, whenTrue := g.tested(comparison); n.kind == needLength && !whenTrue && n.lasting {
		return n
	}
	return need{}
}

// removal is the edit that takes a statement away, with its line's end.
func (g *guardian) removal(statement ast.Stmt) edit {
	from, to := g.offset(statement.Pos()), g.offset(statement.End())
	if to < len(g.text) && g.text[to] == '\n' {
		to++
	}
	return edit{from, to, ""}
}
