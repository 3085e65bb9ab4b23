package mend

import (
	"go/ast"
	"go/constant"
	"go/token"
	"strings"
)

// patternAsked finds the engulfing pattern that is asked for one direction, as
// if it were a condition: DetectEngulfingPattern(klines, "bullish"), or a field
// .Bullish of its result. It is a text that is compared.
func patternAsked(s *source) *Change {
	const message = "DetectEngulfingPattern gives a text: it is compared"
	change := find(s, func(call *ast.CallExpr) *Change {
		helper, _ := s.helper(call)
		if helper != "DetectEngulfingPattern" || len(call.Args) != 2 || !isKlines(s.info.TypeOf(call.Args[0])) || s.useOf(call) != condition {
			return nil
		}
		value := s.info.Types[call.Args[1]].Value
		if value == nil || value.Kind() != constant.String || direction(constant.StringVal(value)) == "" {
			return nil
		}
		asked := s.code(call.Fun) + "(" + s.code(call.Args[0]) + ")"
		return s.compared(call, asked, direction(constant.StringVal(value)), message)
	})
	if change != nil {
		return change
	}
	return find(s, func(field *ast.SelectorExpr) *Change {
		name, ok := field.X.(*ast.Ident)
		if !ok || !isString(s.info.TypeOf(name)) || s.info.Uses[name] == nil || s.useOf(field) != condition {
			return nil
		}
		call, ok := s.valueOf(s.info.Uses[name]).(*ast.CallExpr)
		if !ok || direction(field.Sel.Name) == "" {
			return nil
		}
		if helper, _ := s.helper(call); helper != "DetectEngulfingPattern" {
			return nil
		}
		return s.compared(field, name.Name, direction(field.Sel.Name), message)
	})
}

// compared puts a comparison in a condition's place, and takes its ! along.
func (s *source) compared(cond ast.Expr, asked, word, message string) *Change {
	parent, _ := s.around(cond)
	if not, ok := parent.(*ast.UnaryExpr); ok && not.Op == token.NOT {
		return s.change(cond, message, s.replace(not, asked+` != "`+word+`"`))
	}
	return s.change(cond, message, s.replace(cond, asked+` == "`+word+`"`))
}

// direction is bullish or bearish, however it is written.
func direction(word string) string {
	word = strings.TrimPrefix(strings.ToLower(word), "is")
	if word == "bullish" || word == "bearish" {
		return word
	}
	return ""
}

// okAsError finds the second result of data.Klines[...] that is asked like an
// error: nil means that it is there.
func okAsError(s *source) *Change {
	return find(s, func(comparison *ast.BinaryExpr) *Change {
		name, ok := ast.Unparen(comparison.X).(*ast.Ident)
		if !ok || !s.isNil(comparison.Y) || !isBoolean(s.info.TypeOf(name)) || !s.isSecondResult(name) {
			return nil
		}
		message := name.Name + " is true when the candles are there"
		switch comparison.Op {
		case token.EQL:
			return s.change(comparison, message, s.replace(comparison, name.Name))
		case token.NEQ:
			return s.change(comparison, message, s.replace(comparison, "!"+name.Name))
		}
		return nil
	})
}

// listAsCondition finds candles that are taken as true when there are some.
func listAsCondition(s *source) *Change {
	return find(s, func(expr ast.Expr) *Change {
		if _, isName := expr.(*ast.Ident); !isName || !(isKlines(s.info.TypeOf(expr)) || isSeries(s.info.TypeOf(expr))) || s.useOf(expr) != condition {
			return nil
		}
		message := "whether " + s.code(expr) + " has elements is asked with len"
		parent, _ := s.around(expr)
		if not, ok := parent.(*ast.UnaryExpr); ok {
			return s.change(expr, message, s.replace(not, "len("+s.code(expr)+") == 0"))
		}
		return s.change(expr, message, s.replace(expr, "len("+s.code(expr)+") > 0"))
	})
}
