package mend

import (
	"go/ast"
	"go/token"
	"go/types"
)

// maxNested bounds how many functions inside functions are followed.
const maxNested = 4

// takesFalse tells where `return false` ends the filter without a match: in
// the filter itself, or in a function of its own whose false does that.
func (g *guardian) takesFalse(node ast.Node) bool { return g.takesFalseWithin(node, maxNested) }

func (g *guardian) takesFalseWithin(node ast.Node, depth int) bool {
	literal := g.literal(node)
	return literal == nil || depth > 0 && g.falseEnds(literal, depth-1)
}

// falseEnds tells whether each call of a function that is false ends the
// filter without a match.
func (g *guardian) falseEnds(literal *ast.FuncLit, depth int) bool {
	results := literal.Type.Results
	if results == nil || len(results.List) != 1 || len(results.List[0].Names) > 0 || !isBool(g.info.TypeOf(results.List[0].Type)) {
		return false
	}
	variable := g.variableOf(literal)
	if variable == nil {
		return false
	}
	for use, used := range g.info.Uses {
		if used != variable {
			continue
		}
		call, ok := g.parents[use].(*ast.CallExpr)
		if !ok || call.Fun != ast.Expr(use) || !g.decides(call, false, depth) {
			return false
		}
	}
	return true
}

// decides tells whether the filter does not match when an expression has a
// value, whatever else there is.
func (g *guardian) decides(e ast.Expr, value bool, depth int) bool {
	switch parent := g.parents[e].(type) {
	case *ast.ParenExpr:
		return g.decides(parent, value, depth)
	case *ast.UnaryExpr:
		return parent.Op == token.NOT && g.decides(parent, !value, depth)
	case *ast.BinaryExpr:
		return parent.Op == token.LAND && !value && g.decides(parent, false, depth) ||
			parent.Op == token.LOR && value && g.decides(parent, true, depth)
	case *ast.ReturnStmt:
		return len(parent.Results) == 1 && !value && g.takesFalseWithin(parent, depth)
	case *ast.IfStmt:
		return parent.Cond == e && g.decidesBranch(parent, value) && g.takesFalseWithin(parent, depth)
	}
	for _, k := range g.keptBy(g.parents[e]) {
		if k.value == e {
			return g.decidesKept(g.parents[e], k.name, value, depth)
		}
	}
	return false
}

// decidesBranch tells whether an if whose condition has a value leads to
// `return false` and nothing else.
func (g *guardian) decidesBranch(s *ast.IfStmt, value bool) bool {
	if value {
		return givesUp(s.Body)
	}
	if otherwise, ok := s.Else.(*ast.BlockStmt); ok {
		return givesUp(otherwise)
	}
	return s.Else == nil && g.fallsToFalse(s)
}

// fallsToFalse tells whether nothing but `return false` comes behind a statement.
func (g *guardian) fallsToFalse(statement ast.Stmt) bool {
	if g.inList(statement) == nil {
		return false
	}
	if behind := g.from(g.inList(statement))[1:]; len(behind) > 0 {
		return isFalse(behind[0])
	}
	block, ok := g.parents[g.inList(statement)].(*ast.BlockStmt)
	if !ok {
		return false
	}
	around, ok := g.parents[block].(*ast.IfStmt)
	return ok && g.fallsToFalse(around)
}

// decidesKept is decides for a variable: the next statement that uses it, with
// nothing before that may answer otherwise.
func (g *guardian) decidesKept(declaration ast.Node, name ast.Expr, value bool, depth int) bool {
	statement, ok := declaration.(ast.Stmt)
	object := g.root(name)
	if !ok || object == nil || g.changed[object] || g.inList(statement) == nil {
		return false
	}
	for _, later := range g.from(g.inList(statement))[1:] {
		for _, head := range g.heads(later) {
			if g.decidesIn(head, object, value, depth) {
				return true
			}
		}
		if !onlyGivesUp(later) {
			return false
		}
	}
	return false
}

// decidesIn is decides for a variable in an expression. What && or || skip
// there would not have changed its outcome.
func (g *guardian) decidesIn(e ast.Expr, object types.Object, value bool, depth int) (found bool) {
	ast.Inspect(e, func(node ast.Node) bool {
		if _, isFunction := node.(*ast.FuncLit); isFunction {
			return false
		}
		use, ok := node.(*ast.Ident)
		found = found || ok && g.info.Uses[use] == object && g.decides(use, value, depth)
		return !found
	})
	return found
}
