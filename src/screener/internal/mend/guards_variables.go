package mend

import (
	"go/ast"
	"go/token"
)

// noteVariables notes what a node declares, sets or takes the address of.
func (g *guardian) noteVariables(node ast.Node) {
	switch node := node.(type) {
	case *ast.Ident:
		g.names[node.Name] = true
	case *ast.AssignStmt:
		for i, left := range node.Lhs {
			var value ast.Expr
			if len(node.Lhs) == len(node.Rhs) {
				value = node.Rhs[i]
			}
			g.noteValue(left, value)
		}
	case *ast.ValueSpec:
		for i, name := range node.Names {
			if i < len(node.Values) && len(node.Names) == len(node.Values) {
				g.noteValue(name, node.Values[i])
			}
		}
	case *ast.IncDecStmt:
		g.noteValue(node.X, nil)
	case *ast.RangeStmt:
		g.noteValue(node.Key, nil)
		g.noteValue(node.Value, nil)
	case *ast.UnaryExpr:
		if node.Op == token.AND {
			g.noteChange(node.X)
			g.noteShared(node.X)
		}
	}
}

// noteValue notes a variable's declaration, or that it is set again.
func (g *guardian) noteValue(target, value ast.Expr) {
	name, isName := target.(*ast.Ident)
	if isName && g.info.Defs[name] != nil {
		if value != nil {
			g.first[g.info.Defs[name]] = value
		}
		return
	}
	if target != nil {
		g.noteChange(target)
	}
}

func (g *guardian) noteChange(target ast.Expr) {
	if object := g.root(target); object != nil {
		g.changed[object] = true
		if g.literal(target) != nil {
			g.shared[object] = true
		}
	}
}

// noteShared notes a variable that may be changed by its address. That of an
// element, or of something in it, changes no length.
func (g *guardian) noteShared(target ast.Expr) {
	for {
		switch part := target.(type) {
		case *ast.ParenExpr:
			target = part.X
		case *ast.SelectorExpr:
			target = part.X
		case *ast.Ident:
			g.shared[g.root(part)] = true
			return
		default:
			return
		}
	}
}
