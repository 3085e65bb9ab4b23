package mend

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// withoutParts puts checks of optional data in front of the parts of
// conditions that need it: without the data they hold where they confirm what
// the others say, and do not hold where they lead to something of their own.
func (g *guardian) withoutParts(statement ast.Stmt, find finder) (all []need, edits []edit) {
	for _, condition := range g.conditionsOf(statement) {
		for _, p := range g.parts(condition, token.ILLEGAL, g.knownBefore(statement), true) {
			isSettled := func(n need) bool { return ensured(p.known, n) || g.isRequired(n) }
			needs := slices.DeleteFunc(g.needsIn(p.expr, find), isSettled)
			leads := g.leadsWithout(p.expr, maxNested)
			if len(needs) > 0 && leads != unclear {
				all = append(all, needs...)
				edits = append(edits, g.replace(p.expr, p.with(g.code(p.expr), needs, leads)))
			}
		}
	}
	return merged(all), edits
}

// conditionsOf are those that a statement evaluates or keeps.
func (g *guardian) conditionsOf(statement ast.Stmt) []ast.Expr {
	var found []ast.Expr
	for _, k := range g.keptBy(statement) {
		if isBool(g.info.TypeOf(k.value)) {
			found = append(found, k.value)
		}
	}
	switch s := statement.(type) {
	case *ast.IfStmt:
		if s.Init == nil {
			found = append(found, s.Cond)
		}
	case *ast.ReturnStmt:
		if len(s.Results) == 1 && isBool(g.info.TypeOf(s.Results[0])) {
			found = append(found, s.Results[0])
		}
	}
	return found
}

// leadsWithout is how a condition is to be read when there is nothing to check
// it with: toNoMatch when it can only keep the filter from matching, which it
// is not to do then, and toMatch when it leads to something that is not to be
// done then.
func (g *guardian) leadsWithout(e ast.Expr, depth int) side {
	if depth == 0 {
		return unclear
	}
	switch parent := g.parents[e].(type) {
	case *ast.ParenExpr:
		return g.leadsWithout(parent, depth)
	case *ast.BinaryExpr:
		leads := g.leadsWithout(parent, depth)
		if parent.Op == token.LAND || leads == toMatch || isNegation(parent.X) {
			return leads
		}
		return unclear
	case *ast.ReturnStmt:
		if g.literal(parent) == nil {
			return toNoMatch
		}
		return g.leadsTogether(g.callsOf(g.literal(parent)), depth-1)
	case *ast.IfStmt:
		return g.leadsFrom(parent, e)
	}
	for _, k := range g.keptBy(g.parents[e]) {
		if k.value == e {
			return g.leadsTogether(g.usesOf(g.root(k.name)), depth-1)
		}
	}
	if g.decides(e, false, maxNested) {
		return toNoMatch
	}
	return unclear
}

// leadsFrom is leadsWithout for the condition of an if.
func (g *guardian) leadsFrom(s *ast.IfStmt, condition ast.Expr) side {
	if s.Cond != condition || s.Else != nil || len(s.Body.List) == 0 {
		return unclear
	}
	_, answers := s.Body.List[0].(*ast.ReturnStmt)
	if g.decides(condition, false, maxNested) || answers && g.leads(s) == toMatch && len(operands(condition, token.LAND)) > 1 {
		return toNoMatch
	}
	return toMatch
}

// leadsTogether is leadsWithout for what is the same in several places.
func (g *guardian) leadsTogether(uses []ast.Expr, depth int) side {
	together := unclear
	for i, use := range uses {
		leads := g.leadsWithout(use, depth)
		if i > 0 && leads != together {
			return unclear
		}
		together = leads
	}
	return together
}

// usesOf are the uses of a variable that is set once.
func (g *guardian) usesOf(variable types.Object) []ast.Expr {
	var uses []ast.Expr
	for use, used := range g.info.Uses {
		if used == variable && variable != nil && !g.changed[variable] {
			uses = append(uses, use)
		}
	}
	return uses
}

// callsOf are the calls of a function inside the filter; none when it is also
// used otherwise.
func (g *guardian) callsOf(literal *ast.FuncLit) []ast.Expr {
	var calls []ast.Expr
	for _, use := range g.usesOf(g.variableOf(literal)) {
		call, ok := g.parents[use].(*ast.CallExpr)
		if !ok || call.Fun != use {
			return nil
		}
		calls = append(calls, call)
	}
	return calls
}

func isNegation(e ast.Expr) bool {
	not, ok := ast.Unparen(e).(*ast.UnaryExpr)
	return ok && not.Op == token.NOT
}
