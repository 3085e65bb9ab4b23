package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// guardStride makes a stride at least 1 that is a part of a length, as in
// every := len(klines) / 10: of a short list it is 0, which no step can be, and
// then every element counts.
func guardStride(g *guardian, statement ast.Stmt) *Change {
	for node := ast.Node(statement); node != nil; node = g.parents[node] {
		var heads []ast.Expr
		switch s := node.(type) {
		case *ast.ForStmt:
			if step, ok := s.Post.(*ast.AssignStmt); ok {
				heads = step.Rhs
			}
		case ast.Stmt:
			heads = g.heads(s)
		}
		for _, head := range heads {
			for _, part := range append(unconditional(head), head) {
				if change := g.strideIn(part); change != nil {
					return change
				}
			}
		}
	}
	return nil
}

// strideIn is the change of the stride that an expression is, or divides by.
func (g *guardian) strideIn(e ast.Expr) *Change {
	if rest, ok := e.(*ast.BinaryExpr); ok && rest.Op == token.REM {
		e = rest.Y
	}
	name, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return nil
	}
	stride, ok := g.info.Uses[name].(*types.Var)
	if !ok || g.changed[stride] || !g.isPartOfLength(g.first[stride]) || !g.isOnlyStride(stride) {
		return nil
	}
	declaration, ok := g.parents[g.first[stride]].(*ast.AssignStmt)
	if !ok || len(declaration.Lhs) != 1 || g.inList(declaration) == nil {
		return nil
	}
	return changed(0, fmt.Sprintf("%s is 0 when there are few elements, which is no step: it is at least 1 now", stride.Name()),
		g.insert(declaration.End(), fmt.Sprintf("\nif %s < 1 {\n\t%[1]s = 1\n}", stride.Name())))
}

// isPartOfLength tells a length divided by a number.
func (g *guardian) isPartOfLength(e ast.Expr) bool {
	part, ok := e.(*ast.BinaryExpr)
	return ok && part.Op == token.QUO && g.info.Types[part.Y].Value != nil && g.isLength(part.X)
}

// isOnlyStride tells a variable that is nothing but a step: what is added to a
// counter in a loop's head, or what a counter is divided by for the rest.
// It may also be where a loop starts.
func (g *guardian) isOnlyStride(stride types.Object) bool {
	for use, object := range g.info.Uses {
		if object != stride {
			continue
		}
		switch parent := g.parents[use].(type) {
		case *ast.BinaryExpr:
			if parent.Op != token.REM || parent.Y != ast.Expr(use) {
				return false
			}
		case *ast.AssignStmt:
			if _, inHead := g.parents[parent].(*ast.ForStmt); !inHead {
				return false
			}
		default:
			return false
		}
	}
	return true
}
