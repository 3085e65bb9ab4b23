package mend

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// stepBehind is the step to the element after the one that a path has looked at;
// "" when there is none, or more than one that may be meant.
func (g *guardian) stepBehind(loop *ast.ForStmt, skip *ast.BranchStmt, path []ast.Node) string {
	places := g.placesIn(loop, path)
	switch len(places) {
	case 1:
		return g.stepOf(loop, places[0])
	case 2:
		behind := g.behind(skip, places)
		if behind == nil {
			return ""
		}
		step := behind.Name() + "++"
		if g.stepOf(loop, behind) == step || !g.sets(loop, behind) {
			return step
		}
	}
	return ""
}

// placesIn are the variables from outside a loop's turns that choose elements
// on a path, and that the loop moves or its condition asks for.
func (g *guardian) placesIn(loop *ast.ForStmt, path []ast.Node) (found []types.Object) {
	note := func(index ast.Expr) {
		for object := range g.variablesIn(index) {
			isOuter := object.Pos() < loop.Body.Pos() || loop.Body.End() <= object.Pos()
			if isOuter && isWhole(object.Type()) && !slices.Contains(found, object) && (g.sets(loop, object) || g.isBounded(loop, object)) {
				found = append(found, object)
			}
		}
	}
	for _, node := range path {
		ast.Inspect(node, func(node ast.Node) bool {
			switch element := node.(type) {
			case *ast.IndexExpr:
				note(element.Index)
			case *ast.SliceExpr:
				note(element.Low)
				note(element.High)
			}
			return true
		})
	}
	return found
}

// variablesIn are the variables that an expression names.
func (g *guardian) variablesIn(e ast.Expr) map[types.Object]bool {
	found := map[types.Object]bool{}
	if e == nil {
		return found
	}
	ast.Inspect(e, func(node ast.Node) bool {
		if name, ok := node.(*ast.Ident); ok {
			if variable, ok := g.info.Uses[name].(*types.Var); ok && !variable.IsField() {
				found[variable] = true
			}
		}
		return true
	})
	return found
}

// isBounded tells whether a loop's condition asks that a variable is below
// something.
func (g *guardian) isBounded(loop *ast.ForStmt, variable types.Object) bool {
	return loop.Cond != nil && slices.ContainsFunc(operands(loop.Cond, token.LAND), func(part ast.Expr) bool {
		comparison, ok := ast.Unparen(part).(*ast.BinaryExpr)
		if !ok || comparison.Op != token.LSS && comparison.Op != token.LEQ {
			return false
		}
		name, ok := ast.Unparen(comparison.X).(*ast.Ident)
		return ok && g.info.Uses[name] == variable
	})
}

// behind is the place in the list whose candle is the earlier one, of two that
// are left out because of how their times compare; or nil. Later candles stand
// behind earlier ones, so that this is the list to go on in.
func (g *guardian) behind(skip *ast.BranchStmt, places []types.Object) types.Object {
	check, ok := g.parents[g.parents[skip]].(*ast.IfStmt)
	if !ok || g.parents[skip] != check.Body {
		return nil
	}
	comparison, ok := check.Cond.(*ast.BinaryExpr)
	if !ok || !isTime(comparison.X) || !isTime(comparison.Y) {
		return nil
	}
	earlier, later := g.placeOf(comparison.X, places, maxOrigins), g.placeOf(comparison.Y, places, maxOrigins)
	switch comparison.Op {
	case token.LSS, token.LEQ:
	case token.GTR, token.GEQ:
		earlier, later = later, earlier
	default:
		return nil
	}
	if later == nil || earlier == later {
		return nil
	}
	return earlier
}

// isTime tells a candle's times.
func isTime(e ast.Expr) bool {
	field, ok := ast.Unparen(e).(*ast.SelectorExpr)
	return ok && (field.Sel.Name == "OpenTime" || field.Sel.Name == "CloseTime")
}

// placeOf is the one of two places that an element is taken from; nil when it
// is none or both.
func (g *guardian) placeOf(e ast.Expr, places []types.Object, depth int) (found types.Object) {
	for variable := range g.variablesIn(e) {
		place := variable
		if !slices.Contains(places, variable) {
			if g.first[variable] == nil || g.changed[variable] || depth == 0 {
				continue
			}
			if place = g.placeOf(g.first[variable], places, depth-1); place == nil {
				continue
			}
		}
		if found != nil && found != place {
			return nil
		}
		found = place
	}
	return found
}

// stepOf is the one step by which a loop's turns move a variable when they come
// to their end; "" when they do not, or also otherwise.
func (g *guardian) stepOf(loop *ast.ForStmt, variable types.Object) string {
	if g.shared[variable] {
		return ""
	}
	step, isLast := "", false
	isPlain := g.isSetBy(variable, func(node ast.Node) bool {
		if !within(node, loop.Body) {
			return true
		}
		if s, ok := node.(*ast.AssignStmt); ok {
			isStep := (s.Tok == token.ADD_ASSIGN || s.Tok == token.SUB_ASSIGN) && g.info.Types[s.Rhs[0]].Value != nil
			if !isStep {
				return false
			}
		} else if _, ok := node.(*ast.IncDecStmt); !ok {
			return false
		}
		text := g.code(node)
		isLast = isLast || g.parents[node] == loop.Body
		isSame := step == "" || step == text
		step = text
		return isSame
	}, len(g.parents))
	if !isPlain || !isLast {
		return ""
	}
	return step
}
