package mend

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

func guardSeriesOfCases(g *guardian, statement ast.Stmt) *Change {
	return g.checkCases(statement, g.seriesNeeds)
}

func guardPointersOfCases(g *guardian, statement ast.Stmt) *Change {
	return g.checkCases(statement, g.resultNeeds)
}

func guardDivisorsOfCases(g *guardian, statement ast.Stmt) *Change {
	return g.checkCases(statement, g.divisorNeeds)
}

// checkCases puts a case that gives up before each case of a switch that needs
// something: it is asked just when that would have panicked.
func (g *guardian) checkCases(statement ast.Stmt, find finder) *Change {
	s, ok := statement.(*ast.SwitchStmt)
	if !ok || s.Tag != nil || !g.takesReturn(s) || fallsThrough(s) {
		return nil
	}
	known := g.knownBefore(s)
	asked := map[string]bool{}
	var all []need
	var edits []edit
	for _, clause := range s.Body.List {
		c := clause.(*ast.CaseClause)
		if len(c.List) > 0 {
			needs, reasons := g.missingIn(c.List[0], known, find)
			for _, reason := range reasons {
				if !asked[reason] {
					all = append(all, needs...)
					edits = append(edits, g.insert(c.Pos(), "case "+reason+":\n\treturn false\n"))
				}
				asked[reason] = true
			}
			known = append(known, g.needsIn(c.List[0], find)...) // as it was met, or a case gave up
		}
		for _, e := range c.List {
			asked[g.code(e)] = true
			known = append(known, g.knownIf(e, false, nil)...)
		}
	}
	if len(edits) == 0 {
		return nil
	}
	change := g.givingUp(s, merged(all), edits)
	change.hint = joined(merged(all), need.problem, ", ") + ": before that case, case " + joined(merged(all), need.missing, " || ") + ": return false"
	return change
}

// missingIn are the needs of a condition and of what && joins to it, with the
// reasons to give up instead of asking it.
func (g *guardian) missingIn(condition ast.Expr, known []need, find finder) (all []need, reasons []string) {
	var before []string
	for _, e := range operands(condition, token.LAND) {
		var needs []need
		for _, n := range g.needsIn(e, find) {
			if !ensured(known, n) {
				needs = append(needs, n)
			}
		}
		if len(needs) > 0 {
			missing := joined(needs, need.missing, " || ")
			if len(before) > 0 && len(needs) > 1 {
				missing = "(" + missing + ")"
			}
			reasons = append(reasons, strings.Join(append(before, missing), " && "))
			if all = append(all, needs...); len(before) > 0 {
				return all, reasons // what follows may need what only this makes sure of
			}
		}
		if g.callsVariable(e) {
			break
		}
		known = append(known, g.knownIf(e, true, nil)...)
		known = append(known, needs...)
		before = append(before, g.code(e))
	}
	return all, reasons
}

// callsVariable tells what may have an effect when it is asked twice.
func (g *guardian) callsVariable(e ast.Expr) (found bool) {
	ast.Inspect(e, func(node ast.Node) bool {
		if call, ok := node.(*ast.CallExpr); ok {
			_, isVariable := g.root(call.Fun).(*types.Var)
			_, isFunction := call.Fun.(*ast.FuncLit)
			found = found || isVariable || isFunction
		}
		return !found
	})
	return found
}

// fallsThrough tells a switch whose cases lead to the next.
func fallsThrough(s *ast.SwitchStmt) (found bool) {
	ast.Inspect(s.Body, func(node ast.Node) bool {
		branch, ok := node.(*ast.BranchStmt)
		found = found || ok && branch.Tok == token.FALLTHROUGH
		return !found
	})
	return found
}
