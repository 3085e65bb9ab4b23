package mend

import (
	"fmt"
	"go/ast"
	"go/types"
	"regexp"
)

// listName is what a list of candles is called, by itself or with its interval.
var listName = regexp.MustCompile(`^(?:(klines?|candles?|candlesticks?|bars?)|series|data|ks?)(?:list|data|series)?(\d{1,2}[mhdw])?$`)

// candlesByOtherName finds a name for a list of candles that nothing declares,
// where one variable has candles, and that of a whole interval.
func candlesByOtherName(s *source) *Change {
	return find(s, func(ident *ast.Ident) *Change {
		called := listName.FindStringSubmatch(plainName(ident.Name))
		isOther := called != nil && called[2] != "" && called[2] != s.onlyInterval()
		if !s.tree().unknown[ident] || called == nil || isOther || s.readsInPlace() && s.onlyInterval() == "" {
			return nil
		}
		list := s.onlyCandles(ident)
		if list == nil || !s.isWholeInterval(list) {
			return nil
		}
		var edits []edit
		isCandles := called[1] != ""
		for _, other := range s.tree().idents {
			if other.Name != ident.Name {
				continue
			}
			if !s.tree().unknown[other] || s.onlyCandles(other) != list || !s.mayBeCandles(other, list) {
				return nil
			}
			isCandles = isCandles || s.areCandles(other, list)
			edits = append(edits, s.replace(other, list.Name()))
		}
		if !isCandles {
			return nil
		}
		return s.change(ident, fmt.Sprintf("the candles are called %s, not %s", list.Name(), ident.Name), edits...)
	})
}

// onlyCandles is the one list of candles that a place sees, or nil.
func (s *source) onlyCandles(ident *ast.Ident) (found types.Object) {
	for _, object := range s.info.Defs {
		if !isVisible(object, ident) || !isKlines(object.Type()) {
			continue
		}
		if found != nil {
			return nil
		}
		found = object
	}
	return found
}

// isWholeInterval tells lists that have all candles of an interval: what
// data.Klines gives, and what a function is given.
func (s *source) isWholeInterval(list types.Object) bool {
	switch declaration := s.tree().parent[s.tree().idents[list.Pos()]].(type) {
	case *ast.Field, *ast.RangeStmt:
		return !s.assigned(list)
	case *ast.AssignStmt:
		_, isElement := declaration.Rhs[0].(*ast.IndexExpr)
		return isElement && len(declaration.Rhs) == 1 && !s.assigned(list)
	}
	return false
}

// readsInPlace tells whether candles of an interval are read without a variable.
func (s *source) readsInPlace() bool {
	return find(s, func(index *ast.IndexExpr) *Change {
		if !isKlines(s.info.TypeOf(index)) || s.declaredWith(index) != nil {
			return nil
		}
		return s.change(index, "")
	}) != nil
}

// mayBeCandles tells whether a name is used as a list, of candles or others.
func (s *source) mayBeCandles(ident *ast.Ident, list types.Object) bool {
	parent, child := s.around(ident)
	switch place := parent.(type) {
	case *ast.IndexExpr:
		return place.X == child && s.useOf(place) != number
	case *ast.RangeStmt:
		return place.X == child
	case *ast.SliceExpr:
		return place.X == child
	case *ast.CallExpr:
		return s.code(place.Fun) == "len" || s.areCandles(ident, list)
	}
	return false
}

// areCandles tells whether a field of an element is read, or candles are asked for.
func (s *source) areCandles(ident *ast.Ident, list types.Object) bool {
	parent, child := s.around(ident)
	field, isField := s.tree().parent[parent].(*ast.SelectorExpr)
	candle := structOf(list.Type().(*types.Slice).Elem())
	return isKlines(s.wanted(parent, child)) || isField && fieldMeant(candle, field.Sel.Name) != nil
}
