package mend

import (
	"go/ast"
	"slices"
	"strings"
)

// origin is which candles a list was made from, and how many of them come
// before its first value.
type origin struct {
	candles string // their key
	later   int
}

// originOf tells where a list begins: candles, or a helper's series, which
// ends with the last candle; false when that is not plain.
func (g *guardian) originOf(list ast.Expr) (o origin, ok bool) {
	if list == nil || !g.lasts(list) {
		return origin{}, false
	}
	if isKlines(g.info.TypeOf(list)) {
		o.candles, ok = g.key(list)
		return o, ok
	}
	switch list := list.(type) {
	case *ast.Ident:
		switch first := g.first[g.info.Uses[list]].(type) {
		case *ast.CallExpr:
			return g.originOfCall(first, "CalculateEMASeries", "CalculateMASeries")
		case *ast.SelectorExpr, *ast.Ident:
			return g.originOf(first)
		}
	case *ast.SelectorExpr:
		if result, isName := list.X.(*ast.Ident); isName {
			if call, isCall := g.first[g.info.Uses[result]].(*ast.CallExpr); isCall {
				return g.originOfCall(call, "CalculateRSI", "CalculateBollingerBands", "CalculateMACD")
			}
		}
	}
	return origin{}, false
}

// originOfCall is where the series of some helpers begin.
func (g *guardian) originOfCall(call *ast.CallExpr, helpers ...string) (origin, bool) {
	_, name, _ := strings.Cut(g.code(call.Fun), ".")
	if !g.isPlainHelper(call) || !slices.Contains(helpers, name) || !g.lasts(call) || !isKlines(g.info.TypeOf(call.Args[0])) {
		return origin{}, false
	}
	var periods []int
	for _, argument := range call.Args[1:] {
		if isFloat(g.info.TypeOf(argument)) {
			continue // the deviation
		}
		period, ok := g.linear(argument)
		if !ok || len(period.terms) > 0 || period.number < 1 {
			return origin{}, false
		}
		periods = append(periods, period.number)
	}
	later := periods[0] - 1
	switch name {
	case "CalculateRSI":
		later++
	case "CalculateMACD":
		later = max(periods[0], periods[1]) - 1 + periods[2] - 1
	}
	candles, ok := g.key(call.Args[0])
	return origin{candles, later}, ok
}

// onlyLength is the list whose length a sum is, give or take a number.
func (g *guardian) onlyLength(sum linear) (list ast.Expr, number int) {
	if len(sum.terms) != 1 {
		return nil, 0
	}
	for t, factor := range sum.terms {
		if t.length != "" && factor == 1 {
			return g.listOf(t.length), sum.number
		}
	}
	return nil, 0
}

// apartBy is how many candles a list begins after another of the same candles;
// 0 when they begin together, or when that is not plain.
func (g *guardian) apartBy(list, other ast.Expr) int {
	own, ok := g.originOf(list)
	theirs, known := g.originOf(other)
	if !ok || !known || own.candles != theirs.candles {
		return 0
	}
	return own.later - theirs.later
}

// inOwn is a sum with a list's own length instead of that of another that
// begins earlier, which holds where the list has any value.
func (g *guardian) inOwn(list ast.Expr, sum linear) linear {
	other, _ := g.onlyLength(sum)
	key, ok := g.key(list)
	if by := g.apartBy(list, other); ok && by > 0 {
		return linear{sum.number + by, map[term]int{{length: key}: 1}}
	}
	return sum
}
