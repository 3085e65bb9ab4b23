package mend

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// finder lists the needs of one expression, its parts aside.
type finder func(e ast.Expr) []need

// needsOf are those that a statement has in any case.
func (g *guardian) needsOf(statement ast.Stmt, find finder) []need {
	var needs []need
	own := g.declaredBy(statement)
	for _, e := range g.heads(statement) {
		if !g.mentions(e, own) {
			needs = append(needs, g.needsIn(e, find)...)
			continue
		}
		for _, part := range unconditional(e) {
			if !g.mentions(part, own) {
				needs = append(needs, find(part)...)
			}
		}
	}
	return merged(needs)
}

// needsIn are those that evaluating an expression has in any case.
func (g *guardian) needsIn(e ast.Expr, find finder) []need {
	var needs []need
	for _, part := range unconditional(e) {
		needs = append(needs, find(part)...)
	}
	return merged(needs)
}

// merged keeps one of each kind for each operand, in their order.
func merged(needs []need) []need {
	var kept []need
	for _, n := range needs {
		same := func(other need) bool {
			return other.kind == n.kind && other.key == n.key && other.symbol == n.symbol
		}
		if at := slices.IndexFunc(kept, same); at >= 0 {
			kept[at].least = max(kept[at].least, n.least)
			continue
		}
		kept = append(kept, n)
	}
	return kept
}

// heads are the expressions that a statement evaluates in any case, before it
// comes to statements inside it.
func (g *guardian) heads(statement ast.Stmt) []ast.Expr {
	switch s := statement.(type) {
	case *ast.LabeledStmt:
		return g.heads(s.Stmt)
	case *ast.ExprStmt:
		return []ast.Expr{s.X}
	case *ast.IncDecStmt:
		return []ast.Expr{s.X}
	case *ast.AssignStmt:
		return slices.Concat(s.Lhs, s.Rhs)
	case *ast.ReturnStmt:
		return s.Results
	case *ast.DeclStmt:
		return declared(s)
	case *ast.IfStmt:
		return append(g.headsOf(s.Init), s.Cond)
	case *ast.SwitchStmt:
		if s.Tag != nil {
			return append(g.headsOf(s.Init), s.Tag)
		}
		return g.headsOf(s.Init)
	case *ast.RangeStmt:
		return []ast.Expr{s.X}
	case *ast.ForStmt:
		if s.Cond != nil {
			return append(g.headsOf(s.Init), s.Cond)
		}
		return g.headsOf(s.Init)
	}
	return nil
}

func (g *guardian) headsOf(init ast.Stmt) []ast.Expr {
	if init == nil {
		return nil
	}
	return g.heads(init)
}

// declared are the values of a declaration of variables.
func declared(s *ast.DeclStmt) []ast.Expr {
	var values []ast.Expr
	if group, ok := s.Decl.(*ast.GenDecl); ok && group.Tok == token.VAR {
		for _, spec := range group.Specs {
			values = append(values, spec.(*ast.ValueSpec).Values...)
		}
	}
	return values
}

// declaredBy are the variables that a statement's own beginning sets: what is
// known of them before it is not what its condition meets.
func (g *guardian) declaredBy(statement ast.Stmt) map[types.Object]bool {
	own := map[types.Object]bool{}
	var init ast.Stmt
	switch s := statement.(type) {
	case *ast.LabeledStmt:
		return g.declaredBy(s.Stmt)
	case *ast.IfStmt:
		init = s.Init
	case *ast.SwitchStmt:
		init = s.Init
	case *ast.ForStmt:
		init = s.Init
	}
	if assignment, ok := init.(*ast.AssignStmt); ok {
		for _, left := range assignment.Lhs {
			own[g.root(left)] = true
		}
	}
	return own
}

// mentions tells whether an expression uses one of some variables.
func (g *guardian) mentions(e ast.Node, objects map[types.Object]bool) (found bool) {
	ast.Inspect(e, func(node ast.Node) bool {
		if name, ok := node.(*ast.Ident); ok && g.info.Uses[name] != nil && objects[g.info.Uses[name]] {
			found = true
		}
		return !found
	})
	return found
}

// unconditional are the parts of an expression that are evaluated whenever it
// is, inner ones first: not what a && or || may skip, nor bodies of function
// literals.
func unconditional(e ast.Expr) []ast.Expr {
	var parts []ast.Expr
	var open []ast.Node
	var walk func(node ast.Node) bool
	walk = func(node ast.Node) bool {
		if node == nil {
			if part, ok := open[len(open)-1].(ast.Expr); ok {
				parts = append(parts, part)
			}
			open = open[:len(open)-1]
			return true
		}
		if _, ok := node.(*ast.FuncLit); ok {
			return false
		}
		if logic, ok := node.(*ast.BinaryExpr); ok && (logic.Op == token.LAND || logic.Op == token.LOR) {
			ast.Inspect(logic.X, walk)
			return false
		}
		open = append(open, node)
		return true
	}
	ast.Inspect(e, walk)
	return parts
}
