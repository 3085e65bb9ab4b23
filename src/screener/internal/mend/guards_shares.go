package mend

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
)

// isShare tells a divisor by which only shares and averages are made: all that
// it divides was counted or summed in the turns in which it was counted, so
// that it is 0 of 0 when there were none. That has no value.
func (g *guardian) isShare(divisor ast.Expr) bool {
	name, ok := ast.Unparen(divisor).(*ast.Ident)
	counter := g.info.Uses[name]
	if !ok || counter == nil || !g.isFromZero(counter) || !g.isOnlyCounted(counter) {
		return false
	}
	found := false
	for node := range g.parents {
		switch node := node.(type) {
		case *ast.BinaryExpr:
			if (node.Op == token.QUO || node.Op == token.REM) && g.isName(node.Y, counter) {
				if found = true; node.Op == token.REM || !g.isNothingWithout(node.X, counter) {
					return false
				}
			}
		case *ast.AssignStmt:
			if (node.Tok == token.QUO_ASSIGN || node.Tok == token.REM_ASSIGN) && g.mentions(node.Rhs[0], map[types.Object]bool{counter: true}) {
				return false
			}
		}
	}
	return found
}

// isFromZero tells a variable that begins at 0, and that no function changes.
func (g *guardian) isFromZero(variable types.Object) bool {
	if g.shared[variable] {
		return false
	}
	if first := g.first[variable]; first != nil {
		value := g.info.Types[first].Value
		return value != nil && (value.Kind() == constant.Int || value.Kind() == constant.Float) && constant.Sign(value) == 0
	}
	for name, declared := range g.info.Defs {
		if spec, ok := g.parents[name].(*ast.ValueSpec); ok && declared == variable {
			return len(spec.Values) == 0
		}
	}
	return false
}

// isOnlyCounted tells a variable that is set by nothing but ++ and += 1.
func (g *guardian) isOnlyCounted(variable types.Object) bool {
	return g.isSetBy(variable, g.isCount, len(g.parents)) && len(g.setters(variable)) > 0
}

// isCount tells x++ and x += 1.
func (g *guardian) isCount(node ast.Node) bool {
	switch s := node.(type) {
	case *ast.IncDecStmt:
		return s.Tok == token.INC
	case *ast.AssignStmt:
		value := g.info.Types[s.Rhs[0]].Value
		return s.Tok == token.ADD_ASSIGN && value != nil && constant.Sign(value) > 0
	}
	return false
}

// setters are the statements that count or sum a variable.
func (g *guardian) setters(variable types.Object) (found []ast.Stmt) {
	for use, used := range g.info.Uses {
		if statement, ok := g.parents[use].(ast.Stmt); ok && used == variable && isSetting(statement) && g.sets(statement, variable) {
			found = append(found, statement)
		}
	}
	return found
}

// isNothingWithout tells whether a number is 0 as long as nothing was counted.
func (g *guardian) isNothingWithout(e ast.Expr, counter types.Object) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		variable, ok := g.info.Uses[e].(*types.Var)
		return ok && g.comesWith(variable, counter)
	case *ast.BinaryExpr:
		switch e.Op {
		case token.ADD, token.SUB:
			return g.isNothingWithout(e.X, counter) && g.isNothingWithout(e.Y, counter)
		case token.MUL:
			return g.isNothingWithout(e.X, counter) || g.isNothingWithout(e.Y, counter)
		}
	case *ast.CallExpr:
		return len(e.Args) == 1 && g.info.Types[e.Fun].IsType() && g.isNothingWithout(e.Args[0], counter)
	}
	return false
}

// comesWith tells a variable that is only counted or summed where a counter is
// counted, too.
func (g *guardian) comesWith(variable, counter types.Object) bool {
	setters := g.setters(variable)
	if variable == counter || !g.isFromZero(variable) || len(setters) == 0 {
		return false
	}
	counts := g.setters(counter)
	return g.isSetBy(variable, func(node ast.Node) bool {
		switch s := node.(type) {
		case *ast.IncDecStmt:
		case *ast.AssignStmt:
			if s.Tok != token.ADD_ASSIGN && s.Tok != token.SUB_ASSIGN {
				return false
			}
		default:
			return false
		}
		return slices.ContainsFunc(counts, func(count ast.Stmt) bool { return g.alwaysWith(node, count) })
	}, len(g.parents))
}

// alwaysWith tells whether a turn of a loop that comes to a node also comes to
// a statement: to an earlier one of a list around the node, or to a later one
// when nothing on the way may leave.
func (g *guardian) alwaysWith(node ast.Node, count ast.Stmt) bool {
	if !g.isInLoop(count) {
		return false
	}
	list, at := g.list(count)
	for ; node != nil; node = g.parents[node] {
		if _, isFunction := node.(*ast.FuncLit); isFunction {
			return false
		}
		statement, ok := node.(ast.Stmt)
		if !ok {
			continue
		}
		if place := slices.Index(list, statement); place >= 0 {
			return place >= at || !slices.ContainsFunc(list[place:at], leavesList)
		}
	}
	return false
}

// isInLoop tells what may run in several turns.
func (g *guardian) isInLoop(node ast.Node) bool {
	for ; node != nil; node = g.parents[node] {
		if loopBody(node) != nil {
			return true
		}
	}
	return false
}

// isTraded tells a sum of the trades of candles, of all that a loop has: where
// it is 0 nothing was traded, and data is missing.
func (g *guardian) isTraded(divisor ast.Expr) bool {
	name, ok := ast.Unparen(divisor).(*ast.Ident)
	sum := g.info.Uses[name]
	if !ok || sum == nil || !g.isFromZero(sum) || len(g.setters(sum)) == 0 {
		return false
	}
	return g.isSetBy(sum, func(node ast.Node) bool {
		s, ok := node.(*ast.AssignStmt)
		if !ok || s.Tok != token.ADD_ASSIGN || len(s.Rhs) != 1 {
			return false
		}
		field, ok := s.Rhs[0].(*ast.SelectorExpr)
		body, inBlock := g.parents[s].(*ast.BlockStmt)
		return ok && inBlock && field.Sel.Name == "Trades" && loopBody(g.parents[body]) == body && !leavesAny(g.before(s))
	}, len(g.parents))
}
