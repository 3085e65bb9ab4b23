package mend

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
)

// What a strategy can do without, next to intervals by their names.
const (
	OptionalTicker    = "ticker"
	OptionalIntervals = "intervals" // each of those that the filter goes through
)

// maxOrigins bounds how far data is followed back to where it comes from.
const maxOrigins = 6

// isRequired tells the needs of data that the strategy cannot do without.
func (g *guardian) isRequired(n need) bool { return n.expr == nil || !g.isOptional(n.expr) }

// isAboutOptional tells a declaration of nothing but optional data.
func (g *guardian) isAboutOptional(s *ast.AssignStmt) bool {
	return !slices.ContainsFunc(s.Rhs, func(e ast.Expr) bool { return !g.isOptional(e) })
}

// isOptional tells whether all data that an expression comes from is optional.
func (g *guardian) isOptional(e ast.Expr) bool {
	found := map[string]bool{}
	g.origins(e, found, maxOrigins)
	for origin := range found {
		if !slices.Contains(g.optional, origin) {
			return false
		}
	}
	return len(found) > 0
}

// origins are the ticker and the intervals that an expression comes from.
func (g *guardian) origins(e ast.Node, found map[string]bool, depth int) {
	ast.Inspect(e, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.SelectorExpr:
			if g.isField(node, "Ticker") {
				found[OptionalTicker] = true
				return false
			}
		case *ast.IndexExpr:
			if klines, ok := node.X.(*ast.SelectorExpr); ok && g.isField(klines, "Klines") {
				found[g.interval(node.Index)] = true
				return false
			}
		case *ast.Ident:
			if object, ok := g.info.Uses[node].(*types.Var); ok && depth > 0 && !g.changed[object] && g.first[object] != nil {
				g.origins(g.first[object], found, depth-1)
			}
		}
		return true
	})
}

// isField tells a field of the filter's argument.
func (g *guardian) isField(e *ast.SelectorExpr, name string) bool {
	of, ok := e.X.(*ast.Ident)
	return ok && of.Name == "data" && e.Sel.Name == name
}

// interval is the name of an interval, or of each when it is not written there.
func (g *guardian) interval(index ast.Expr) string {
	if value := g.info.Types[index].Value; value != nil && value.Kind() == constant.String {
		return constant.StringVal(value)
	}
	return OptionalIntervals
}
