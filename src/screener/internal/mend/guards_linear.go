package mend

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
)

// linear is a sum: a number, and terms with their factors. A term is the
// length of something, or a variable.
type linear struct {
	number int
	terms  map[term]int
}

// term is what is not known before a run.
type term struct {
	length string       // the key of what it is the length of, or
	object types.Object // a variable
}

func (l linear) plus(other linear, factor int) linear {
	sum := linear{l.number + factor*other.number, maps.Clone(l.terms)}
	if sum.terms == nil {
		sum.terms = map[term]int{}
	}
	for t, f := range other.terms {
		sum.terms[t] += factor * f
		if sum.terms[t] == 0 {
			delete(sum.terms, t)
		}
	}
	return sum
}

// linear reads a whole number's expression, if it is a sum.
func (g *guardian) linear(e ast.Expr) (linear, bool) {
	if value := g.info.Types[e].Value; value != nil {
		number, exact := constant.Int64Val(constant.ToInt(value))
		return linear{number: int(number)}, exact && number < 1<<30 && number > -1<<30
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return g.linear(e.X)
	case *ast.BinaryExpr:
		return g.linearSum(e)
	case *ast.CallExpr:
		if operand := g.lengthOf(e); operand != nil {
			key, ok := g.key(operand)
			return linear{terms: map[term]int{{length: key}: 1}}, ok
		}
	case *ast.Ident:
		return g.linearVariable(e)
	}
	return linear{}, false
}

func (g *guardian) linearSum(e *ast.BinaryExpr) (linear, bool) {
	factor := 1
	switch e.Op {
	case token.ADD:
	case token.SUB:
		factor = -1
	default:
		return linear{}, false
	}
	left, ok := g.linear(e.X)
	if !ok {
		return linear{}, false
	}
	right, ok := g.linear(e.Y)
	return left.plus(right, factor), ok
}

// linearVariable sees through a variable that is set once to a sum of what
// does not change either.
func (g *guardian) linearVariable(name *ast.Ident) (linear, bool) {
	object, ok := g.info.Uses[name].(*types.Var)
	if !ok {
		return linear{}, false
	}
	if first := g.first[object]; first != nil && !g.changed[object] && g.lasts(first) {
		if sum, ok := g.linear(first); ok {
			return sum, true
		}
	}
	return linear{terms: map[term]int{{object: object}: 1}}, true
}

// lasts tells whether an expression is the same whenever it is evaluated.
func (g *guardian) lasts(e ast.Expr) bool {
	lasting := true
	ast.Inspect(e, func(node ast.Node) bool {
		if name, ok := node.(*ast.Ident); ok {
			if object, ok := g.info.Uses[name].(*types.Var); ok && g.changed[object] {
				lasting = false
			}
		}
		return lasting
	})
	return lasting
}

// lengthOf is the operand of a call of len, or nil.
func (g *guardian) lengthOf(e ast.Expr) ast.Expr {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return nil
	}
	if name, ok := call.Fun.(*ast.Ident); ok && g.info.Uses[name] == types.Universe.Lookup("len") {
		return call.Args[0]
	}
	return nil
}

// key is the same text for all ways to write one variable, field or element.
// Only what can be read twice without effect has one.
func (g *guardian) key(e ast.Expr) (string, bool) {
	if value := g.info.Types[e].Value; value != nil {
		return value.ExactString(), true
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return g.key(e.X)
	case *ast.Ident:
		return g.keyOfVariable(e)
	case *ast.SelectorExpr:
		key, ok := g.key(e.X)
		return key + "." + e.Sel.Name, ok
	case *ast.StarExpr:
		key, ok := g.key(e.X)
		return "*" + key, ok
	case *ast.IndexExpr:
		key, ok := g.key(e.X)
		index, known := g.key(e.Index)
		return key + "[" + index + "]", ok && known
	case *ast.BinaryExpr:
		left, ok := g.key(e.X)
		right, known := g.key(e.Y)
		return "(" + left + e.Op.String() + right + ")", ok && known
	case *ast.CallExpr:
		if operand := g.lengthOf(e); operand != nil {
			key, ok := g.key(operand)
			return "len(" + key + ")", ok
		}
		return g.keyOfHelper(e)
	}
	return "", false
}

// keyOfHelper is the key of a helper's result: helpers have no effects.
func (g *guardian) keyOfHelper(call *ast.CallExpr) (string, bool) {
	if !g.isPlainHelper(call) {
		return "", false
	}
	text := g.code(call.Fun)
	for _, argument := range call.Args {
		key, _ := g.key(argument)
		text += "," + key
	}
	return text, true
}

func (g *guardian) keyOfVariable(name *ast.Ident) (string, bool) {
	object, ok := g.info.Uses[name].(*types.Var)
	if !ok {
		return "", false
	}
	if first := g.first[object]; first != nil && !g.changed[object] && g.lasts(first) {
		switch first.(type) {
		case *ast.SelectorExpr, *ast.IndexExpr, *ast.Ident, *ast.BasicLit:
			if key, ok := g.key(first); ok {
				return key, true
			}
		}
	}
	return fmt.Sprintf("%s@%d", object.Name(), object.Pos()), true
}
