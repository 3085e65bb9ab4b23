package mend

import (
	"go/ast"
	"go/token"
	"slices"
)

// unchecked leaves out the needs that earlier conditions make sure of.
func (g *guardian) unchecked(statement ast.Stmt, needs []need) []need {
	known := g.knownBefore(statement)
	return slices.DeleteFunc(slices.Clone(needs), func(n need) bool { return ensured(known, n) })
}

func ensured(known []need, n need) bool {
	return slices.ContainsFunc(known, func(k need) bool {
		return k.kind == n.kind && k.key == n.key && k.symbol == n.symbol && k.least >= n.least
	})
}

// knownBefore is what has been checked when a statement is reached: by ifs
// before it that leave, and by ifs around it.
func (g *guardian) knownBefore(statement ast.Stmt) []need {
	var known []need
	for node := ast.Node(statement); node != nil; node = g.parents[node] {
		if _, ok := node.(*ast.FuncLit); ok {
			break // it may run at another time
		}
		if s, ok := node.(ast.Stmt); ok {
			for _, earlier := range g.before(s) {
				if check, ok := earlier.(*ast.IfStmt); ok && check.Init == nil && check.Else == nil && endsEarly(check.Body) {
					known = append(known, g.knownIf(check.Cond, false)...)
				}
			}
		}
		if around, ok := g.parents[node].(*ast.IfStmt); ok && node != around.Init && node != around.Cond {
			known = append(known, g.knownIf(around.Cond, node == around.Body)...)
		}
	}
	return known
}

// knownIf is what a condition's outcome tells.
func (g *guardian) knownIf(condition ast.Expr, outcome bool) []need {
	operator := token.LOR
	if outcome {
		operator = token.LAND
	}
	var known []need
	for _, part := range operands(condition, operator) {
		if comparison, ok := ast.Unparen(part).(*ast.BinaryExpr); ok {
			if n, whenTrue := g.tested(comparison); n.key != "" && whenTrue == outcome && n.lasting {
				known = append(known, n)
			}
		}
	}
	return known
}

// tested is the need that a comparison is about, and whether it is met when
// the comparison is true, or when it is false.
func (g *guardian) tested(e *ast.BinaryExpr) (n need, whenTrue bool) {
	if name, ok := e.Y.(*ast.Ident); ok && name.Name == "nil" {
		key, _ := g.key(e.X)
		return need{kind: needPointer, key: key, lasting: g.lasts(e.X)}, e.Op == token.NEQ
	}
	left, ok := g.linear(e.X)
	if !ok {
		return need{}, false
	}
	right, ok := g.linear(e.Y)
	if !ok {
		return need{}, false
	}
	n, whenTrue = testedSum(left.plus(right, -1), e.Op)
	n.lasting = g.lasts(e)
	return n, whenTrue
}

// mirrored are the comparisons as seen from the other side.
var mirrored = map[token.Token]token.Token{
	token.LSS: token.GTR, token.GTR: token.LSS, token.LEQ: token.GEQ, token.GEQ: token.LEQ,
	token.EQL: token.EQL, token.NEQ: token.NEQ,
}

// testedSum reads the comparison of a sum with 0: a length, and maybe less a
// variable.
func testedSum(sum linear, operator token.Token) (n need, whenTrue bool) {
	n = need{kind: needLength}
	factors := 0 // of a length and a variable: opposite ones
	for t, factor := range sum.terms {
		if factor != 1 && factor != -1 {
			return need{}, false
		}
		if factors += factor; t.object != nil {
			n.symbol = t.object.Name()
			continue
		}
		n.key, n.least = t.length, -sum.number
		if factor == -1 {
			operator, n.least = mirrored[operator], sum.number
		}
	}
	if n.key == "" || len(sum.terms) > 2 || (n.symbol == "") != (len(sum.terms) == 1) || n.symbol != "" && factors != 0 {
		return need{}, false
	}
	switch operator {
	case token.LSS:
		return n, false
	case token.GEQ:
		return n, true
	case token.LEQ, token.GTR:
		n.least++
		return n, operator == token.GTR
	case token.EQL, token.NEQ:
		if n.least == 0 && n.symbol == "" {
			n.least = 1
			return n, operator == token.NEQ
		}
	}
	return need{}, false
}

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
