package mend

import (
	"go/ast"
	"go/token"
	"slices"
)

func guardLengthsInPlace(g *guardian, statement ast.Stmt) *Change {
	return g.checkInPlace(statement, g.seriesNeeds)
}

func guardPointersInPlace(g *guardian, statement ast.Stmt) *Change {
	return g.checkInPlace(statement, g.resultNeeds)
}

func guardDivisorsInPlace(g *guardian, statement ast.Stmt) *Change {
	return g.checkInPlace(statement, g.divisorNeeds)
}

// side is where a condition leads.
type side int

const (
	unclear   side = iota
	toMatch        // true brings the filter closer to a match
	toNoMatch      // true ends without one
)

// checkInPlace puts checks in front of the parts of a condition that need
// them: data that is lacking keeps the filter from matching.
func (g *guardian) checkInPlace(statement ast.Stmt, find finder) *Change {
	var all []need
	var edits []edit
	for _, c := range g.conditions(statement) {
		needs, made := g.checkParts(statement, c, find)
		all, edits = append(all, needs...), append(edits, made...)
	}
	if len(edits) == 0 {
		return nil
	}
	all = merged(all)
	problems := joined(all, need.problem, ", ")
	return &Change{
		Message: problems + ": the condition does not hold then",
		hint:    problems + ": check " + joined(all, need.present, " && ") + " in front of its use",
		without: g.without(statement, all),
		Guard:   true,
		isOpen:  g.isOpen(statement, all),
		edits:   edits,
	}
}

// checkParts checks what the parts of one condition need.
func (g *guardian) checkParts(statement ast.Stmt, c led, find finder) (all []need, edits []edit) {
	if c.leads == unclear {
		return nil, nil
	}
	for _, p := range g.parts(c.condition, token.ILLEGAL, g.knownBefore(statement), true) {
		if p.first && g.literal(statement) != nil {
			continue
		}
		needs := slices.DeleteFunc(g.needsIn(p.expr, find), func(n need) bool { return ensured(p.known, n) })
		if len(needs) > 0 {
			all = append(all, needs...)
			edits = append(edits, g.replace(p.expr, p.with(g.code(p.expr), needs, c.leads)))
		}
	}
	return all, edits
}

// part is an operand of a condition's && and ||.
type part struct {
	expr     ast.Expr
	operator token.Token // that it belongs to
	known    []need      // when it is evaluated
	first    bool        // it is evaluated in any case
}

// with is the part with its checks in front.
func (p part) with(text string, needs []need, leads side) string {
	own := token.LAND
	checked := joined(needs, need.present, " && ") + " && " + text
	if leads == toNoMatch {
		own = token.LOR
		checked = joined(needs, need.missing, " || ") + " || " + text
	}
	if p.operator != own && p.operator != token.ILLEGAL {
		return "(" + checked + ")"
	}
	return checked
}

// parts takes a condition apart, in the order of evaluation.
func (g *guardian) parts(e ast.Expr, operator token.Token, known []need, first bool) []part {
	logic, ok := ast.Unparen(e).(*ast.BinaryExpr)
	if !ok || (logic.Op != token.LAND && logic.Op != token.LOR) {
		return []part{{e, operator, known, first}}
	}
	left := g.parts(logic.X, logic.Op, known, first)
	known = slices.Concat(known, g.knownIf(logic.X, logic.Op == token.LAND, nil))
	return append(left, g.parts(logic.Y, logic.Op, known, false)...)
}

// condition is the condition of a statement and where it leads.
func (g *guardian) condition(statement ast.Stmt) (ast.Expr, side) {
	switch s := statement.(type) {
	case *ast.ReturnStmt:
		if len(s.Results) == 1 && isBool(g.info.TypeOf(s.Results[0])) {
			return s.Results[0], toMatch
		}
	case *ast.IfStmt:
		if g.literal(s) == nil {
			return s.Cond, g.leads(s)
		}
	}
	return nil, unclear
}

// withChain adds, to what a statement needs in any case, what the further
// operands of `return a && b` and of `if a || b { return false }` need: when
// it is missing, the answer is false whatever the operands before it say.
func (g *guardian) withChain(statement ast.Stmt, needs []need, find finder) []need {
	condition, leads := g.condition(statement)
	operator := token.LAND
	switch s := statement.(type) {
	case *ast.ReturnStmt:
	case *ast.IfStmt:
		if operator = token.LOR; leads != toNoMatch || s.Init != nil {
			return needs
		}
	default:
		return needs
	}
	if len(needs) == 0 || condition == nil {
		return needs
	}
	joined := operands(condition, operator)
	for _, p := range g.parts(condition, token.ILLEGAL, g.knownBefore(statement), true) {
		if p.first || !slices.Contains(joined, p.expr) {
			continue
		}
		more := g.needsIn(p.expr, find)
		if !slices.ContainsFunc(more, func(n need) bool { return ensured(p.known, n) }) {
			needs = append(needs, more...) // otherwise its check may itself need what the chain makes sure of
		}
	}
	return merged(needs)
}
