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
	field := helperField(name[strings.LastIndexByte(name, '.')+1:])
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

// collectedFrom is the candles whose field a series holds, for all of them in
// their order; "" when it does not.
func (s *source) collectedFrom(list types.Object, field string) string {
	if list == nil || !isSeries(list.Type()) || field == "" {
		return ""
	}
	var loop *ast.RangeStmt
	for _, used := range s.tree().uses[list] {
		statement := s.statement(used)
		if !s.changes(used) {
			continue
		}
		block, _ := s.tree().parent[statement].(*ast.BlockStmt)
		around, _ := s.tree().parent[block].(*ast.RangeStmt)
		if around == nil || (loop != nil && loop != around) || len(block.List) != 1 {
			return ""
		}
		loop = around
	}
	if loop == nil || !s.collects(loop, list.Name(), field) {
		return ""
	}
	klines, ok := loop.X.(*ast.Ident)
	if !ok || s.assigned(s.info.Uses[klines]) || !s.beginsEmpty(list, klines.Name) {
		return ""
	}
	return klines.Name
}

// changes tells whether a list or one of its elements gets a value here.
func (s *source) changes(used *ast.Ident) bool {
	index, ok := s.tree().parent[used].(*ast.IndexExpr)
	if !ok {
		return s.written(used)
	}
	assignment, ok := s.tree().parent[index].(*ast.AssignStmt)
	return ok && index.X == used && len(assignment.Lhs) == 1 && assignment.Lhs[0] == index
}

// collects tells whether a loop over candles puts one field of each into a list.
func (s *source) collects(loop *ast.RangeStmt, list, field string) bool {
	if !isKlines(s.info.TypeOf(loop.X)) || loop.Key == nil {
		return false
	}
	key, element := s.code(loop.Key), s.code(loop.X)+"["+s.code(loop.Key)+"]"
	if loop.Value != nil {
		element = s.code(loop.Value)
	}
	switch s.code(loop.Body.List[0]) {
	case list + " = append(" + list + ", " + element + "." + field + ")":
		return true
	case list + "[" + key + "] = " + element + "." + field,
		list + "[" + key + "] = " + s.code(loop.X) + "[" + key + "]." + field:
		return key != "_"
	}
	return false
}

// beginsEmpty tells whether a list begins with no elements, or one for each candle.
func (s *source) beginsEmpty(list types.Object, klines string) bool {
	name := s.tree().idents[list.Pos()]
	switch node := s.tree().parent[name].(type) {
	case *ast.ValueSpec:
		return len(node.Values) == 0
	case *ast.AssignStmt:
		if len(node.Rhs) != 1 {
			return false
		}
		value := s.code(node.Rhs[0])
		return value == "[]float64{}" || value == "make([]float64, len("+klines+"))" ||
			strings.HasPrefix(value, "make([]float64, 0")
	}
	return false
}
