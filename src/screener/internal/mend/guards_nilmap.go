package mend

import (
	"go/ast"
	"go/token"
	"go/types"
)

// makeMap makes the map that a statement sets an element of.
func makeMap(g *guardian, statement ast.Stmt) *Change {
	for _, target := range targets(statement) {
		element, ok := target.(*ast.IndexExpr)
		if !ok {
			continue
		}
		if name, ok := ast.Unparen(element.X).(*ast.Ident); ok {
			if change := g.makeDeclared(name); change != nil {
				return change
			}
		}
	}
	return nil
}

// makeDeclared gives a map that is declared without a value, and never gets
// one, an empty one.
func (g *guardian) makeDeclared(name *ast.Ident) *Change {
	declaration, spec := g.bareDeclaration(g.info.Uses[name])
	if spec == nil || g.comparedWithNil(g.info.Uses[name]) {
		return nil
	}
	made := name.Name + " := " + g.code(spec.Type) + "{}"
	return &Change{
		Message: name.Name + " was nil: it is an empty map now",
		hint:    name.Name + " is nil: declare it as " + made,
		edits:   []edit{g.replace(declaration, made)},
	}
}

// targets are what a statement sets.
func targets(statement ast.Stmt) []ast.Expr {
	switch s := statement.(type) {
	case *ast.AssignStmt:
		return s.Lhs
	case *ast.IncDecStmt:
		return []ast.Expr{s.X}
	}
	return nil
}

// bareDeclaration is `var name map[K]V`, the only thing its statement declares.
func (g *guardian) bareDeclaration(variable types.Object) (declaration *ast.DeclStmt, spec *ast.ValueSpec) {
	for node := range g.parents {
		s, ok := node.(*ast.DeclStmt)
		if !ok {
			continue
		}
		group := s.Decl.(*ast.GenDecl)
		if group.Tok != token.VAR || len(group.Specs) != 1 {
			continue
		}
		only := group.Specs[0].(*ast.ValueSpec)
		_, isMap := only.Type.(*ast.MapType)
		if isMap && len(only.Names) == 1 && only.Values == nil && g.info.Defs[only.Names[0]] == variable && !g.assigned(variable) {
			return s, only
		}
	}
	return nil, nil
}

// assigned tells whether a variable as a whole is set after its declaration.
func (g *guardian) assigned(variable types.Object) bool {
	for name, used := range g.info.Uses {
		if used != variable {
			continue
		}
		if s, ok := g.parents[name].(*ast.AssignStmt); ok && s.Tok == token.ASSIGN {
			for _, left := range s.Lhs {
				if left == ast.Expr(name) {
					return true
				}
			}
		}
	}
	return false
}

// comparedWithNil tells whether a filter asks if a variable is nil.
func (g *guardian) comparedWithNil(variable types.Object) bool {
	for node := range g.parents {
		if comparison, ok := node.(*ast.BinaryExpr); ok && g.root(comparison.X) == variable {
			if name, ok := comparison.Y.(*ast.Ident); ok && name.Name == "nil" {
				return true
			}
		}
	}
	return false
}
