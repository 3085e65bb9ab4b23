package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// makeInnerMaps makes, before a statement that sets an element, the maps on the
// way to it that may be nil: those inside other maps, and fields. Who came
// there with a nil map never got past it.
func makeInnerMaps(g *guardian, statement ast.Stmt) *Change {
	if g.inList(statement) == nil {
		return nil
	}
	for _, target := range targets(statement) {
		maps := g.mapsAround(target)
		if len(maps) == 0 || isName(maps[len(maps)-1]) {
			continue
		}
		if made, edits := g.making(statement, maps); made != "" {
			innermost := g.code(maps[len(maps)-1])
			return &Change{
				Message: innermost + " was nil: it is an empty map now",
				hint:    innermost + " is nil: before this line, " + strings.Join(strings.Fields(made), " "),
				edits:   append(edits, g.insert(g.inList(statement).Pos(), made)),
			}
		}
	}
	return nil
}

// mapsAround are the maps that an element lies in, outer ones first.
func (g *guardian) mapsAround(target ast.Expr) []ast.Expr {
	element, ok := ast.Unparen(target).(*ast.IndexExpr)
	if !ok {
		return nil
	}
	if _, isMap := g.info.TypeOf(element.X).Underlying().(*types.Map); !isMap {
		return nil
	}
	return append(g.mapsAround(element.X), ast.Unparen(element.X))
}

// making are the statements that make maps which are nil, and the edits that
// give those a value which are only declared. There are none when one of the
// maps cannot be read twice, or is set on the way already.
func (g *guardian) making(statement ast.Stmt, maps []ast.Expr) (made string, edits []edit) {
	for _, m := range maps {
		if name, ok := m.(*ast.Ident); ok {
			if change := g.makeDeclared(name); change != nil {
				edits = change.edits
			}
			continue
		}
		key, ok := g.key(m)
		if !ok || g.isSetBefore(statement, key) {
			return "", nil
		}
		made += fmt.Sprintf("if %s == nil {\n\t%[1]s = %s{}\n}\n", g.code(m), g.typeText(m))
	}
	return made, edits
}

// isSetBefore tells whether a statement before one sets an element or a field
// as a whole: the filter sees to it in its own way then.
func (g *guardian) isSetBefore(statement ast.Stmt, key string) (found bool) {
	for node := ast.Node(statement); node != nil; node = g.parents[node] {
		s, ok := node.(ast.Stmt)
		if !ok {
			continue
		}
		for _, earlier := range g.before(s) {
			ast.Inspect(earlier, func(node ast.Node) bool {
				if assignment, ok := node.(*ast.AssignStmt); ok && assignment.Tok == token.ASSIGN {
					for _, left := range assignment.Lhs {
						set, known := g.key(left)
						found = found || known && set == key
					}
				}
				return !found
			})
		}
	}
	return found
}

// typeText is an expression's type as a filter writes it.
func (g *guardian) typeText(e ast.Expr) string {
	return types.TypeString(g.info.TypeOf(e), func(p *types.Package) string {
		if p.Name() == g.file.Name.Name {
			return ""
		}
		return p.Name()
	})
}

func isName(e ast.Expr) bool {
	_, ok := e.(*ast.Ident)
	return ok
}
