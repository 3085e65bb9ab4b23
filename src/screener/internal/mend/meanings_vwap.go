package mend

import (
	"fmt"
	"go/ast"
	"go/constant"
)

// vwapOfPeriod finds a VWAP that is asked for with a period: the helper takes
// all candles it is given, so it is given the last of them.
func vwapOfPeriod(s *source) *Change {
	return find(s, func(call *ast.CallExpr) *Change {
		helper, _ := s.helper(call)
		if _, unknown := s.missing(call); helper == "" && unknown != "" {
			helper = unknown
		}
		if about, _ := subjectOf(helper); about != "vwap" || len(call.Args) != 2 {
			return nil
		}
		candles, ok := call.Args[0].(*ast.Ident)
		if !ok || !isKlines(s.info.TypeOf(candles)) || !s.isPeriod(call.Args[1]) {
			return nil
		}
		period := s.code(call.Args[1])
		return s.change(call, fmt.Sprintf("the VWAP of %s candles is asked of the last of them", period),
			s.replace(call, fmt.Sprintf("indicators.CalculateVWAP(%s[len(%[1]s)-%s:])", candles.Name, period)))
	})
}

// isPeriod tells whole numbers above 0 that are constant, and variables that
// stay such a number.
func (s *source) isPeriod(expr ast.Expr) bool {
	if name, ok := expr.(*ast.Ident); ok && s.info.Types[name].Value == nil {
		if expr = s.onlyValue(name); expr == nil {
			return false
		}
	}
	value, ok := numberLiteral(expr)
	if _, isName := expr.(*ast.Ident); isName {
		value, ok = s.wholeNumber(expr)
	}
	return ok && value.Kind() == constant.Int && constant.Sign(value) > 0
}
