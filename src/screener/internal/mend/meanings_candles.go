package mend

import (
	"go/ast"
	"go/constant"
	"go/types"
	"regexp"
	"strings"
)

// sortArguments tells a helper's candles, as text, from the numbers; "" when
// it is not plain which candles are meant.
func (s *source) sortArguments(arguments []ast.Expr, signature *types.Signature) (klines string, numbers []ast.Expr) {
	market, interval := "", ""
	for _, argument := range arguments {
		value := s.info.Types[argument]
		candles := s.candlesOf(argument)
		_, isLiteral := numberLiteral(argument)
		switch {
		case isLiteral || isNumber(value.Type):
			numbers = append(numbers, argument)
		case candles != "" && klines == "":
			klines = candles
		case isString(value.Type) && value.Value != nil && interval == "":
			interval = constant.StringVal(value.Value)
		case isMarket(value.Type) && market == "":
			market = s.code(argument)
		default:
			return "", nil
		}
	}
	switch {
	case klines != "" && market == "" && interval == "":
		return klines, numbers
	case klines != "":
		return "", nil
	case interval == "" && market != "":
		interval = s.onlyInterval()
	}
	if !isInterval(`"` + interval + `"`) {
		return "", nil
	}
	return `data.Klines["` + interval + `"]`, numbers
}

// isMarket is for the market data and its candles of all intervals.
func isMarket(t types.Type) bool {
	switch kind := t.(type) {
	case *types.Pointer:
		return isNamed(kind.Elem(), "MarketData")
	case *types.Map:
		return isKlines(kind.Elem())
	}
	return false
}

var intervalLiteral = regexp.MustCompile(`^["` + "`" + `]\d{1,2}[mhdwM]["` + "`" + `]$`)

func isInterval(literal string) bool { return intervalLiteral.MatchString(literal) }

// onlyInterval is the interval that the code names, when it names one.
func (s *source) onlyInterval() string {
	found := map[string]bool{}
	last := ""
	for _, node := range s.tree().ordered {
		if literal, ok := node.(*ast.BasicLit); ok && isInterval(literal.Value) {
			last = literal.Value[1 : len(literal.Value)-1]
			found[last] = true
		}
	}
	if len(found) != 1 {
		return ""
	}
	return last
}

// helperField is what of the candles a helper works on, closes unless its name
// says otherwise.
func helperField(called string) string {
	switch about, _ := subjectOf(called); about {
	case "avgvolume":
		return "Volume"
	case "highesthigh":
		return "High"
	case "lowestlow":
		return "Low"
	case "ma", "ema", "rsi", "macd", "bollingerbands":
		return "Close"
	}
	return ""
}

// candlesOf is the candles that an argument of a helper is or was made of.
func (s *source) candlesOf(argument ast.Expr) string {
	if isKlines(s.info.TypeOf(argument)) {
		return s.code(argument)
	}
	call, ok := s.tree().parent[argument].(*ast.CallExpr)
	if !ok {
		return ""
	}
	name := s.code(call.Fun)
	name = name[strings.LastIndexByte(name, '.')+1:]
	field := helperField(name)
	about, _ := subjectOf(name)
	if _, unknown := s.missing(call); unknown != "" && about == "ma" && s.isVolumes(argument) {
		field = "Volume"
	}
	switch node := argument.(type) {
	case *ast.SelectorExpr:
		if node.Sel.Name == field && isKlines(s.info.TypeOf(node.X)) {
			return s.code(node.X)
		}
	case *ast.Ident:
		return s.collectedFrom(s.info.Uses[node], field)
	}
	return ""
}
