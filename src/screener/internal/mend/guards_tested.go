package mend

import (
	"go/ast"
	"go/token"
)

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
	if n, whenTrue = testedSum(left.plus(right, -1), e.Op); n.key == "" {
		n, whenTrue = g.testedDivisor(e, right)
	}
	n.lasting = g.lasts(e)
	return n, whenTrue
}

// testedDivisor reads the comparison of a whole number with 0.
func (g *guardian) testedDivisor(e *ast.BinaryExpr, right linear) (n need, whenTrue bool) {
	key, ok := g.key(e.X)
	if !ok || len(right.terms) > 0 || right.number != 0 {
		return need{}, false
	}
	n = need{kind: needDivisor, key: key}
	switch e.Op {
	case token.EQL, token.LEQ:
		return n, false
	case token.NEQ, token.GTR:
		return n, true
	}
	return need{}, false
}

// mirrored are the comparisons as seen from the other side.
var mirrored = map[token.Token]token.Token{
	token.LSS: token.GTR, token.GTR: token.LSS, token.LEQ: token.GEQ, token.GEQ: token.LEQ,
	token.EQL: token.EQL, token.NEQ: token.NEQ,
}

// testedSum reads the comparison of a sum with 0.
func testedSum(sum linear, operator token.Token) (n need, whenTrue bool) {
	n, isNegative := sum.length()
	if n.key == "" {
		return need{}, false
	}
	if isNegative {
		operator = mirrored[operator]
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

// length is the need that a sum, a length and maybe less a variable, is not
// below 0; isNegative tells that this is the sum's negation. Other sums have
// none.
func (l linear) length() (n need, isNegative bool) {
	n = need{kind: needLength}
	factors := 0 // of a length and a variable: opposite ones
	for t, factor := range l.terms {
		if factor != 1 && factor != -1 {
			return need{}, false
		}
		if factors += factor; t.object != nil {
			n.symbol = t.object.Name()
			continue
		}
		n.key, n.least, isNegative = t.length, -factor*l.number, factor == -1
	}
	if len(l.terms) > 2 || (n.symbol == "") != (len(l.terms) == 1) || n.symbol != "" && factors != 0 {
		return need{}, false
	}
	return n, isNegative
}
