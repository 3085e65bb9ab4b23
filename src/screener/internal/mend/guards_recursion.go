package mend

import (
	"fmt"
	"go/ast"
	"go/token"
)

// EndlessRecursion stands for Go's words about a function that called itself
// too often.
const EndlessRecursion = "stack overflow"

// endRecursion lets a function come to its last case. A run that ended never
// called itself that way.
func endRecursion(g *guardian, _ ast.Stmt) (change *Change) {
	ast.Inspect(g.file, func(node ast.Node) bool {
		if call, ok := node.(*ast.CallExpr); ok && change == nil {
			change = g.endedRecursion(call)
		}
		return change == nil
	})
	return change
}

func (g *guardian) endedRecursion(call *ast.CallExpr) *Change {
	name, ok := call.Fun.(*ast.Ident)
	literal := g.literal(call)
	if !ok || literal == nil || g.ownerOf(literal) == nil || g.ownerOf(literal) != g.info.Uses[name] {
		return nil
	}
	if change := g.endChain(call, literal); change != nil {
		return change
	}
	for _, argument := range call.Args {
		counter := argument
		smaller, isLess := ast.Unparen(argument).(*ast.BinaryExpr)
		if isLess && smaller.Op == token.SUB {
			counter = smaller.X
		}
		base := g.baseCase(literal, g.root(counter))
		if base == nil || g.sets(literal.Body, g.root(counter)) {
			continue
		}
		if counter != argument && base.Op == token.EQL {
			return changed(0, fmt.Sprintf("%s may pass by its last case %s: it asks for %s <= %s now", name.Name, g.code(base), g.code(base.X), g.code(base.Y)),
				g.replace(base, g.code(base.X)+" <= "+g.code(base.Y)))
		}
		if _, isName := argument.(*ast.Ident); isName && g.callsWithItsOwn(call, literal) {
			return g.nextStep(call, argument, base)
		}
	}
	return nil
}

// nextStep goes one step towards the last case, where a function calls itself
// with all that it was given.
func (g *guardian) nextStep(call *ast.CallExpr, argument ast.Expr, base *ast.BinaryExpr) *Change {
	step := "-1"
	switch isNumber := g.info.Types[base.Y].Value != nil; {
	case isNumber && (base.Op == token.LSS || base.Op == token.LEQ || base.Op == token.EQL):
	case !isNumber && (base.Op == token.GTR || base.Op == token.GEQ || base.Op == token.EQL):
		step = "+1"
	default:
		return nil
	}
	if !isWhole(g.info.TypeOf(argument)) {
		return nil
	}
	return changed(0, fmt.Sprintf("%s calls itself with the same %s for ever: with %[2]s%s now", g.code(call.Fun), g.code(argument), step),
		g.insert(argument.End(), step))
}

// callsWithItsOwn tells whether all arguments of a call are the function's own
// parameters, in their order.
func (g *guardian) callsWithItsOwn(call *ast.CallExpr, literal *ast.FuncLit) bool {
	at := 0
	for _, field := range literal.Type.Params.List {
		for _, parameter := range field.Names {
			if at >= len(call.Args) || g.root(call.Args[at]) == nil || g.root(call.Args[at]) != g.info.Defs[parameter] {
				return false
			}
			if _, isName := call.Args[at].(*ast.Ident); !isName {
				return false
			}
			at++
		}
	}
	return at == len(call.Args)
}
