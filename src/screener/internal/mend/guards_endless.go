package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// EndlessHint says why the loop around a line does not end; "" when that is
// not plain. What it should do instead only its author knows.
func EndlessHint(submission string, line int) string {
	g := newGuardian(submission)
	if g == nil {
		return ""
	}
	hint := ""
	ast.Inspect(g.file, func(node ast.Node) bool {
		loop, ok := node.(*ast.ForStmt)
		if ok && g.line(loop.Pos()) <= line && line <= g.line(loop.End()) {
			if found := g.endless(loop); found != "" {
				hint = found // an inner one says more
			}
		}
		return true
	})
	return hint
}

// endless is what keeps a loop from ending, as far as its condition tells.
func (g *guardian) endless(loop *ast.ForStmt) string {
	at := g.line(loop.Pos())
	if loop.Cond == nil {
		if leavesList(loop.Body) {
			return ""
		}
		return fmt.Sprintf("the loop of line %d has no condition and no break: say when it ends", at)
	}
	c := g.counting(loop)
	switch {
	case c == nil:
		return ""
	case !g.sets(loop, c.counter):
		return fmt.Sprintf("nothing in the loop of line %d changes %s, which its condition asks for: change it in every turn, %s%s", at, c.name, c.name, c.step)
	case g.movesAway(loop, c.counter, c.step):
		return fmt.Sprintf("in the loop of line %d %s moves away from where it ends: %s%s", at, c.name, c.name, c.step)
	case loop.Post == nil && !g.setsAlways(loop.Body, c.counter):
		return fmt.Sprintf("the loop of line %d changes %s, which its condition asks for, in some turns only: change it in every turn, or break", at, c.name)
	}
	return ""
}

// counting is a loop's condition on a counter: by which step that comes to the
// bound, which stays.
type counting struct {
	counter types.Object
	name    string
	step    string
}

// counting reads a loop's condition; nil when it is no such.
func (g *guardian) counting(loop *ast.ForStmt) *counting {
	comparison, ok := loop.Cond.(*ast.BinaryExpr)
	if !ok {
		return nil
	}
	name, ok := ast.Unparen(comparison.X).(*ast.Ident)
	counter, isVariable := g.info.Uses[name].(*types.Var)
	step, counts := steps[comparison.Op]
	if !ok || !isVariable || !counts || !g.keeps(loop, comparison.Y) {
		return nil
	}
	return &counting{counter, name.Name, step}
}

// steps are how a counter comes to a bound.
var steps = map[token.Token]string{token.LSS: "++", token.LEQ: "++", token.GTR: "--", token.GEQ: "--"}

// movesAway tells a loop whose head counts the wrong way.
func (g *guardian) movesAway(loop *ast.ForStmt, counter types.Object, step string) bool {
	post, ok := loop.Post.(*ast.IncDecStmt)
	return ok && g.root(post.X) == counter && post.Tok.String() != step && !g.sets(loop.Body, counter)
}

// setsAlways tells whether a turn that runs to its end has set a variable.
func (g *guardian) setsAlways(body *ast.BlockStmt, variable types.Object) bool {
	for _, statement := range body.List {
		switch statement.(type) {
		case *ast.AssignStmt, *ast.IncDecStmt:
			if g.sets(statement, variable) {
				return true
			}
		}
	}
	return false
}

// RecursionHint says why a function that calls itself does not end; "" when
// none does, or there is no telling.
func RecursionHint(submission string) string {
	if g := newGuardian(submission); g != nil {
		return g.recursionIn(g.file)
	}
	return ""
}

func (g *guardian) recursionIn(node ast.Node) (hint string) {
	ast.Inspect(node, func(node ast.Node) bool {
		if call, ok := node.(*ast.CallExpr); ok && hint == "" {
			hint = g.recursion(call)
		}
		return hint == ""
	})
	return hint
}

// hintRecursion is the hint about the function around a line: one that counts
// down for ever leaves its series first.
func (g *guardian) hintRecursion(line int) string {
	for _, statement := range g.statementsOn(line) {
		if literal := g.literal(statement); literal != nil {
			return g.recursionIn(literal)
		}
	}
	return ""
}

// recursion says what a call of the function around it lacks to end.
func (g *guardian) recursion(call *ast.CallExpr) string {
	name, ok := call.Fun.(*ast.Ident)
	literal := g.literal(call)
	if !ok || literal == nil || g.ownerOf(literal) == nil || g.ownerOf(literal) != g.info.Uses[name] {
		return ""
	}
	begin := fmt.Sprintf("%s calls itself in line %d", name.Name, g.line(call.Pos()))
	for at, argument := range call.Args {
		smaller, ok := ast.Unparen(argument).(*ast.BinaryExpr)
		if !ok || smaller.Op != token.SUB {
			continue
		}
		counter := g.code(smaller.X)
		base := g.baseCase(literal, g.root(smaller.X))
		switch {
		case base == nil && !leavesBefore(literal, call):
			return fmt.Sprintf("%s, and no case ends it: begin it with if %s <= 0 { return ... }", begin, counter)
		case base != nil && base.Op == token.EQL:
			return fmt.Sprintf("%s with %s, which may pass by its last case %s: ask for %s <= %s there",
				begin, g.code(call.Args[at]), g.code(base), g.code(base.X), g.code(base.Y))
		}
	}
	if leavesBefore(literal, call) {
		return ""
	}
	return begin + ", and no case ends it: return before that when nothing is left to do"
}

// ownerOf is the variable that a function is assigned to, or nil.
func (g *guardian) ownerOf(literal *ast.FuncLit) types.Object {
	s, ok := g.parents[literal].(*ast.AssignStmt)
	if !ok || len(s.Lhs) != 1 {
		return nil
	}
	return g.root(s.Lhs[0])
}

// baseCase is the comparison of a counter by which a function returns early.
func (g *guardian) baseCase(literal *ast.FuncLit, counter types.Object) *ast.BinaryExpr {
	for _, statement := range literal.Body.List {
		check, ok := statement.(*ast.IfStmt)
		if !ok || !endsEarly(check.Body) {
			continue
		}
		comparison, ok := check.Cond.(*ast.BinaryExpr)
		if ok && counter != nil && g.root(comparison.X) == counter {
			return comparison
		}
	}
	return nil
}

// leavesBefore tells whether a function may return without coming to a call.
func leavesBefore(literal *ast.FuncLit, call *ast.CallExpr) bool {
	for _, statement := range literal.Body.List {
		if statement.Pos() <= call.Pos() && call.Pos() < statement.End() {
			_, isCondition := statement.(*ast.IfStmt)
			return isCondition
		}
		if leavesList(statement) {
			return true
		}
	}
	return false
}
