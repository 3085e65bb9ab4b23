package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// scalars is what a variable needs that holds a helper's latest numbers and is
// used as if each were a series.
type scalars struct {
	*source
	name   *ast.Ident
	call   *ast.CallExpr
	edits  []edit
	before []*ast.IndexExpr // elements before the last, by how far
	names  map[int]string   // of the variables for them
}

// maxBack is how far before the last an element may be.
const maxBack = 2

// numbersAsSeries finds a helper's latest numbers that are asked for by index:
// the last is the number itself, the one before is that of one candle less.
func numbersAsSeries(s *source) *Change {
	return find(s, func(call *ast.CallExpr) *Change {
		helper, signature := s.helper(call)
		if helper == "" || structOf(signature.Results().At(0).Type()) == nil {
			return nil
		}
		name := s.declaredWith(call)
		if name == nil || listOf(s.tree().parent[s.statement(name)]) == nil {
			return nil
		}
		n := &scalars{source: s, name: name, call: call, names: map[int]string{}}
		for _, used := range s.tree().uses[s.info.Defs[name]] {
			if selector, ok := s.tree().parent[used].(*ast.SelectorExpr); ok && !n.read(selector) {
				return nil
			}
		}
		if len(n.edits) == 0 || !n.declareBefore() {
			return nil
		}
		return s.change(call, fmt.Sprintf("%s has the latest numbers, no series: those before are asked with fewer candles", name.Name), n.edits...)
	})
}

// read understands a field, and the variable that is declared with it.
func (n *scalars) read(field *ast.SelectorExpr) bool {
	if !isFloat(n.info.TypeOf(field)) {
		return true
	}
	if !n.readPlace(field, field) {
		return false
	}
	if alias := n.declaredWith(field); alias != nil {
		for _, used := range n.tree().uses[n.info.Defs[alias]] {
			if !n.readPlace(used, field) {
				return false
			}
		}
	}
	return true
}

// readPlace understands one place where a field's number is used.
func (n *scalars) readPlace(used ast.Expr, field *ast.SelectorExpr) bool {
	parent, child := n.around(used)
	switch node := parent.(type) {
	case *ast.IndexExpr:
		if node.X != child {
			return true
		}
		back, ok := n.back(node.Index)
		if !ok {
			return false
		}
		text := n.code(used)
		if back > 0 {
			n.before = append(n.before, node)
			text = n.nameBefore(back) + "." + field.Sel.Name
		}
		n.edits = append(n.edits, n.replace(node, text))
	case *ast.CallExpr:
		if length := n.declaredWith(node); length != nil && n.isLength(node) {
			return n.readLength(length)
		}
	}
	return true
}

// back is how far before the last the element of an index is.
func (n *scalars) back(index ast.Expr) (int, bool) {
	minus, ok := ast.Unparen(index).(*ast.BinaryExpr)
	if !ok || minus.Op != token.SUB || !n.isOwnLength(ast.Unparen(minus.X)) {
		return 0, false
	}
	literal, ok := ast.Unparen(minus.Y).(*ast.BasicLit)
	if !ok || len(literal.Value) != 1 || literal.Value < "1" || literal.Value > fmt.Sprint(maxBack+1) {
		return 0, false
	}
	return int(literal.Value[0] - '1'), true
}

// isOwnLength is for len(result.Field), and what is declared with it.
func (n *scalars) isOwnLength(expr ast.Expr) bool {
	if length, ok := expr.(*ast.Ident); ok {
		if expr = n.onlyValue(length); expr == nil {
			return false
		}
	}
	call, ok := ast.Unparen(expr).(*ast.CallExpr)
	if !ok || !n.isLength(call) || len(call.Args) != 1 {
		return false
	}
	measured := call.Args[0]
	if alias, ok := measured.(*ast.Ident); ok {
		measured = n.onlyValue(alias)
	}
	field, ok := measured.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	result, ok := field.X.(*ast.Ident)
	return ok && n.info.Uses[result] == n.info.Defs[n.name]
}

// onlyValue is the value of a variable that has one; nil otherwise.
func (s *source) onlyValue(name *ast.Ident) ast.Expr {
	variable := s.info.Uses[name]
	if variable == nil || s.assigned(variable) {
		return nil
	}
	return s.valueOf(variable)
}

// readLength takes a variable away that holds the length of a number.
func (n *scalars) readLength(length *ast.Ident) bool {
	for _, used := range n.tree().uses[n.info.Defs[length]] {
		parent, child := n.around(used)
		comparison, ok := parent.(*ast.BinaryExpr)
		if !ok {
			return false
		}
		if n.isIndex(comparison) {
			continue
		}
		isLack, ok := n.asksForFew(comparison)
		if !ok || comparison.X != child {
			return false
		}
		more := n.askForResult(comparison, isLack, n.name)
		if more == nil || overlap(n.edits, more[0]) {
			return false
		}
		n.edits = append(n.edits, more...)
	}
	n.edits = append(n.edits, n.remove(n.statement(length)))
	return true
}

// result is the variable of the filter that a field belongs to, or nil.
func (s *source) result(field ast.Expr) *ast.Ident {
	selector, ok := field.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	name, ok := selector.X.(*ast.Ident)
	if _, isVariable := s.info.Uses[name].(*types.Var); !ok || !isVariable || !isPointer(s.info.TypeOf(name)) {
		return nil
	}
	return name
}
