package mend

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// written are functions that filters miss, as values which mean the same for
// numbers of the type that stands for TYPE. What is not a number stays that.
var written = map[string]struct{ name, text string }{
	"abs": {"abs", "func(x TYPE) TYPE {\n\tif x <= 0 {\n\t\treturn 0 - x\n\t}\n\treturn x\n}\n"},
	"max": {"larger", "func(a, b TYPE) TYPE {\n\tif a > b || a != a {\n\t\treturn a\n\t}\n\treturn b\n}\n"},
	"min": {"smaller", "func(a, b TYPE) TYPE {\n\tif a < b || a != a {\n\t\treturn a\n\t}\n\treturn b\n}\n"},

	"floor": {"floor", floorText}, "ceil": {"ceil", ceilText}, "trunc": {"trunc", truncText}, "round": {"round", roundText},
	"sqrt": {"sqrt", sqrtText}, "square": {"square", squareText}, "cube": {"cube", cubeText},
}

// mathCalls are all calls of one such function with one type of numbers.
type mathCalls struct {
	function string // one of written
	typ      string
	calls    []*ast.CallExpr
}

// mathFunction declares abs, max or min at the top of the body.
func mathFunction(s *source) *Change {
	found := s.firstMathCalls()
	if found == nil {
		return s.infinity()
	}
	form := written[found.function]
	text := strings.ReplaceAll(form.text, "TYPE", found.typ)
	if found.typ == "int" {
		text = strings.ReplaceAll(text, " || a != a", "")
	}
	name := form.name
	var edits []edit
	if !strings.Contains(s.text, name+" := "+text) {
		name = s.freshVariable(name)
		edits = append(edits, s.insert(s.body()[0].Pos(), name+" := "+text))
	}
	for _, call := range found.calls {
		edits = append(edits, s.useValue(call, name, found.typ)...)
	}
	return changed(s.line(found.calls[0].Pos()),
		fmt.Sprintf("%s is declared in the filter: it has no math package", s.code(found.calls[0].Fun)), edits...)
}

// firstMathCalls are the calls like the first one that is found.
func (s *source) firstMathCalls() *mathCalls {
	var found *mathCalls
	s.inspect(func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		function, typ := s.mathFunctionOf(call)
		if function == "" {
			return true
		}
		if found == nil {
			found = &mathCalls{function: function, typ: typ}
		}
		if found.function == function && found.typ == typ {
			found.calls = append(found.calls, call)
		}
		return true
	})
	return found
}

// mathFunctionOf is what a call means, and the type of its numbers.
func (s *source) mathFunctionOf(call *ast.CallExpr) (function, typ string) {
	if function = s.fractionFunction(call); function != "" {
		if value := call.Args[0]; !s.isFloat(value) && !isInt(s.info.TypeOf(value)) {
			return "", ""
		}
		return function, "float64"
	}
	isGo := false
	switch called := call.Fun.(type) {
	case *ast.SelectorExpr:
		function = strings.ToLower(s.mathName(called))
		isGo = called.Sel.Name != function
	case *ast.Ident:
		if _, isBuiltin := s.info.Uses[called].(*types.Builtin); isBuiltin || s.info.Uses[called] == nil {
			function = called.Name
		}
	}
	if function != "abs" && function != "max" && function != "min" || call.Ellipsis.IsValid() || len(call.Args) != 1 && function == "abs" ||
		len(call.Args) < 2 && function != "abs" {
		return "", ""
	}
	typ = "int"
	for _, value := range call.Args {
		switch {
		case s.isFloat(value):
			typ = "float64"
		case !isInt(s.info.TypeOf(value)):
			return "", ""
		}
	}
	if isGo {
		typ = "float64"
	}
	return function, typ
}

// useValue calls the declared function, once more for each number beyond two.
func (s *source) useValue(call *ast.CallExpr, name, typ string) []edit {
	edits := []edit{s.replace(call.Fun, name+strings.Repeat("("+name, max(0, len(call.Args)-2)))}
	values := call.Args
	if s.fractionFunction(call) != "" && len(values) == 2 { // the exponent is in the name
		edits = append(edits, edit{s.offset(values[0].End()), s.offset(values[1].End()), ""})
		values = values[:1]
	}
	for i, value := range values {
		isWhole := isInt(s.info.TypeOf(value)) && s.info.Types[value].Value == nil
		if isWhole && typ == "float64" {
			edits = append(edits, s.insert(value.Pos(), "float64("), s.insert(value.End(), ")"))
		}
		if i > 0 && i < len(values)-1 {
			edits = append(edits, s.insert(value.End(), ")"))
		}
	}
	return edits
}

// infinity is math.Inf(1) and math.Inf(-1), as a variable.
func (s *source) infinity() *Change {
	var edits []edit
	name := ""
	s.inspect(func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 {
			return true
		}
		selector, ok := call.Fun.(*ast.SelectorExpr)
		sign := s.code(call.Args[0])
		if !ok || s.mathName(selector) != "Inf" || sign != "1" && sign != "-1" && sign != "+1" {
			return true
		}
		if name == "" {
			name = s.freshVariable("infinity")
		}
		edits = append(edits, s.replace(call, strings.Trim(sign, "+1")+name))
		return true
	})
	if name == "" {
		return nil
	}
	line := lineOf(s, edits)
	declared := name + " := 1e308\n" + name + " *= 10\n"
	return changed(line, "math.Inf is declared in the filter: it has no math package",
		append(edits, s.insert(s.body()[0].Pos(), declared))...)
}

// freshVariable is a name that nothing but calls of a missing function have.
func (s *source) freshVariable(name string) string {
	for i, t := range s.tokens {
		if t.is(name) && s.at(i+1).text != "(" {
			return s.fresh(name + "Of")
		}
	}
	if s.mayDeclare(name) {
		return s.fresh(name + "Of")
	}
	return name
}
