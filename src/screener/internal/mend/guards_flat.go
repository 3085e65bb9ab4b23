package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// guardFlatStep checks a step between prices before a loop that goes by it: of
// data that is flat it is 0, and no loop ends that has a turn with it.
func guardFlatStep(g *guardian, statement ast.Stmt) *Change {
	for node := ast.Node(statement); node != nil; node = g.parents[node] {
		if loop, ok := node.(*ast.ForStmt); ok {
			if change := g.flatStep(loop); change != nil {
				return change
			}
		}
	}
	return nil
}

// flatStep is the check for one loop: when it has a turn at all, its step leads
// to its end.
func (g *guardian) flatStep(loop *ast.ForStmt) *Change {
	condition, ok := loop.Cond.(*ast.BinaryExpr)
	if !ok || leavesLoop(loop.Body) || !g.takesReturn(loop) {
		return nil
	}
	name, ok := ast.Unparen(condition.X).(*ast.Ident)
	level := g.root(condition.X)
	if !ok || level == nil || g.shared[level] || !isFloat(level.Type()) || !g.keeps(loop, condition.Y) || !g.pure(condition.Y) {
		return nil
	}
	step := g.onlyStep(loop, level, condition.Op)
	if step == nil || !g.keeps(loop, step) || !g.isComputed(step) {
		return nil
	}
	start, own := g.startOf(loop, name), g.declaredBy(loop)
	if start == "" || g.mentions(step, own) || g.mentions(condition.Y, own) {
		return nil
	}
	problem := g.code(step) + " may be 0, which is no step"
	check := fmt.Sprintf("%s <= 0 && %s %s %s", g.code(step), start, condition.Op, g.code(condition.Y))
	return &Change{
		Message: problem + ": the filter does not match then",
		hint:    problem + ": before this line, if " + check + " { return false }",
		Guard:   true,
		isOpen:  g.isOfTurn(loop, need{expr: step}),
		edits:   []edit{g.insert(g.inList(loop).Pos(), "if "+check+" {\n\treturn false\n}\n")},
	}
}

// leavesLoop tells whether something in a loop's body may end it.
func leavesLoop(body *ast.BlockStmt) (found bool) {
	var walk func(node ast.Node, isOwn bool)
	walk = func(node ast.Node, isOwn bool) {
		ast.Inspect(node, func(inner ast.Node) bool {
			switch s := inner.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt:
				found = true
			case *ast.BranchStmt:
				found = found || s.Tok == token.GOTO || s.Label != nil || s.Tok == token.BREAK && isOwn
			case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				if isOwn {
					walk(inner, false)
					return false
				}
			case *ast.CallExpr:
				name, ok := s.Fun.(*ast.Ident)
				found = found || ok && name.Name == "panic"
			}
			return !found
		})
	}
	walk(body, true)
	return found
}

// onlyStep is what each turn of a loop moves a level by, towards its end; nil
// when turns may also move it otherwise.
func (g *guardian) onlyStep(loop *ast.ForStmt, level types.Object, operator token.Token) ast.Expr {
	assignment, ok := loop.Post.(*ast.AssignStmt)
	if loop.Post == nil {
		if len(loop.Body.List) > 0 {
			assignment, ok = loop.Body.List[len(loop.Body.List)-1].(*ast.AssignStmt)
		}
		ok = ok && len(continuesOf(loop)) == 0
	}
	if !ok || len(assignment.Lhs) != 1 || g.root(assignment.Lhs[0]) != level {
		return nil
	}
	for node := range g.parents {
		if node != assignment && within(node, loop.Body) && isSetting(node) && g.sets(node, level) {
			return nil
		}
	}
	forward, word := token.ADD, token.ADD_ASSIGN
	if operator == token.GTR || operator == token.GEQ {
		forward, word = token.SUB, token.SUB_ASSIGN
	} else if operator != token.LSS && operator != token.LEQ {
		return nil
	}
	if assignment.Tok == word {
		return assignment.Rhs[0]
	}
	sum, ok := assignment.Rhs[0].(*ast.BinaryExpr)
	if ok && assignment.Tok == token.ASSIGN && sum.Op == forward && g.isName(sum.X, level) {
		return sum.Y
	}
	return nil
}

// isSetting tells the statements that give variables a value.
func isSetting(node ast.Node) bool {
	switch node.(type) {
	case *ast.AssignStmt, *ast.IncDecStmt, *ast.RangeStmt:
		return true
	}
	return false
}

// isName tells whether an expression is a variable's name.
func (g *guardian) isName(e ast.Expr, variable types.Object) bool {
	name, ok := ast.Unparen(e).(*ast.Ident)
	return ok && g.info.Uses[name] == variable
}

// isComputed tells a number that follows from data.
func (g *guardian) isComputed(step ast.Expr) bool {
	if !g.pure(step) || !isFloat(g.info.TypeOf(step)) || g.info.Types[step].Value != nil {
		return false
	}
	name, ok := ast.Unparen(step).(*ast.Ident)
	if !ok {
		return true
	}
	variable := g.info.Uses[name]
	return variable != nil && !g.changed[variable] && g.first[variable] != nil && g.isComputed(g.first[variable])
}

// startOf is what a level is when its loop begins, as it is written there; ""
// when that is not plain.
func (g *guardian) startOf(loop *ast.ForStmt, level *ast.Ident) string {
	if loop.Init == nil {
		return level.Name
	}
	start, ok := loop.Init.(*ast.AssignStmt)
	if !ok || len(start.Lhs) != len(start.Rhs) {
		return ""
	}
	for i, left := range start.Lhs {
		if g.root(left) == g.info.Uses[level] && g.pure(start.Rhs[i]) {
			return g.code(start.Rhs[i])
		}
	}
	return ""
}
