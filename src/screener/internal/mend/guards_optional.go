package mend

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// doWithout leaves out what a statement does when it lacks data that the
// strategy can do without. isOptional tells that it lacks such data: then no
// other change is right.
func (g *guardian) doWithout(statement ast.Stmt, nativeError string) (change *Change, isOptional bool) {
	find := g.resultNeeds
	switch {
	case strings.Contains(nativeError, "out of range"):
		find = g.seriesNeeds
	case !strings.Contains(nativeError, "nil pointer"):
		return nil, false
	}
	needs, edits := g.withoutParts(statement, find)
	if len(needs) == 0 {
		needs = g.optionalOf(statement, find)
		edits = g.withoutStatement(statement, needs, find)
	}
	return g.doingWithout(statement, needs, edits), len(needs) > 0
}

func (g *guardian) doingWithout(statement ast.Stmt, needs []need, edits []edit) *Change {
	message := joined(needs, need.problem, ", ") + ": the strategy does without it then"
	return changed(g.line(statement.Pos()), message, edits...)
}

// withoutTurn leaves out a turn of the loop directly around a statement.
func (g *guardian) withoutTurn(statement ast.Stmt, needs []need) *Change {
	skipped := g.insert(statement.Pos(), "if "+joined(needs, need.missing, " || ")+" {\n\tcontinue\n}\n")
	return g.doingWithout(statement, needs, []edit{skipped})
}

// optionalOf is what a statement needs in any case, of optional data.
func (g *guardian) optionalOf(statement ast.Stmt, find finder) []need {
	return slices.DeleteFunc(g.unchecked(statement, g.needsOf(statement, find)), g.isRequired)
}

// withoutStatement leaves out a statement, or what it is the beginning of.
func (g *guardian) withoutStatement(statement ast.Stmt, needs []need, find finder) []edit {
	if len(needs) == 0 || g.inList(statement) != statement {
		return nil
	}
	if g.isOfOneTurn(statement, needs) {
		return g.withoutTurn(statement, needs).edits
	}
	switch s := statement.(type) {
	case *ast.ExprStmt, *ast.IncDecStmt, *ast.RangeStmt:
		return g.onlyIf(needs, statement, statement)
	case *ast.IfStmt:
		if s.Else == nil {
			return g.onlyIf(needs, statement, statement)
		}
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE {
			return g.withoutDeclared(s, find)
		}
		return g.onlyIf(needs, statement, statement)
	}
	return nil
}

// isOfOneTurn tells whether each need is that of a turn of the loop directly
// around a statement.
func (g *guardian) isOfOneTurn(statement ast.Stmt, needs []need) bool {
	block, ok := g.parents[statement].(*ast.BlockStmt)
	if !ok || loopBody(g.parents[block]) != block {
		return false
	}
	return !slices.ContainsFunc(needs, func(n need) bool { return !g.mentionsInside(n.expr, g.parents[block]) })
}

// onlyIf puts the statements from first to last into an if.
func (g *guardian) onlyIf(needs []need, first, last ast.Stmt) []edit {
	return []edit{
		g.insert(first.Pos(), "if "+joined(needs, need.present, " && ")+" {\n"),
		g.insert(last.End(), "\n}"),
	}
}

// withoutDeclared leaves out declarations and all that is done with them, up
// to an answer that they are a part of.
func (g *guardian) withoutDeclared(first *ast.AssignStmt, find finder) []edit {
	together, own := g.together(first)
	if len(together) == 0 {
		return nil
	}
	var needs []need
	for _, statement := range together {
		needs = append(needs, g.optionalOf(statement, find)...)
	}
	needs = slices.DeleteFunc(merged(needs), func(n need) bool { return g.mentions(n.expr, own) })
	last := together[len(together)-1]
	if answer, ok := last.(*ast.ReturnStmt); ok {
		return g.answerWithout(first, answer, own, needs)
	}
	return g.onlyIf(needs, first, last)
}

// together are the statements, one after the other, that are about some
// declarations and nothing else, and the variables they declare; none when
// these are used behind others, too.
func (g *guardian) together(first *ast.AssignStmt) ([]ast.Stmt, map[types.Object]bool) {
	own := map[types.Object]bool{}
	list := g.from(first)
	end := 0
	for _, statement := range list {
		declaration, declares := statement.(*ast.AssignStmt)
		declares = declares && declaration.Tok == token.DEFINE && g.isAboutOptional(declaration)
		if !declares && !g.mentions(statement, own) {
			break
		}
		if declares {
			for _, left := range declaration.Lhs {
				own[g.root(left)] = true
			}
		}
		end++
	}
	for _, later := range list[end:] {
		if g.mentions(later, own) {
			return nil, nil
		}
	}
	return list[:end], own
}

// answerWithout answers early, with the parts of an answer that do not depend
// on some variables.
func (g *guardian) answerWithout(first ast.Stmt, answer *ast.ReturnStmt, own map[types.Object]bool, needs []need) []edit {
	if len(answer.Results) != 1 || !isBool(g.info.TypeOf(answer.Results[0])) {
		return nil
	}
	var rest []string
	for _, part := range operands(answer.Results[0], token.LAND) {
		switch isOwn := g.mentions(part, own); {
		case isOwn && g.leadsWithout(part, maxNested) != toNoMatch || isEither(part) && isOwn:
			return nil
		case !isOwn:
			rest = append(rest, g.code(part))
		}
	}
	if len(rest) == 0 {
		rest = []string{"true"}
	}
	return []edit{g.insert(first.Pos(), "if "+joined(needs, need.missing, " || ")+" {\n\treturn "+strings.Join(rest, " && ")+"\n}\n")}
}

func isEither(e ast.Expr) bool {
	either, ok := ast.Unparen(e).(*ast.BinaryExpr)
	return ok && either.Op == token.LOR
}
