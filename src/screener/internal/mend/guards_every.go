package mend

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// asksForEvery tells a loop that counts or notes something, but after which
// only a filter matches that found it in every turn: `aligned == 3`, or
// `ok = false`. Leaving out a turn is then no match either, so that there is
// one reading of one that lacks its data.
func (g *guardian) asksForEvery(loop ast.Node) bool {
	s, ok := loop.(*ast.RangeStmt)
	if !ok || g.inList(s) == nil {
		return false
	}
	noted := map[types.Object]bool{}
	plain := true
	ast.Inspect(s.Body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.ForStmt, *ast.RangeStmt, *ast.FuncLit:
			plain = false
		case *ast.IncDecStmt:
			object := g.root(node.X)
			plain = plain && node.Tok == token.INC && !noted[object] && g.isCounter(object)
			noted[object] = true
		case *ast.AssignStmt:
			if node.Tok != token.DEFINE {
				object := g.root(node.Lhs[0])
				plain = plain && g.isFlag(object)
				noted[object] = true
			}
		case *ast.ReturnStmt:
			plain = plain && isFalse(node)
		}
		return plain
	})
	if !plain || len(noted) == 0 {
		return false
	}
	for object := range noted {
		if !g.askedAfter(s, object) {
			return false
		}
	}
	return true
}

// isCounter tells a variable that begins at 0 and is only counted in one place.
func (g *guardian) isCounter(variable types.Object) bool {
	value := g.info.Types[g.first[variable]].Value
	return value != nil && value.Kind() == constant.Int && constant.Sign(value) == 0 && g.isSetBy(variable, func(node ast.Node) bool {
		_, isCount := node.(*ast.IncDecStmt)
		return isCount
	}, 1)
}

// isFlag tells a variable that begins as true, and is only ever set to false.
func (g *guardian) isFlag(variable types.Object) bool {
	first, ok := g.first[variable].(*ast.Ident)
	return ok && first.Name == "true" && g.isSetBy(variable, func(node ast.Node) bool {
		s, ok := node.(*ast.AssignStmt)
		if !ok || s.Tok != token.ASSIGN || len(s.Lhs) != 1 {
			return false
		}
		value, ok := s.Rhs[0].(*ast.Ident)
		return ok && value.Name == "false"
	}, len(g.parents))
}

// isSetBy tells whether all that sets a variable is of one kind, at most so
// many times.
func (g *guardian) isSetBy(variable types.Object, kind func(node ast.Node) bool, most int) bool {
	count := 0
	for use, used := range g.info.Uses {
		if used != variable {
			continue
		}
		switch parent := g.parents[use].(type) {
		case *ast.UnaryExpr:
			if parent.Op == token.AND {
				return false
			}
		case *ast.IncDecStmt, *ast.RangeStmt, *ast.AssignStmt:
			if !g.sets(parent, variable) {
				continue
			}
			if count++; !kind(parent) {
				return false
			}
		}
	}
	return count <= most && !g.shared[variable]
}

// askedAfter tells whether what comes after a loop does not match unless a
// variable says that every turn had it.
func (g *guardian) askedAfter(loop *ast.RangeStmt, variable types.Object) bool {
	for _, later := range g.from(g.inList(loop))[1:] {
		for _, head := range g.heads(later) {
			if g.isFlag(variable) && g.decidesIn(head, variable, false, maxNested) || g.demandsAll(head, loop, variable) {
				return true
			}
		}
		if !onlyGivesUp(later) {
			return false
		}
	}
	return false
}

// demandsAll tells a condition in which a counter has to reach the number of a
// loop's turns.
func (g *guardian) demandsAll(head ast.Expr, loop *ast.RangeStmt, counter types.Object) (found bool) {
	ast.Inspect(head, func(node ast.Node) bool {
		e, ok := node.(*ast.BinaryExpr)
		if !ok || found {
			return !found
		}
		name, ok := ast.Unparen(e.X).(*ast.Ident)
		if !ok || g.info.Uses[name] != counter || !g.isTurnsOf(loop, e.Y) {
			return true
		}
		switch e.Op {
		case token.EQL, token.GEQ:
			found = g.decides(e, false, maxNested)
		case token.NEQ, token.LSS:
			found = g.decides(e, true, maxNested)
		}
		return !found
	})
	return found
}

// isTurnsOf tells whether a number is that of a loop's elements.
func (g *guardian) isTurnsOf(loop *ast.RangeStmt, number ast.Expr) bool {
	if operand := g.lengthOf(number); operand != nil {
		measured, ok := g.key(operand)
		ranged, known := g.key(loop.X)
		return ok && known && measured == ranged && g.lasts(loop.X)
	}
	value := g.info.Types[number].Value
	list, ok := loop.X.(*ast.CompositeLit)
	if name, isName := loop.X.(*ast.Ident); isName && !g.changed[g.info.Uses[name]] {
		list, ok = g.first[g.info.Uses[name]].(*ast.CompositeLit)
	}
	if !ok || value == nil {
		return false
	}
	count, exact := constant.Int64Val(constant.ToInt(value))
	return exact && int(count) == len(list.Elts) && !hasIndexes(list, g.info.TypeOf(list))
}

// hasIndexes tells a list whose elements say where they stand.
func hasIndexes(list *ast.CompositeLit, t types.Type) bool {
	if _, isMap := t.Underlying().(*types.Map); isMap || len(list.Elts) == 0 {
		return false
	}
	_, hasKey := list.Elts[0].(*ast.KeyValueExpr)
	return hasKey
}
