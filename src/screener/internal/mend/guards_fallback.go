package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// guardFallback leaves a number at 0 that is read from what may be missing,
// where the filter asks for that very 0 at once and takes another value then.
func guardFallback(g *guardian, statement ast.Stmt) *Change {
	declaration, ok := statement.(*ast.AssignStmt)
	if !ok || declaration.Tok != token.DEFINE || len(declaration.Lhs) != 1 || g.inList(declaration) == nil {
		return nil
	}
	field, ok := declaration.Rhs[0].(*ast.SelectorExpr)
	if !ok || !isNumber(g.info.TypeOf(field)) {
		return nil
	}
	_, isPointer := under(g.info.TypeOf(field.X)).(*types.Pointer)
	variable := g.root(declaration.Lhs[0])
	if _, known := g.key(field.X); !isPointer || !known || !g.fallsBack(declaration, variable) {
		return nil
	}
	name, owner := g.code(declaration.Lhs[0]), g.code(field.X)
	return changed(0, fmt.Sprintf("%s may be nil: %s stays 0 then, and what the filter takes instead of 0 is taken", owner, name),
		g.replace(declaration, fmt.Sprintf("var %s %s\nif %s != nil {\n\t%[1]s = %[4]s\n}", name, g.info.TypeOf(field), owner, g.code(field))))
}

// fallsBack tells whether the next statement gives a variable another value
// where it is 0.
func (g *guardian) fallsBack(declaration ast.Stmt, variable types.Object) bool {
	behind := g.from(g.inList(declaration))[1:]
	if len(behind) == 0 {
		return false
	}
	check, ok := behind[0].(*ast.IfStmt)
	if !ok || check.Init != nil {
		return false
	}
	comparison, ok := check.Cond.(*ast.BinaryExpr)
	if !ok || comparison.Op != token.EQL && comparison.Op != token.LEQ {
		return false
	}
	value := g.info.Types[comparison.Y].Value
	return g.root(comparison.X) == variable && value != nil && value.ExactString() == "0" && g.sets(check.Body, variable)
}
