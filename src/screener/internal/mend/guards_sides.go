package mend

import (
	"go/ast"
	"go/token"
	"go/types"
)

func isBool(t types.Type) bool {
	basic, ok := t.(*types.Basic)
	return ok && basic.Info()&types.IsBoolean != 0
}

// leads tells where the condition of an if leads.
func (g *guardian) leads(s *ast.IfStmt) side {
	if givesUp(s.Body) {
		return toNoMatch
	}
	if !favours(s.Body) {
		return unclear
	}
	switch otherwise := s.Else.(type) {
	case nil:
		return toMatch
	case *ast.BlockStmt:
		if givesUp(otherwise) {
			return toMatch
		}
	case *ast.IfStmt:
		if givesUp(otherwise.Body) && otherwise.Else == nil {
			return toMatch
		}
		if g.leads(otherwise) == toMatch {
			return toMatch
		}
	}
	return unclear
}

// favours tells a block that does nothing but speak for a match: it returns a
// condition, counts up, or notes something as true.
func favours(block *ast.BlockStmt) bool {
	speaks := false
	for _, statement := range block.List {
		switch s := statement.(type) {
		case *ast.ReturnStmt:
			speaks = !isFalse(s)
		case *ast.IncDecStmt:
			speaks = s.Tok == token.INC
		case *ast.AssignStmt:
			speaks = s.Tok == token.DEFINE || setsTrue(s) || addsNumber(s)
		case *ast.BranchStmt:
			speaks = speaks && s.Tok == token.BREAK
		case *ast.IfStmt:
			speaks = s.Else == nil && (favours(s.Body) || givesUp(s.Body))
		default:
			speaks = false
		}
		if !speaks {
			return false
		}
	}
	return speaks
}

func setsTrue(s *ast.AssignStmt) bool {
	if s.Tok != token.ASSIGN || len(s.Rhs) != 1 {
		return false
	}
	name, ok := s.Rhs[0].(*ast.Ident)
	return ok && name.Name == "true"
}

func addsNumber(s *ast.AssignStmt) bool {
	_, isNumber := s.Rhs[0].(*ast.BasicLit)
	return s.Tok == token.ADD_ASSIGN && isNumber
}
