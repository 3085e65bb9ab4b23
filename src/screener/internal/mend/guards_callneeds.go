package mend

import (
	"go/ast"
	"go/types"
)

// calling is a call of a filter's own function, and what its parameters are.
type calling struct {
	*guardian
	call      *ast.CallExpr
	literal   *ast.FuncLit
	arguments map[types.Object]ast.Expr
}

// callNeeds are what a call of the filter's own function needs in any case,
// in the words of the caller.
func (g *guardian) callNeeds(e ast.Expr, find finder, depth int) []need {
	call, ok := e.(*ast.CallExpr)
	if !ok || depth == 0 {
		return nil
	}
	literal := g.called(call)
	if literal == nil {
		return nil
	}
	c := &calling{g, call, literal, map[types.Object]ast.Expr{}}
	if !c.bind() {
		return nil
	}
	defer c.unbind()
	inside := func(e ast.Expr) []need {
		return append(find(e), g.callNeeds(e, find, depth-1)...)
	}
	var needs []need
	for _, n := range c.bodyNeeds(inside) {
		if said, ok := c.said(n); ok {
			needs = append(needs, said)
		}
	}
	return merged(needs)
}

// bind makes the parameters known as what they are in this call. What the
// function itself sets is not.
func (c *calling) bind() bool {
	at := 0
	for _, field := range c.literal.Type.Params.List {
		if _, isVariadic := field.Type.(*ast.Ellipsis); isVariadic || len(field.Names) == 0 {
			return false
		}
		for _, name := range field.Names {
			if object := c.info.Defs[name]; object != nil && !c.changed[object] && c.isPure(c.call.Args[at]) {
				if c.first[object] != nil {
					return false // it calls itself
				}
				c.arguments[object] = c.call.Args[at]
			}
			at++
		}
	}
	for object, argument := range c.arguments {
		c.first[object] = argument
	}
	return true
}

func (c *calling) unbind() {
	for object := range c.arguments {
		delete(c.first, object)
	}
}

// isPure tells what can be evaluated twice without effect.
func (g *guardian) isPure(e ast.Expr) bool {
	_, ok := g.key(e)
	return ok
}

// bodyNeeds are those of the statements that run in every call, up to the
// first that may leave.
func (c *calling) bodyNeeds(find finder) []need {
	var needs []need
	for _, statement := range c.literal.Body.List {
		needs = append(needs, c.unchecked(statement, c.needsOf(statement, find))...)
		if body := loopBody(statement); body != nil && (!leavesList(body) || c.takesFalse(body)) {
			for _, inner := range body.List {
				needs = append(needs, c.windowNeeds(inner)...)
			}
		}
		if s, ok := statement.(*ast.IfStmt); leavesList(statement) || ok && c.leadsToPanic(s.Cond) {
			break
		}
	}
	return needs
}

// windowNeeds are the lengths that a statement in a loop needs in its turns.
func (c *calling) windowNeeds(statement ast.Stmt) []need {
	var needs []need
	for _, head := range c.heads(statement) {
		for _, e := range unconditional(head) {
			a := c.access(statement, e)
			if a == nil {
				continue
			}
			if n := a.window(); n.key != "" && c.fails(a, statement, n) {
				n.expr = a.expr.X
				needs = append(needs, c.unchecked(a.loop.statement, []need{n})...)
			}
		}
	}
	return needs
}
