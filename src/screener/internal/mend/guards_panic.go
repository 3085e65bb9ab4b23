package mend

import (
	"go/ast"
	"go/types"
)

// replacePanic answers false where the filter panics by itself: who reaches
// that statement never had an answer, and a filter that lacks its data does not
// match. What follows stays, as it was never reached from there.
func replacePanic(g *guardian, statement ast.Stmt) *Change {
	call := g.ownPanic(statement)
	if call == nil || !g.takesReturn(statement) {
		return nil
	}
	return &Change{
		Message: "the filter ends itself with a panic: the filter does not match then",
		hint:    "the filter panics by itself: return false instead",
		Guard:   true,
		edits:   []edit{g.replace(call, "return false")},
	}
}

// ownPanic is the call of panic that a statement consists of, or nil.
func (g *guardian) ownPanic(statement ast.Stmt) *ast.CallExpr {
	s, ok := statement.(*ast.ExprStmt)
	if !ok {
		return nil
	}
	call, ok := s.X.(*ast.CallExpr)
	if !ok {
		return nil
	}
	name, ok := call.Fun.(*ast.Ident)
	if !ok || g.info.Uses[name] != types.Universe.Lookup("panic") {
		return nil
	}
	return call
}
