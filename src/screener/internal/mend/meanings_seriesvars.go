package mend

import (
	"fmt"
	"go/ast"
	"go/types"
)

// seriesVariable finds a variable that holds a helper's series and is used as a
// number, wherever it is used: it stands for the latest value.
func seriesVariable(s *source) *Change {
	return find(s, func(selector *ast.SelectorExpr) *Change {
		kind := s.info.TypeOf(selector.X)
		if kind == nil || !isSeries(s.info.TypeOf(selector)) || !s.isIndicator(kind) || !isSimple(selector) {
			return nil
		}
		name := s.declaredWith(selector)
		if name == nil || !s.isOnly(selector, number) {
			return nil
		}
		values := s.code(selector)
		return s.change(selector, fmt.Sprintf("%s is used as a number: it is the latest of %s", name.Name, values),
			s.replace(selector, fmt.Sprintf("%s[len(%[1]s)-1]", values)))
	})
}

// isIndicator is for pointers to what helpers return.
func (s *source) isIndicator(t types.Type) bool {
	pointer, ok := t.(*types.Pointer)
	if !ok {
		return false
	}
	named, ok := pointer.Elem().(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Name() == "indicators"
}

// wholeMap finds the candles of all intervals that are used like a series, where
// the code names one interval: they are that interval's.
func wholeMap(s *source) *Change {
	return find(s, func(selector *ast.SelectorExpr) *Change {
		name := s.declaredWith(selector)
		interval := s.onlyInterval()
		if name == nil || interval == "" || s.code(selector) != "data.Klines" || !isMarket(s.info.TypeOf(selector)) {
			return nil
		}
		isSeries := false
		for _, used := range s.tree().uses[s.info.Defs[name]] {
			how, understood := s.useAsCandles(used)
			if !understood {
				return nil
			}
			isSeries = isSeries || how
		}
		if !isSeries {
			return nil
		}
		return s.change(selector, fmt.Sprintf("%s are the candles of one interval: %s", name.Name, interval),
			s.replace(selector, fmt.Sprintf("data.Klines[%q]", interval)))
	})
}

// useAsCandles tells whether a use fits only a series of candles, and whether
// it fits one at all.
func (s *source) useAsCandles(used *ast.Ident) (isSeries, understood bool) {
	parent, child := s.around(used)
	switch node := parent.(type) {
	case *ast.IndexExpr:
		isNumber := isInteger(s.info.TypeOf(node.Index))
		return isNumber, isNumber && node.X == child
	case *ast.SliceExpr:
		return true, node.X == child
	case *ast.CallExpr:
		if s.code(node.Fun) == "len" {
			return false, true
		}
		return isKlines(s.wanted(node, child)), isKlines(s.wanted(node, child))
	case *ast.RangeStmt:
		return false, node.X == child
	case *ast.BinaryExpr:
		return false, s.useOf(used) == checked
	}
	return false, false
}
