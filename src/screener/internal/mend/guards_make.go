package mend

import (
	"go/ast"
	"go/types"
)

// guardSizes puts a check of the lengths before a statement that makes a list
// as long as another one is beyond a number: that must not be negative.
func guardSizes(g *guardian, statement ast.Stmt) *Change {
	if !g.takesReturn(statement) {
		return nil
	}
	needs := g.withChain(statement, g.needsOf(statement, g.sizeNeeds), g.sizeNeeds)
	if change := g.raiseCheck(statement, needs); change != nil {
		return change
	}
	return g.checkBefore(statement, needs)
}

func guardSizesInPlace(g *guardian, statement ast.Stmt) *Change {
	return g.checkInPlace(statement, g.sizeNeeds)
}

// sizeNeeds are the lengths that make the sizes of a list that is made valid.
func (g *guardian) sizeNeeds(e ast.Expr) []need {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return nil
	}
	if name, ok := call.Fun.(*ast.Ident); !ok || g.info.Uses[name] != types.Universe.Lookup("make") {
		return nil
	}
	if _, isList := g.info.TypeOf(e).Underlying().(*types.Slice); !isList {
		return nil
	}
	var needs []need
	for _, size := range call.Args[1:] {
		sum, ok := g.linear(size)
		if operand := g.measured(size); ok && operand != nil && g.isOnlyName(operand) {
			needs = append(needs, g.longEnough(operand, sum, 0)...)
		}
	}
	return needs
}

// measured is what the length is taken of in a sum, also where variables in it
// are declared; nil when there is none.
func (g *guardian) measured(sum ast.Expr) (operand ast.Expr) {
	ast.Inspect(sum, func(node ast.Node) bool {
		e, ok := node.(ast.Expr)
		if !ok || operand != nil {
			return false
		}
		if operand = g.lengthOf(e); operand != nil {
			return false
		}
		if name, ok := e.(*ast.Ident); ok {
			if first := g.first[g.info.Uses[name]]; first != nil && !g.changed[g.info.Uses[name]] {
				operand = g.measured(first)
			}
		}
		return operand == nil
	})
	return operand
}

// isOnlyName tells whether the variable that an expression begins with is the
// only one of its name, so that it means the same everywhere.
func (g *guardian) isOnlyName(e ast.Expr) bool {
	root := g.root(e)
	if root == nil {
		return false
	}
	for _, object := range g.info.Defs {
		if object != nil && object != root && object.Name() == root.Name() {
			return false
		}
	}
	return true
}
