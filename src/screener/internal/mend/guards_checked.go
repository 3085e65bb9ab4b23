package mend

import (
	"go/ast"
	"go/token"
	"slices"
)

// unchecked leaves out the needs that earlier conditions make sure of.
func (g *guardian) unchecked(statement ast.Stmt, needs []need) []need {
	if len(needs) == 0 {
		return nil
	}
	known := g.knownBefore(statement)
	return slices.DeleteFunc(slices.Clone(needs), func(n need) bool { return ensured(known, n) })
}

func ensured(known []need, n need) bool {
	return slices.ContainsFunc(known, func(k need) bool {
		if n.kind == needDivisor && k.kind == needLength {
			return n.key == "len("+k.key+")" && k.symbol == "" && k.least > 0
		}
		return k.kind == n.kind && k.key == n.key && k.symbol == n.symbol && k.least >= n.least
	})
}

// knownBefore is what has been checked when a statement is reached: by ifs
// before it that leave, and by ifs around it.
func (g *guardian) knownBefore(statement ast.Stmt) []need {
	var known []need
	var since []ast.Node // what may run between a check and the statement
	for node := ast.Node(statement); node != nil; node = g.parents[node] {
		if _, ok := node.(*ast.FuncLit); ok {
			break // it may run at another time
		}
		if s, ok := node.(ast.Stmt); ok {
			since = append(since, runsAgain(s, s == statement)...)
			for _, earlier := range slices.Backward(g.before(s)) {
				if check, ok := earlier.(*ast.IfStmt); ok && check.Init == nil && check.Else == nil && endsEarly(check.Body) {
					known = append(known, g.knownIf(check.Cond, false, since)...)
				}
				since = append(since, earlier)
			}
		}
		if around, ok := g.parents[node].(*ast.IfStmt); ok && node != around.Init && node != around.Cond {
			known = append(known, g.knownIf(around.Cond, node == around.Body, since)...)
		}
	}
	return known
}

// runsAgain is what of a statement around another may run before that, again
// or in the first place. Of the statement itself it is a loop's body, before
// its condition.
func runsAgain(s ast.Stmt, isItself bool) []ast.Node {
	switch s := s.(type) {
	case *ast.ForStmt:
		return []ast.Node{s}
	case *ast.RangeStmt:
		if !isItself {
			return []ast.Node{s}
		}
	case *ast.IfStmt:
		if s.Init != nil {
			return []ast.Node{s.Init}
		}
	case *ast.SwitchStmt:
		if s.Init != nil {
			return []ast.Node{s.Init}
		}
	}
	return nil
}

// knownIf is what a condition's outcome tells, and what has run since has not
// changed.
func (g *guardian) knownIf(condition ast.Expr, outcome bool, since []ast.Node) []need {
	operator := token.LOR
	if outcome {
		operator = token.LAND
	}
	var known []need
	for _, part := range operands(condition, operator) {
		comparison, ok := ast.Unparen(part).(*ast.BinaryExpr)
		if !ok {
			continue
		}
		n, whenTrue := g.tested(comparison)
		changes := func(node ast.Node) bool { return !g.keeps(node, comparison) }
		if n.key != "" && whenTrue == outcome && (n.lasting || g.isOwn(comparison) && !slices.ContainsFunc(since, changes)) {
			known = append(known, n)
		}
	}
	return known
}

// isOwn tells an expression whose variables only statements in sight change.
func (g *guardian) isOwn(e ast.Expr) bool { return g.keeps(&ast.BlockStmt{}, e) }

// endsEarly tells whether what follows a block is only reached without it.
func endsEarly(block *ast.BlockStmt) bool {
	if len(block.List) == 0 {
		return false
	}
	switch last := block.List[len(block.List)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return last.Tok == token.CONTINUE || last.Tok == token.BREAK
	}
	return false
}
