package mend

import (
	"go/ast"
	"go/types"
)

// addressOfElement finds an element or a variable where a pointer to its type
// is asked for: its address.
func addressOfElement(s *source) *Change {
	return find(s, func(expr ast.Expr) *Change {
		switch node := expr.(type) {
		case *ast.IndexExpr:
			if _, isSlice := under(s.info.TypeOf(node.X)).(*types.Slice); !isSlice {
				return nil
			}
		case *ast.Ident:
			if s.info.Uses[node] == nil || !s.isVariable(s.info.Uses[node]) {
				return nil
			}
		default:
			return nil
		}
		parent, child := s.around(expr)
		call, ok := parent.(*ast.CallExpr)
		if !ok || call.Fun == child || !isNamed(s.info.TypeOf(expr), "Kline") {
			return nil
		}
		pointer, ok := s.wanted(call, child).(*types.Pointer)
		if !ok || !types.Identical(pointer.Elem(), s.info.TypeOf(expr)) {
			return nil
		}
		return s.change(expr, s.code(expr)+" is asked for by its address", s.insert(expr.Pos(), "&"))
	})
}

// otherVariable finds a second declaration of a name in its block, with a value
// of another type: what follows means the second, which gets a name of its own.
func otherVariable(s *source) *Change {
	return find(s, func(assignment *ast.AssignStmt) *Change {
		if len(assignment.Lhs) != 1 || len(assignment.Rhs) != 1 || assignment.Tok.String() != "=" || listOf(s.tree().parent[assignment]) == nil {
			return nil
		}
		name, ok := assignment.Lhs[0].(*ast.Ident)
		if !ok || s.info.Uses[name] == nil || !isNamed(s.info.TypeOf(name), "Kline") || !isFloat(s.info.TypeOf(assignment.Rhs[0])) {
			return nil
		}
		variable := s.info.Uses[name]
		if s.tree().parent[s.declaration(variable)] != s.tree().parent[assignment] {
			return nil
		}
		fresh := s.fresh(name.Name + "Value")
		edits := []edit{s.replace(name, fresh), s.token(assignment, ":=")}
		for _, used := range s.tree().uses[variable] {
			isMember := s.useOf(used) == member
			if used == name || used.Pos() < assignment.Pos() && isMember {
				continue
			}
			if used.Pos() < assignment.End() && !within(used, assignment.Rhs[0]) || s.written(used) {
				return nil
			}
			if !within(used, assignment.Rhs[0]) && !isMember {
				edits = append(edits, s.replace(used, fresh))
			}
		}
		return s.change(assignment, name.Name+" is a candle: the number gets the name "+fresh, edits...)
	})
}
