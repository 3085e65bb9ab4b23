package mend

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// said is a need in the words of the caller, if it has them.
func (c *calling) said(n need) (need, bool) {
	if n.kind == needDivisor || n.expr == nil {
		return need{}, false
	}
	var sayable, named, known bool
	n.operand, sayable = c.text(n.expr, maxNested)
	n.symbol, named = c.symbol(n.symbol)
	n.key, known = c.outerKey(n.expr, maxNested)
	n.expr = c.origin(n)
	return n, sayable && named && known && !c.isInner(n.key)
}

// origin is what a need is about for the caller: an argument, or all of the call.
func (c *calling) origin(n need) ast.Expr {
	if name, ok := n.expr.(*ast.Ident); ok && n.symbol == "" {
		if argument := c.arguments[c.info.Uses[name]]; argument != nil {
			return argument
		}
	}
	return c.call
}

// outerKey is the key that an expression of the function has for the caller.
func (c *calling) outerKey(e ast.Expr, depth int) (string, bool) {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		key, ok := c.outerKey(e.X, depth)
		return key + "." + e.Sel.Name, ok
	case *ast.Ident:
		variable := c.info.Uses[e]
		if argument := c.arguments[variable]; argument != nil {
			return c.key(argument)
		}
		if first := c.first[variable]; first != nil && variable != nil && c.isOf(variable) && !c.changed[variable] && depth > 0 {
			return c.outerKey(first, depth-1)
		}
	}
	return c.key(e)
}

// symbol is a variable's name for the caller.
func (c *calling) symbol(name string) (string, bool) {
	if name == "" {
		return "", true
	}
	for parameter, argument := range c.arguments {
		if parameter.Name() == name {
			_, isName := argument.(*ast.Ident)
			return c.code(argument), isName
		}
	}
	for _, object := range c.info.Defs {
		if object != nil && object.Name() == name && !c.isKnownOutside(object) {
			return "", false
		}
	}
	return name, true
}

// isInner tells whether a key is about a variable of the function's own.
func (c *calling) isInner(key string) bool {
	for _, object := range c.info.Defs {
		if object != nil && c.isOf(object) && strings.Contains(key, fmt.Sprintf("%s@%d", object.Name(), object.Pos())) {
			return true
		}
	}
	return false
}

// isOf tells what the function declares.
func (c *calling) isOf(object types.Object) bool {
	return c.literal.Pos() <= object.Pos() && object.Pos() < c.literal.End()
}

// isKnownOutside tells a variable that is the same for the caller.
func (c *calling) isKnownOutside(object types.Object) bool {
	return !c.isOf(object) && !c.shared[object] && c.isOnly(object) && object.Parent() != nil && object.Parent().Contains(c.call.Pos())
}

// text writes an expression of the function for the caller.
func (c *calling) text(e ast.Expr, depth int) (string, bool) {
	if depth == 0 || !c.isPure(e) {
		return "", false
	}
	var edits []edit
	sayable := true
	ast.Inspect(e, func(node ast.Node) bool {
		name, ok := node.(*ast.Ident)
		if !ok {
			return sayable
		}
		variable, ok := c.info.Uses[name].(*types.Var)
		if !ok || variable.IsField() || c.isKnownOutside(variable) {
			return sayable
		}
		var text string
		if text, sayable = c.value(variable, depth); sayable {
			if c.parents[name] != c.parents[e] || name != e {
				text = enclosed(text)
			}
			at := c.offset(name.Pos()) - c.offset(e.Pos())
			edits = append(edits, edit{at, at + len(name.Name), text})
		}
		return sayable
	})
	if !sayable {
		return "", false
	}
	return apply(c.guardian.code(e), edits), true
}

// value writes what a parameter, or a variable that is set once, is.
func (c *calling) value(variable types.Object, depth int) (string, bool) {
	if argument := c.arguments[variable]; argument != nil {
		return c.code(argument), true
	}
	first := c.first[variable]
	if first == nil || c.changed[variable] || !c.isOf(variable) || !c.lasts(first) {
		return "", false
	}
	return c.text(first, depth-1)
}

// enclosed puts a sum in parentheses.
func enclosed(text string) string {
	if slices.ContainsFunc([]string{" ", "*", "+", "-"}, func(s string) bool { return strings.Contains(text, s) }) && !strings.HasSuffix(text, ")") && !strings.HasSuffix(text, "]") {
		return "(" + text + ")"
	}
	return text
}
