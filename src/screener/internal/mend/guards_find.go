package mend

import (
	"go/ast"
	"go/token"
	"go/types"
)

// reading is which reads of a series matter: after a panic, all in the
// statement do; of an error that was only reported, the words tell which.
type reading int

const (
	allReads reading = iota
	indexesOnly
	slicesOnly
)

// lengthNeeds are what an index or a slice expression needs of its operand.
func (g *guardian) lengthNeeds(e ast.Expr) []need {
	switch e := e.(type) {
	case *ast.IndexExpr:
		if index, ok := g.linear(e.Index); ok && g.hasLength(e.X) && g.reading != slicesOnly {
			return g.longEnough(e.X, index, 1)
		}
	case *ast.SliceExpr:
		if g.hasLength(e.X) && e.Max == nil && g.reading != indexesOnly {
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
	n := need{kind: needLength, operand: g.code(operand), expr: operand, key: key}
	factor := index.terms[term{length: key}]
	switch rest := len(index.terms); {
	case rest == 0 && index.number >= 0:
		n.least = index.number + beyond
	case factor == 1 && rest == 1:
		n.least = -index.number
	case factor == 1 && rest == 2:
		for t, f := range index.terms {
			if t.object != nil && f == -1 && !g.counts(t.object) {
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
	var divisor ast.Expr
	if division, ok := e.(*ast.BinaryExpr); ok && (division.Op == token.QUO || division.Op == token.REM) {
		divisor = ast.Unparen(division.Y)
	} else if division, ok := g.parents[e].(*ast.AssignStmt); ok && division.Rhs[0] == e &&
		(division.Tok == token.QUO_ASSIGN || division.Tok == token.REM_ASSIGN) {
		divisor = ast.Unparen(e)
	}
	if divisor == nil || g.info.Types[divisor].Value != nil {
		return nil
	}
	number, ok := g.info.TypeOf(divisor).Underlying().(*types.Basic)
	key, known := g.key(divisor)
	if !ok || !known || number.Info()&types.IsInteger == 0 {
		return nil
	}
	if sum, ok := g.linear(divisor); ok && sum.number == 0 && len(sum.terms) == 1 {
		for t, factor := range sum.terms {
			if t.length != "" && factor == 1 {
				key = "len(" + t.length + ")"
			}
		}
	}
	return []need{{kind: needDivisor, operand: g.code(divisor), expr: divisor, key: key}}
}

// pointerNeeds is that what is looked into is not nil. The filter's own
// argument never is.
func (g *guardian) pointerNeeds(e ast.Expr) []need {
	operand := g.pointed(e)
	if operand == nil {
		return nil
	}
	key, ok := g.key(operand)
	if _, isNameless := operand.(*ast.CallExpr); isNameless {
		return nil
	}
	if name, isName := operand.(*ast.Ident); !ok || g.shared[g.root(operand)] || isName && (name.Name == "data" || g.isMade(name)) {
		return nil
	}
	return []need{{kind: needPointer, operand: g.code(operand), expr: operand, key: key}}
}

// isMade tells a variable that is always the address of something.
func (g *guardian) isMade(name *ast.Ident) bool {
	object := g.info.Uses[name]
	address, ok := g.first[object].(*ast.UnaryExpr)
	return ok && address.Op == token.AND && !g.changed[object]
}

// pointed is the pointer that an expression looks into, or nil.
func (g *guardian) pointed(e ast.Expr) ast.Expr {
	var operand ast.Expr
	switch e := e.(type) {
	case *ast.StarExpr:
		operand = ast.Unparen(e.X)
	case *ast.SelectorExpr:
		operand = ast.Unparen(e.X)
	default:
		return nil
	}
	value := g.info.Types[operand]
	if value.Type == nil || !value.IsValue() {
		return nil
	}
	if _, ok := value.Type.Underlying().(*types.Pointer); !ok {
		return nil
	}
	return operand
}

// resultNeeds are the pointers to check, and the lengths of what they lead to.
func (g *guardian) resultNeeds(e ast.Expr) []need {
	if index, ok := e.(*ast.IndexExpr); ok && g.pointed(ast.Unparen(index.X)) != nil {
		return g.lengthNeeds(e)
	}
	return g.pointerNeeds(e)
}

// seriesNeeds are the lengths to check, and the pointers on the way to them.
func (g *guardian) seriesNeeds(e ast.Expr) []need {
	if needs := g.lengthNeeds(e); needs != nil {
		return needs
	}
	if outer, ok := g.parents[e].(*ast.IndexExpr); ok && outer.X == e && g.pointed(e) != nil && g.lengthNeeds(outer) != nil {
		return g.pointerNeeds(e)
	}
	return nil
}
