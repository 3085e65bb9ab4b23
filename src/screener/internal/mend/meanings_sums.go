package mend

import (
	"fmt"
	"go/ast"
	"go/token"
)

// startedInLoop finds a sum that is taken up in a loop without a beginning, and
// read behind that: it begins at nothing before the loop.
func startedInLoop(s *source) *Change {
	return find(s, func(assignment ast.Stmt) *Change {
		name, zero := s.takesUp(assignment)
		if name == nil || !s.tree().unknown[name] {
			return nil
		}
		var loop ast.Stmt
		isRead := false
		for other := range s.tree().unknown {
			if other.Name == name.Name && other.Pos() < name.Pos() {
				return nil
			}
		}
		for node := ast.Node(assignment); node != nil && !isRead; node = s.tree().parent[node] {
			switch around := node.(type) {
			case *ast.FuncLit:
				return nil
			case *ast.RangeStmt, *ast.ForStmt:
				loop = around.(ast.Stmt)
				isRead = s.isReadBehind(loop, name.Name)
			}
		}
		if loop == nil || !isRead || listOf(s.tree().parent[loop]) == nil || !s.allWithin(name.Name, s.tree().parent[loop]) {
			return nil
		}
		return s.change(assignment, fmt.Sprintf("%s begins at %s before the loop", name.Name, zero),
			s.insert(loop.Pos(), name.Name+" := "+zero+"\n"))
	})
}

// takesUp is the name that a statement adds to, and what it begins with.
func (s *source) takesUp(statement ast.Stmt) (name *ast.Ident, zero string) {
	switch node := statement.(type) {
	case *ast.IncDecStmt:
		name, _ = node.X.(*ast.Ident)
		return name, "0"
	case *ast.AssignStmt:
		if node.Tok != token.ADD_ASSIGN && node.Tok != token.SUB_ASSIGN || len(node.Lhs) != 1 {
			return nil, ""
		}
		name, _ = node.Lhs[0].(*ast.Ident)
		switch given := s.typeText(s.info.TypeOf(node.Rhs[0])); given {
		case "float64":
			return name, "0.0"
		case "int":
			return name, "0"
		}
	}
	return nil, ""
}

// isReadBehind tells whether an unknown name is used behind a statement in its list.
func (s *source) isReadBehind(statement ast.Stmt, name string) bool {
	for other := range s.tree().unknown {
		if other.Name == name && other.Pos() > statement.End() && within(other, s.tree().parent[statement]) {
			return true
		}
	}
	return false
}

// allWithin tells whether an unknown name is used in a node only.
func (s *source) allWithin(name string, node ast.Node) bool {
	for other := range s.tree().unknown {
		if other.Name == name && !within(other, node) {
			return false
		}
	}
	return true
}
