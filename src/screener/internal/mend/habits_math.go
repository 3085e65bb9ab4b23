package mend

import (
	"go/ast"
	"go/token"
	"go/types"
)

// mathConstants are exact: each is the float64, or the int, that it stands for.
var mathConstants = map[string]string{
	"MaxFloat64": "1.7976931348623157e308", "SmallestNonzeroFloat64": "5e-324", "Pi": "3.141592653589793",
	"E": "2.718281828459045", "MaxInt": "9223372036854775807", "MaxInt64": "9223372036854775807",
}

// mathNumber is what of the math package can be written in its place.
func mathNumber(s *source) *Change {
	var edits []edit
	message := ""
	s.inspect(func(node ast.Node) bool {
		if call, ok := node.(*ast.CallExpr); ok {
			if text := s.mathCall(call); text != "" {
				edits, message = append(edits, s.replace(call, text)), s.code(call.Fun)
				return false
			}
		}
		if selector, ok := node.(*ast.SelectorExpr); ok {
			if text := mathConstants[s.mathName(selector)]; text != "" {
				edits, message = append(edits, s.replace(selector, text)), s.code(selector)
			}
		}
		return true
	})
	return changed(lineOf(s, edits), message+" is written out: a filter has no math package", edits...)
}

// mathCall is what a call can be replaced by: of a plain value only, because
// it comes twice.
func (s *source) mathCall(call *ast.CallExpr) string {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 || !isSimple(call.Args[0]) || !s.isFloat(call.Args[0]) {
		return ""
	}
	value := s.code(call.Args[0])
	switch name := s.mathName(selector); {
	case name == "IsNaN" && len(call.Args) == 1:
		return "(" + value + " != " + value + ")"
	case (name == "Pow" || name == "pow") && len(call.Args) == 2 && (s.code(call.Args[1]) == "2" || s.code(call.Args[1]) == "2.0"):
		return "(" + value + " * " + value + ")"
	}
	return ""
}

// mathName is what is asked of a math package that is not there.
func (s *source) mathName(selector *ast.SelectorExpr) string {
	pkg, ok := selector.X.(*ast.Ident)
	if !ok || s.info.Uses[pkg] != nil || pkg.Name != "math" && pkg.Name != "Math" {
		return ""
	}
	return selector.Sel.Name
}

// isFloat tells values that are float64, as far as can be seen.
func (s *source) isFloat(value ast.Expr) bool {
	if basic, ok := s.info.TypeOf(value).(*types.Basic); ok && basic.Kind() != types.Invalid {
		return basic.Info()&types.IsFloat != 0
	}
	switch value := value.(type) {
	case *ast.ParenExpr:
		return s.isFloat(value.X)
	case *ast.UnaryExpr:
		return s.isFloat(value.X)
	case *ast.BinaryExpr:
		return s.isFloat(value.X) || s.isFloat(value.Y)
	case *ast.CallExpr:
		selector, ok := value.Fun.(*ast.SelectorExpr)
		return ok && s.mathName(selector) != ""
	}
	return false
}

// square is `x ** 2`, of a plain value.
func square(s *source) *Change {
	for i, t := range s.tokens {
		second, power := s.at(i+1), s.at(i+2)
		first := s.operand(i)
		if t.kind != token.MUL || second.kind != token.MUL || second.from != t.to || power.text != "2" ||
			first == i || s.at(i+3).kind == token.MUL && s.at(i+4).kind == token.MUL {
			continue
		}
		value := s.between(first, i)
		return changed(t.line, "a square is written "+value+" * "+value,
			edit{s.at(first).from, power.to, "(" + value + " * " + value + ")"})
	}
	return nil
}
