package mend

import (
	"go/ast"
	"go/types"
	"strings"
)

// printing is a statement that only writes something, for which a filter has
// nothing to write to. What it would have written must be plain.
func printing(s *source) *Change {
	var edits []edit
	s.inspect(func(node ast.Node) bool {
		statement, ok := node.(*ast.ExprStmt)
		if !ok {
			return true
		}
		call, ok := statement.X.(*ast.CallExpr)
		if ok && s.prints(call.Fun) && s.arePlain(call.Args) {
			edits = append(edits, s.replace(statement, ""))
		}
		return true
	})
	return changed(lineOf(s, edits), "a filter prints nothing: the print statement is left out", edits...)
}

// prints tells functions that print, of packages that a filter does not have.
func (s *source) prints(function ast.Expr) bool {
	switch function := function.(type) {
	case *ast.Ident:
		return function.Name == "print" && s.info.Uses[function] == nil
	case *ast.SelectorExpr:
		pkg, ok := function.X.(*ast.Ident)
		if !ok || s.info.Uses[pkg] != nil {
			return false
		}
		switch pkg.Name {
		case "fmt":
			return strings.HasPrefix(function.Sel.Name, "Print")
		case "log":
			return strings.HasPrefix(function.Sel.Name, "Print")
		case "console":
			return true
		}
	}
	return false
}

// arePlain tells values that only the contract's own functions are called for.
func (s *source) arePlain(values []ast.Expr) bool {
	plain := true
	for _, value := range values {
		ast.Inspect(value, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.FuncLit:
				plain = false
			case *ast.CallExpr:
				plain = plain && s.isPlainCall(node.Fun)
			}
			return plain
		})
	}
	return plain
}

func (s *source) isPlainCall(function ast.Expr) bool {
	switch function := function.(type) {
	case *ast.Ident:
		switch s.info.Uses[function].(type) {
		case *types.Builtin, *types.TypeName:
			return true
		}
	case *ast.SelectorExpr:
		pkg, ok := function.X.(*ast.Ident)
		if !ok {
			return false
		}
		_, isPackage := s.info.Uses[pkg].(*types.PkgName)
		return isPackage || pkg.Name == "fmt"
	}
	return false
}
