package mend

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// ofSeries are functions of a series that other languages have, as values.
// There, the largest of no values is an error: the element is asked for.
var ofSeries = map[string]struct{ name, text string }{
	"sum": {"sum", "func(list []float64) float64 {\n\ttotal := 0.0\n\tfor _, x := range list {\n\t\ttotal += x\n\t}\n\treturn total\n}\n"},
	"max": {"largest", "func(list []float64) float64 {\n\tfound := list[0]\n\tfor _, x := range list {\n\t\tif x > found {\n\t\t\tfound = x\n\t\t}\n\t}\n\treturn found\n}\n"},
	"min": {"smallest", "func(list []float64) float64 {\n\tfound := list[0]\n\tfor _, x := range list {\n\t\tif x < found {\n\t\t\tfound = x\n\t\t}\n\t}\n\treturn found\n}\n"},
}

// seriesFunction declares sum(list), max(list) or min(list) at the top.
func seriesFunction(s *source) *Change {
	asked := ""
	var calls []*ast.CallExpr
	s.inspect(func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 || !isSeries(s.info.TypeOf(call.Args[0])) {
			return true
		}
		name, ok := call.Fun.(*ast.Ident)
		if !ok || ofSeries[name.Name].text == "" || asked != "" && asked != name.Name {
			return true
		}
		_, isBuiltin := s.info.Uses[name].(*types.Builtin)
		if isBuiltin && !call.Ellipsis.IsValid() || s.info.Uses[name] == nil {
			asked, calls = name.Name, append(calls, call)
		}
		return true
	})
	if asked == "" {
		return nil
	}
	name := s.freshVariable(ofSeries[asked].name)
	edits := []edit{s.insert(s.body()[0].Pos(), name+" := "+ofSeries[asked].text)}
	for _, call := range calls {
		edits = append(edits, s.replace(call.Fun, name))
	}
	return changed(s.line(calls[0].Pos()), asked+" of a series is declared in the filter", edits...)
}

// spread is Math.max(...list).
func spread(s *source) *Change {
	for i, t := range s.tokens {
		method := s.at(i + 2)
		if !t.is("Math", "math") || s.at(i+1).kind != token.PERIOD || s.at(i+3).kind != token.LPAREN || s.at(i+4).kind != token.ELLIPSIS {
			continue
		}
		name, closing := strings.ToLower(method.text), s.closing(i+3)
		if name != "max" && name != "min" || closing < 0 || s.find(i+5, closing, func(j int) bool { return s.at(j).kind == token.COMMA }) > 0 {
			continue
		}
		return changed(t.line, "the largest or smallest of a list is asked of the list", edit{t.from, s.at(i + 4).to, name + "("})
	}
	return nil
}

// sliceFromEnd is list[-n:] and list[:-n], which count from the end, and
// list.slice(-n).
func sliceFromEnd(s *source) *Change {
	var edits []edit
	s.inspect(func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.SliceExpr:
			if !isSimple(node.X) || !s.isSliceType(node.X) {
				return true
			}
			for _, bound := range []ast.Expr{node.Low, node.High} {
				if isNegative(bound) {
					edits = append(edits, s.insert(bound.Pos(), "len("+s.code(node.X)+")"))
				}
			}
		case *ast.CallExpr:
			method, ok := node.Fun.(*ast.SelectorExpr)
			if ok && method.Sel.Name == "slice" && isSimple(method.X) && s.isSliceType(method.X) {
				if bounds := s.sliceBounds(node.Args, s.code(method.X)); bounds != "" {
					edits = append(edits, s.replace(node, s.code(method.X)+"["+bounds+"]"))
				}
			}
		}
		return true
	})
	return changed(lineOf(s, edits), "the last elements are list[len(list)-n:]", edits...)
}

// sliceBounds are what slice's numbers are between brackets.
func (s *source) sliceBounds(numbers []ast.Expr, list string) string {
	if len(numbers) == 0 || len(numbers) > 2 {
		return ""
	}
	bounds := []string{"", ""}
	for i, number := range numbers {
		minus, isMinus := number.(*ast.UnaryExpr)
		_, isLiteral := number.(*ast.BasicLit)
		if isMinus && (minus.Op != token.SUB || !s.isPeriod(minus.X)) || !isMinus && !isLiteral && !s.isBeforeEnd(number) {
			return ""
		}
		bounds[i] = s.code(number)
		if isMinus {
			bounds[i] = "len(" + list + ")" + bounds[i]
		}
	}
	return strings.Join(bounds, ":")
}

// isBeforeEnd is for len(list)-n.
func (s *source) isBeforeEnd(expr ast.Expr) bool {
	minus, ok := expr.(*ast.BinaryExpr)
	if !ok || minus.Op != token.SUB {
		return false
	}
	call, ok := minus.X.(*ast.CallExpr)
	return ok && s.isLength(call) && s.isPeriod(minus.Y)
}

func (s *source) isSliceType(expr ast.Expr) bool {
	_, ok := under(s.info.TypeOf(expr)).(*types.Slice)
	return ok
}

// isNegative is for -n, with a number that is not 0.
func isNegative(expr ast.Expr) bool {
	minus, ok := expr.(*ast.UnaryExpr)
	if !ok || minus.Op != token.SUB {
		return false
	}
	number, ok := minus.X.(*ast.BasicLit)
	return ok && number.Kind == token.INT && number.Value != "0"
}

// pushed is list.push(x) and list.append(x) as a statement.
func pushed(s *source) *Change {
	return find(s, func(statement *ast.ExprStmt) *Change {
		call, ok := statement.X.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 || call.Ellipsis.IsValid() {
			return nil
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || method.Sel.Name != "push" && method.Sel.Name != "append" || !isSimple(method.X) || !s.isSliceType(method.X) {
			return nil
		}
		list := s.code(method.X)
		return s.change(statement, "a list grows with append", s.replace(statement, list+" = append("+list+", "+s.code(call.Args[0])+")"))
	})
}

// emptyList is `x := []`, where what is pushed first tells the type.
func emptyList(s *source) *Change {
	for i, t := range s.tokens {
		first := s.start(i)
		isDeclaration := first == i || first == i-1 && (s.at(first).kind == token.CONST || s.at(first).kind == token.VAR || s.at(first).is("let"))
		if t.kind != token.IDENT || !assigns(s.at(i+1)) || s.at(i+2).kind != token.LBRACK || s.at(i+3).kind != token.RBRACK || !ends(s.at(i+4)) || !isDeclaration {
			continue
		}
		for j := i + 4; j < len(s.tokens); j++ {
			if !s.at(j).is(t.text) || s.at(j+1).kind != token.PERIOD || !s.at(j+2).is("push", "append") || s.at(j+3).kind != token.LPAREN || s.closing(j+3) < 0 {
				continue
			}
			if typ := s.callType(j, i+4, s.between(j+4, s.closing(j+3))); typ != "" {
				return changed(t.line, t.text+" is a list of "+typ, edit{s.at(first).from, s.at(i + 3).to, t.text + " := []" + typ + "{}"})
			}
			break
		}
	}
	return nil
}
