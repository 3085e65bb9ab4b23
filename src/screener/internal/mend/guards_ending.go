package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// EndlessLoop stands for Go's words about a run that took too long, for which
// Go has none.
const EndlessLoop = "endless loop"

// endLoop lets the innermost loop around a statement end whose counter does
// not come to its bound. A run that ended left the loop in its first turns.
func endLoop(g *guardian, statement ast.Stmt) *Change {
	for node := ast.Node(statement); node != nil; node = g.parents[node] {
		loop, ok := node.(*ast.ForStmt)
		if !ok || loop.Cond == nil {
			continue
		}
		if c := g.counting(loop); c != nil {
			if change := g.stepped(loop, c); change != nil {
				return change
			}
		}
	}
	return nil
}

// stepped makes a loop count in every turn.
func (g *guardian) stepped(loop *ast.ForStmt, c *counting) *Change {
	switch {
	case !isWhole(c.counter.Type()) || g.shared[c.counter]:
		return nil
	case g.movesAway(loop, c.counter, c.step) && g.beginsBefore(loop, c.step):
		post := loop.Post.(*ast.IncDecStmt)
		return changed(0, fmt.Sprintf("the loop counts %s away from where it ends: it is %[1]s%s now", c.name, c.step), g.replace(post, c.name+c.step))
	case loop.Post != nil:
		return nil
	case !g.sets(loop, c.counter) && g.mentions(loop.Body, map[types.Object]bool{c.counter: true}):
		return changed(0, fmt.Sprintf("nothing in the loop changes %s, which its condition asks for: every turn ends with %[1]s%s now", c.name, c.step), g.withPost(loop, c))
	}
	last := g.lastStep(loop, c)
	if last == nil {
		return nil
	}
	return changed(0, fmt.Sprintf("a turn of the loop that ends early leaves %s as it is: every turn ends with %[1]s%s now", c.name, c.step), g.withPost(loop, c), g.replace(last, ""))
}

// withPost is a loop's head with a step after each turn.
func (g *guardian) withPost(loop *ast.ForStmt, c *counting) edit {
	start := ""
	if loop.Init != nil {
		start = g.code(loop.Init)
	}
	head := fmt.Sprintf("for %s; %s; %s%s ", start, g.code(loop.Cond), c.name, c.step)
	return edit{g.offset(loop.For), g.offset(loop.Body.Lbrace), head}
}

// lastStep is the step at the end of a loop's body that some turns do not come
// to, when the counter is set nowhere else; or nil.
func (g *guardian) lastStep(loop *ast.ForStmt, c *counting) ast.Stmt {
	body := loop.Body.List
	if len(body) == 0 {
		return nil
	}
	last, ok := body[len(body)-1].(*ast.IncDecStmt)
	if !ok || g.root(last.X) != c.counter || last.Tok.String() != c.step {
		return nil
	}
	skipped := false
	for _, statement := range body[:len(body)-1] {
		if g.sets(statement, c.counter) {
			return nil
		}
		ast.Inspect(statement, func(node ast.Node) bool {
			branch, ok := node.(*ast.BranchStmt)
			skipped = skipped || ok && branch.Tok == token.CONTINUE
			return !skipped
		})
	}
	if !skipped {
		return nil
	}
	return last
}

// beginsBefore tells whether a loop's start lies on the side from which its
// step comes to the bound: up from a number, down from what is not one.
func (g *guardian) beginsBefore(loop *ast.ForStmt, step string) bool {
	start, ok := loop.Init.(*ast.AssignStmt)
	if !ok || len(start.Rhs) != 1 {
		return false
	}
	isNumber := g.info.Types[start.Rhs[0]].Value != nil
	return isNumber == (step == "++")
}

func isWhole(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsInteger != 0
}
