package mend

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"filtermend/screener/internal/validate"
)

// guardCalls are the guards of a filter's own function that has no answer for
// data that is lacking, such as one that returns a number: what each call of it
// needs in any case is checked where it is called.
func guardCalls(needsOf func(g *guardian) finder) guard {
	return func(g *guardian, statement ast.Stmt) *Change {
		literal := g.literal(statement)
		if literal == nil {
			return nil
		}
		variable := g.variableOf(literal)
		if variable == nil || !g.isOnly(variable) {
			return nil
		}
		return g.guardCallsOf(variable.Name(), needsOf)
	}
}

var (
	callsOfSeries   = guardCalls(func(g *guardian) finder { return g.seriesNeeds })
	callsOfSizes    = guardCalls(func(g *guardian) finder { return g.sizeNeeds })
	callsOfPointers = guardCalls(func(g *guardian) finder { return g.resultNeeds })
	callsOfPanics   = guardCalls(func(g *guardian) finder { return g.panicNeeds })
)

// guardCallsOf guards one call after the other: a guard may see to the next.
func (g *guardian) guardCallsOf(name string, needsOf func(g *guardian) finder) *Change {
	var all *Change
	text := g.text
	now := g
	for range maxReported {
		if now == nil {
			break
		}
		change := now.guardCall(name, needsOf(now))
		if change == nil {
			break
		}
		report := validate.Check(apply(now.text, change.edits))
		if !report.Valid || report.NormalizedCode == text {
			break
		}
		text = report.NormalizedCode
		now = newGuardian(text)
		if all == nil {
			all = change
			continue
		}
		all.isOpen = all.isOpen || change.isOpen
		if !strings.Contains(all.Message, change.Message) {
			all.Message, all.hint = all.Message+"; "+change.Message, all.hint+"; "+change.hint
		}
	}
	if all != nil {
		all.edits = []edit{{0, len(g.text), text}}
	}
	return all
}

// guardCall guards the first statement that calls a function, directly or
// through others, and lacks what that needs.
func (g *guardian) guardCall(name string, find finder) *Change {
	through := func(e ast.Expr) []need { return g.callNeeds(e, find, maxNested) }
	for _, statement := range g.statements() {
		if !g.calls(statement, name) {
			continue
		}
		if g.takesReturn(statement) {
			needs := g.withChain(statement, g.needsOf(statement, through), through)
			if change := g.raiseCheck(statement, needs); change != nil {
				return change
			}
			if change := g.checkBefore(statement, needs); change != nil {
				return change
			}
		}
		if change := g.checkInPlace(statement, through); change != nil {
			return change
		}
	}
	return nil
}

// calls tells whether a statement's own expressions reach a function.
func (g *guardian) calls(statement ast.Stmt, name string) (found bool) {
	for _, head := range g.heads(statement) {
		ast.Inspect(head, func(node ast.Node) bool {
			if _, isFunction := node.(*ast.FuncLit); isFunction {
				return false
			}
			if call, ok := node.(*ast.CallExpr); ok {
				literal := g.called(call)
				found = found || literal != nil && g.reaches(literal, name, maxNested)
			}
			return !found
		})
	}
	return found
}

// reaches tells whether a function is that of a name, or calls it.
func (g *guardian) reaches(literal *ast.FuncLit, name string, depth int) (found bool) {
	if g.variableOf(literal).Name() == name {
		return true
	}
	ast.Inspect(literal.Body, func(node ast.Node) bool {
		if call, ok := node.(*ast.CallExpr); ok && depth > 0 && !found {
			inner := g.called(call)
			found = inner != nil && g.reaches(inner, name, depth-1)
		}
		return !found
	})
	return found
}

// called is the filter's own function that a call is of, or nil.
func (g *guardian) called(call *ast.CallExpr) *ast.FuncLit {
	name, ok := call.Fun.(*ast.Ident)
	if !ok || call.Ellipsis.IsValid() {
		return nil
	}
	variable := g.info.Uses[name]
	literal, ok := g.first[variable].(*ast.FuncLit)
	if !ok || g.changed[variable] || literal.Type.Params.NumFields() != len(call.Args) {
		return nil
	}
	return literal
}

// variableOf is the variable that always is a function, or nil.
func (g *guardian) variableOf(literal *ast.FuncLit) *types.Var {
	for _, k := range g.keptBy(g.parents[literal]) {
		variable, ok := g.root(k.name).(*types.Var)
		if ok && k.value == ast.Expr(literal) && !g.changed[variable] {
			return variable
		}
	}
	return nil
}

// isOnly tells a variable from which no other takes the name.
func (g *guardian) isOnly(variable types.Object) bool {
	for _, object := range g.info.Defs {
		if object != nil && object != variable && object.Name() == variable.Name() {
			return false
		}
	}
	return true
}

// panicNeeds are the pointers that a function's own panic insists on.
func (g *guardian) panicNeeds(e ast.Expr) []need {
	comparison, ok := e.(*ast.BinaryExpr)
	if !ok || comparison.Op != token.EQL {
		return nil
	}
	n, whenTrue := g.tested(comparison)
	if n.kind != needPointer || whenTrue || !g.leadsToPanic(comparison) {
		return nil
	}
	return []need{{kind: needPointer, operand: g.code(comparison.X), expr: comparison.X, key: n.key}}
}

// leadsToPanic tells the condition of an if that does nothing but panic.
func (g *guardian) leadsToPanic(condition ast.Expr) bool {
	s, ok := g.parents[condition].(*ast.IfStmt)
	return ok && s.Cond == condition && len(s.Body.List) == 1 && g.ownPanic(s.Body.List[0]) != nil
}
