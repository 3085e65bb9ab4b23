package mend

import (
	"go/ast"
	"go/token"
	"go/types"
)

// lengthNeeds are what an index or a slice expression needs of its operand.
func (g *guardian) lengthNeeds(e ast.Expr) []need {
	switch e := e.(type) {
	case *ast.IndexExpr:
		if index, ok := g.linear(e.Index); ok && g.hasLength(e.X) {
			return g.longEnough(e.X, index, 1)
		}
	case *ast.SliceExpr:
		if g.hasLength(e.X) && e.Max == nil {
			return g.sliceNeeds(e)
		}
	}
	return nil
}

// sliceNeeds: each bound lies within the operand, and the first before the second.
func (g *guardian) sliceNeeds(e *ast.SliceExpr) []need {
	var needs []need
	key, _ := g.key(e.X)
	low, high := linear{}, linear{terms: map[term]int{{length: key}: 1}}
	for bound, sum := range map[ast.Expr]*linear{e.Low: &low, e.High: &high} {
		if bound == nil {
			continue
		}
		read, ok := g.linear(bound)
		if !ok {
			return nil
		}
		*sum = read
		needs = append(needs, g.longEnough(e.X, read, 0)...)
	}
	// len + h >= l, that is: the high bound less the low one reaches 0.
	return append(needs, g.longEnough(e.X, high.plus(low, -1), 0)...)
}

// longEnough is the length that makes an index valid: at least 0, and beyond
// itself by some elements. There is none when no length would do.
func (g *guardian) longEnough(operand ast.Expr, index linear, beyond int) []need {
	key, ok := g.key(operand)
	if !ok || g.shared[g.root(operand)] {
		return nil
	}
	n := need{kind: needLength, operand: g.code(operand), key: key}
	factor := index.terms[term{length: key}]
	switch rest := len(index.terms); {
	case rest == 0 && index.number >= 0:
		n.least = index.number + beyond
	case factor == 1 && rest == 1:
		n.least = -index.number
	case factor == 1 && rest == 2:
		for t, f := range index.terms {
			if t.object != nil && f == -1 {
				n.symbol, n.least = t.object.Name(), -index.number
			}
		}
		if n.symbol != "" {
			return []need{n}
		}
		return nil
	}
	if n.least <= 0 {
		return nil
	}
	return []need{n}
}

// hasLength tells lists and strings from maps and arrays.
func (g *guardian) hasLength(e ast.Expr) bool {
	t := g.info.TypeOf(e)
	if t == nil || g.info.Types[e].Value != nil {
		return false
	}
	switch t := t.Underlying().(type) {
	case *types.Slice:
		return true
	case *types.Basic:
		return t.Info()&types.IsString != 0
	}
	return false
}

// divisorNeeds is that a whole number divided by is not 0.
func (g *guardian) divisorNeeds(e ast.Expr) []need {
	division, ok := e.(*ast.BinaryExpr)
	if !ok || (division.Op != token.QUO && division.Op != token.REM) || g.info.Types[division.Y].Value != nil {
		return nil
	}
	number, ok := g.info.TypeOf(division.Y).Underlying().(*types.Basic)
	if !ok || number.Info()&types.IsInteger == 0 {
		return nil
	}
	divisor := ast.Unparen(division.Y)
	key, ok := g.key(divisor)
	if !ok {
		return nil
	}
	return []need{{kind: needDivisor, operand: g.code(divisor), key: key}}
}
