package mend

import (
	"fmt"
	"go/ast"
	"go/types"
)

// packaged are functions of packages that a filter does not have, as values
// that do the same. Texts of a symbol are plain: case is that of its letters.
var packaged = map[string]struct{ name, takes, text string }{
	"strings.HasPrefix": {"hasPrefix", "text text", "func(text, prefix string) bool {\n\treturn len(text) >= len(prefix) && text[:len(prefix)] == prefix\n}\n"},
	"strings.HasSuffix": {"hasSuffix", "text text", "func(text, suffix string) bool {\n\treturn len(text) >= len(suffix) && text[len(text)-len(suffix):] == suffix\n}\n"},
	"strings.Contains": {"contains", "text text", "func(text, part string) bool {\n\tfor i := 0; i+len(part) <= len(text); i++ {\n" +
		"\t\tif text[i:i+len(part)] == part {\n\t\t\treturn true\n\t\t}\n\t}\n\treturn false\n}\n"},
	"strings.EqualFold": {"equalFold", "symbol text", "func(a, b string) bool {\n\tif len(a) != len(b) {\n\t\treturn false\n\t}\n" +
		"\tfor i := 0; i < len(a); i++ {\n\t\tx, y := a[i], b[i]\n\t\tif 'a' <= x && x <= 'z' {\n\t\t\tx -= 'a' - 'A'\n\t\t}\n" +
		"\t\tif 'a' <= y && y <= 'z' {\n\t\t\ty -= 'a' - 'A'\n\t\t}\n\t\tif x != y {\n\t\t\treturn false\n\t\t}\n\t}\n\treturn true\n}\n"},
	"strings.ToUpper": {"toUpper", "symbol", letterCase("a", "z", "-=")},
	"strings.ToLower": {"toLower", "symbol", letterCase("A", "Z", "+=")},
	"sort.Float64s":   {"sortFloats", "series", sortText},
}

// sortText sorts as the package does: what is no number comes first.
const sortText = "func(list []float64) {\n\tfor i := 1; i < len(list); i++ {\n" +
	"\t\tfor j := i; j > 0 && (list[j] < list[j-1] || list[j] != list[j] && list[j-1] == list[j-1]); j-- {\n" +
	"\t\t\tlist[j], list[j-1] = list[j-1], list[j]\n\t\t}\n\t}\n}\n"

// letterCase is the function that changes the letters from one to another.
func letterCase(first, last, sign string) string {
	return fmt.Sprintf("func(text string) string {\n\tletters := []byte(text)\n\tfor i, letter := range letters {\n"+
		"\t\tif '%s' <= letter && letter <= '%s' {\n\t\t\tletters[i] %s 'a' - 'A'\n\t\t}\n\t}\n\treturn string(letters)\n}\n", first, last, sign)
}

// packageFunction declares such a function at the top of the body.
func packageFunction(s *source) *Change {
	called := ""
	var calls []*ast.CallExpr
	s.inspect(func(node ast.Node) bool {
		if call, ok := node.(*ast.CallExpr); ok && s.isPackaged(call) && (called == "" || called == s.code(call.Fun)) {
			called, calls = s.code(call.Fun), append(calls, call)
		}
		return true
	})
	if called == "" {
		return nil
	}
	name := s.freshVariable(packaged[called].name)
	edits := []edit{s.insert(s.body()[0].Pos(), name+" := "+packaged[called].text)}
	for _, call := range calls {
		edits = append(edits, s.replace(call.Fun, name))
	}
	return changed(s.line(calls[0].Pos()), called+" is declared in the filter: it has no such package", edits...)
}

// isPackaged tells calls of such a function with what it takes.
func (s *source) isPackaged(call *ast.CallExpr) bool {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || call.Ellipsis.IsValid() {
		return false
	}
	pkg, ok := selector.X.(*ast.Ident)
	if !ok || s.info.Uses[pkg] != nil {
		return false
	}
	switch packaged[s.code(selector)].takes {
	case "text text":
		return len(call.Args) == 2 && s.isTextOrCase(call.Args[0]) && s.isTextOrCase(call.Args[1])
	case "symbol text":
		return len(call.Args) == 2 && s.code(call.Args[0]) == "data.Symbol" && isText(s.info.TypeOf(call.Args[1]))
	case "symbol":
		return len(call.Args) == 1 && s.code(call.Args[0]) == "data.Symbol"
	case "series":
		return len(call.Args) == 1 && types.Identical(s.info.TypeOf(call.Args[0]), types.NewSlice(types.Typ[types.Float64]))
	}
	return false
}

// isTextOrCase is for a text, and one whose case is changed by such a function.
func (s *source) isTextOrCase(value ast.Expr) bool {
	call, ok := value.(*ast.CallExpr)
	return isText(s.info.TypeOf(value)) || ok && s.isPackaged(call) && packaged[s.code(call.Fun)].takes == "symbol"
}
