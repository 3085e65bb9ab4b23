package mend

import (
	"go/ast"
	"go/token"
)

// led is a condition, and where it leads.
type led struct {
	condition ast.Expr
	leads     side
}

// conditions are those that a statement evaluates: first those that it keeps
// in variables, then its own.
func (g *guardian) conditions(statement ast.Stmt) []led {
	var found []led
	if g.literal(statement) == nil {
		for _, k := range g.keptBy(statement) {
			if isBool(g.info.TypeOf(k.value)) {
				found = append(found, led{k.value, g.sideOfVariable(k.name)})
			}
		}
	}
	if condition, leads := g.condition(statement); condition != nil {
		found = append(found, led{condition, leads})
	}
	return found
}

// kept is a variable and the value that it is declared with.
type kept struct{ name, value ast.Expr }

// keptBy are the variables that a statement declares with a value each, also
// in the beginning of an if.
func (g *guardian) keptBy(statement ast.Node) []kept {
	var found []kept
	switch s := statement.(type) {
	case *ast.IfStmt:
		if s.Init != nil {
			return g.keptBy(s.Init)
		}
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE && len(s.Lhs) == len(s.Rhs) {
			for i, value := range s.Rhs {
				found = append(found, kept{s.Lhs[i], value})
			}
		}
	case *ast.DeclStmt:
		for _, spec := range s.Decl.(*ast.GenDecl).Specs {
			found = append(found, g.keptBy(spec)...)
		}
	case *ast.ValueSpec:
		if len(s.Names) == len(s.Values) {
			for i, value := range s.Values {
				found = append(found, kept{s.Names[i], value})
			}
		}
	}
	return found
}

// sideOfVariable is where a condition kept in a variable leads: the same way
// in all of its uses, and it is never set again.
func (g *guardian) sideOfVariable(name ast.Expr) side {
	object := g.root(name)
	if object == nil || g.first[object] == nil || g.changed[object] {
		return unclear
	}
	leads := unclear
	for use, used := range g.info.Uses {
		if used != object {
			continue
		}
		of := g.sideOf(use)
		if of == unclear || leads != unclear && of != leads {
			return unclear
		}
		leads = of
	}
	return leads
}

// sideOf is where an operand leads when it is true. It has to decide alone:
// what an || or, for a reason not to match, an && may outvote is not clear.
func (g *guardian) sideOf(e ast.Expr) side {
	if g.literal(e) != nil {
		return unclear
	}
	switch parent := g.parents[e].(type) {
	case *ast.ParenExpr:
		return g.sideOf(parent)
	case *ast.UnaryExpr:
		if parent.Op == token.NOT {
			return opposite[g.sideOf(parent)]
		}
	case *ast.BinaryExpr:
		leads := g.sideOf(parent)
		if parent.Op == token.LAND && leads == toMatch || parent.Op == token.LOR && leads == toNoMatch {
			return leads
		}
	case *ast.ReturnStmt:
		if len(parent.Results) == 1 {
			return toMatch
		}
	case *ast.IfStmt:
		if parent.Cond == e {
			return g.leads(parent)
		}
	}
	return g.sideKept(e)
}

// opposite is where the negation of a condition leads.
var opposite = map[side]side{toMatch: toNoMatch, toNoMatch: toMatch}

// sideKept is where the variable leads that an operand is kept in, if it is.
func (g *guardian) sideKept(e ast.Expr) side {
	for _, k := range g.keptBy(g.parents[e]) {
		if k.value == e {
			return g.sideOfVariable(k.name)
		}
	}
	return unclear
}
