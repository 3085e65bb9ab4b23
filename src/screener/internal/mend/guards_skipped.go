package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// stepSkipped lets a loop go on to the next element before a `continue` that
// skips its step. Such a turn leaves all as it was that the next one asks for,
// so that no run ended that came to it.
func stepSkipped(g *guardian, statement ast.Stmt) *Change {
	for node := ast.Node(statement); node != nil; node = g.parents[node] {
		loop, ok := node.(*ast.ForStmt)
		if !ok || loop.Post != nil {
			continue
		}
		var edits []edit
		step := ""
		for _, skip := range continuesOf(loop) {
			path := g.pathTo(loop, skip)
			if !g.leavesAll(loop, path) {
				continue
			}
			if step = g.stepBehind(loop, skip, path); step == "" {
				return nil
			}
			edits = append(edits, g.insert(skip.Pos(), step+"\n"))
		}
		if len(edits) > 0 {
			return changed(0, fmt.Sprintf("a turn that ends with continue comes again for ever: it goes on with %s now", step), edits...)
		}
	}
	return nil
}

// continuesOf are the continue statements that go to a loop's next turn.
func continuesOf(loop *ast.ForStmt) (found []*ast.BranchStmt) {
	ast.Inspect(loop.Body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncLit, *ast.ForStmt, *ast.RangeStmt:
			return false
		case *ast.BranchStmt:
			if node.Tok == token.CONTINUE && node.Label == nil {
				found = append(found, node)
			}
		}
		return true
	})
	return found
}

// pathTo is all that may run in a turn of a loop that comes to a statement.
func (g *guardian) pathTo(loop *ast.ForStmt, statement ast.Stmt) []ast.Node {
	path := nodes(loop.Cond)
	for node := ast.Node(statement); node != loop.Body; node = g.parents[node] {
		if s, ok := node.(ast.Stmt); ok {
			for _, earlier := range g.before(s) {
				path = append(path, passed(earlier)...)
			}
		}
		switch parent := g.parents[node].(type) {
		case *ast.IfStmt:
			path = append(path, beginning(parent.Init, parent.Cond)...)
		case *ast.SwitchStmt:
			path = append(path, beginning(parent.Init, parent.Tag)...)
		case *ast.CaseClause:
			path = append(path, nodes(parent.List...)...)
		}
	}
	return path
}

// passed is what has run of a statement when the next one in its list is come to.
func passed(statement ast.Stmt) []ast.Node {
	switch s := statement.(type) {
	case *ast.IfStmt:
		if s.Else == nil && endsEarly(s.Body) {
			return beginning(s.Init, s.Cond)
		}
	case *ast.CaseClause:
		falls := slices.ContainsFunc(s.Body, func(last ast.Stmt) bool {
			branch, ok := last.(*ast.BranchStmt)
			return ok && branch.Tok == token.FALLTHROUGH
		})
		if !falls {
			return nodes(s.List...)
		}
	}
	return []ast.Node{statement}
}

// beginning is what a statement evaluates first, without what it has not.
func beginning(init ast.Stmt, condition ast.Expr) []ast.Node {
	if init == nil {
		return nodes(condition)
	}
	return append([]ast.Node{init}, nodes(condition)...)
}

// nodes are those of some expressions that there are.
func nodes(expressions ...ast.Expr) (found []ast.Node) {
	for _, e := range expressions {
		if e != nil {
			found = append(found, e)
		}
	}
	return found
}

// leavesAll tells whether a turn that takes a path changes nothing that any
// turn reads.
func (g *guardian) leavesAll(loop *ast.ForStmt, path []ast.Node) bool {
	for _, node := range path {
		moved, ok := g.effects(node, loop.Body, maxNested)
		if !ok || slices.ContainsFunc(moved, func(object types.Object) bool { return !g.onlyGathers(loop, object) }) {
			return false
		}
	}
	return true
}

// effects are the variables from outside a scope that a node sets; ok is false
// when it may do more than that.
func (g *guardian) effects(node, scope ast.Node, depth int) (moved []types.Object, ok bool) {
	ok = true
	set := func(target ast.Expr) {
		name, isName := target.(*ast.Ident)
		if !isName {
			ok = ok && target == nil
			return
		}
		if object := g.root(name); object != nil && (object.Pos() < scope.Pos() || scope.End() <= object.Pos()) {
			moved = append(moved, object)
		}
	}
	ast.Inspect(node, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.AssignStmt:
			for _, left := range node.Lhs {
				set(left)
			}
		case *ast.IncDecStmt:
			set(node.X)
		case *ast.RangeStmt:
			set(node.Key)
			set(node.Value)
		case *ast.UnaryExpr:
			_, isElement := node.X.(*ast.IndexExpr)
			ok = ok && node.Op != token.ARROW && (node.Op != token.AND || isElement)
		case *ast.CallExpr:
			ok = ok && g.isQuiet(node, depth)
		case *ast.FuncLit, *ast.GoStmt, *ast.DeferStmt, *ast.SendStmt, *ast.SelectStmt:
			ok = false
		}
		return ok
	})
	return moved, ok
}

// isQuiet tells a call that does nothing but give a value.
func (g *guardian) isQuiet(call *ast.CallExpr, depth int) bool {
	if g.isPureCall(call) {
		return true
	}
	name, ok := call.Fun.(*ast.Ident)
	if !ok || depth == 0 {
		return false
	}
	object := g.info.Uses[name]
	if object == types.Universe.Lookup("append") {
		return true
	}
	literal, ok := g.first[object].(*ast.FuncLit)
	if !ok || g.changed[object] {
		return false
	}
	moved, ok := g.effects(literal.Body, literal, depth-1)
	return ok && len(moved) == 0
}

// onlyGathers tells a variable that a loop sets, and reads for nothing else.
func (g *guardian) onlyGathers(loop *ast.ForStmt, variable types.Object) bool {
	if g.shared[variable] {
		return false
	}
	for use, used := range g.info.Uses {
		if used != variable || !within(use, loop) {
			continue
		}
		switch s := g.statementOf(use).(type) {
		case *ast.IncDecStmt:
		case *ast.AssignStmt:
			if len(s.Lhs) != 1 || g.root(s.Lhs[0]) != variable {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// statementOf is the innermost statement around a node.
func (g *guardian) statementOf(node ast.Node) ast.Stmt {
	for ; node != nil; node = g.parents[node] {
		if statement, ok := node.(ast.Stmt); ok {
			return statement
		}
	}
	return nil
}
