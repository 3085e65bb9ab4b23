package mend

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// declaredInBlock finds a name that an inner block declares as false or 0, and that is used behind
// it: the declaration belongs before it. Where the block was left out it stays so, which has to
// speak against a match: there data may be missing.
func declaredInBlock(s *source) *Change {
	return find(s, func(name *ast.Ident) *Change {
		if !s.tree().unknown[name] {
			return nil
		}
		declaration := s.onlyDeclaration(name)
		if declaration == nil {
			return nil
		}
		outer := s.lastingIn(declaration, name)
		if outer == nil || s.isNamedBefore(declaration, name.Name) {
			return nil
		}
		for use := range s.tree().unknown {
			if use.Name == name.Name && !s.saysNo(use) {
				return nil
			}
		}
		return s.change(declaration, fmt.Sprintf("%s is used behind the block that declares it: it is declared before it", name.Name),
			s.remove(declaration), s.insert(outer.Pos(), s.code(declaration)+"\n"))
	})
}

// onlyDeclaration is the statement that declares a name, alone, as nothing yet, when there is no
// other; or nil.
func (s *source) onlyDeclaration(name *ast.Ident) (found ast.Stmt) {
	for ident, declared := range s.info.Defs {
		if ident.Name != name.Name || declared == nil {
			continue
		}
		if found != nil {
			return nil
		}
		switch node := s.tree().parent[ident].(type) {
		case *ast.AssignStmt:
			if len(node.Lhs) != 1 || len(node.Rhs) != 1 || !s.isNothing(node.Rhs[0]) || listOf(s.tree().parent[node]) == nil {
				return nil
			}
			found = node
		case *ast.ValueSpec:
			group, ok := s.tree().parent[node].(*ast.GenDecl)
			if !ok || group.Tok != token.VAR || len(group.Specs) != 1 || len(node.Names) != 1 || !s.isPlain(ident) || len(node.Values) == 1 && !s.isNothing(node.Values[0]) {
				return nil
			}
			if found, ok = s.tree().parent[group].(*ast.DeclStmt); !ok {
				return nil
			}
		default:
			return nil
		}
	}
	return found
}

// isPlain tells a variable that is a number or a truth.
func (s *source) isPlain(name *ast.Ident) bool {
	variable := s.info.Defs[name]
	return variable != nil && (isBasic(variable.Type(), types.IsNumeric) || isBasic(variable.Type(), types.IsBoolean))
}

// isNothing tells false and 0.
func (s *source) isNothing(e ast.Expr) bool {
	value := s.info.Types[e].Value
	if value == nil {
		return false
	}
	switch value.Kind() {
	case constant.Bool:
		return !constant.BoolVal(value)
	case constant.Int, constant.Float:
		return constant.Sign(value) == 0
	}
	return false
}

// saysNo tells whether a use of a name that is false or 0 brings no filter closer to a match.
func (s *source) saysNo(use ast.Expr) bool {
	holds := false // what the use is a part of, up to here
	parent, child := s.around(use)
	for ; ; parent, child = s.around(parent) {
		switch node := parent.(type) {
		case *ast.UnaryExpr:
			if node.Op != token.NOT {
				return false
			}
			holds = !holds
		case *ast.BinaryExpr:
			switch node.Op {
			case token.LAND, token.LOR:
				if holds == (node.Op == token.LAND) {
					return !holds // the other operand decides
				}
			default:
				limit := s.info.Types[node.Y].Value
				if _, isComparison := mirrored[node.Op]; !isComparison || child != node.X || limit == nil || limit.Kind() != constant.Int && limit.Kind() != constant.Float {
					return false
				}
				holds = constant.Compare(constant.MakeInt64(0), node.Op, limit)
			}
		case *ast.ReturnStmt:
			return !holds && len(node.Results) == 1
		case *ast.IfStmt:
			return child == node.Cond && node.Else == nil && holds == givesUp(node.Body)
		case *ast.AssignStmt:
			return len(node.Lhs) == 1 && child == node.Lhs[0]
		default:
			return false
		}
	}
}

// lastingIn is the statement, in a list around both, that a declaration lies in and a use of its
// name follows; nil when turns or calls come in between: each would begin anew.
func (s *source) lastingIn(declaration ast.Stmt, use *ast.Ident) ast.Stmt {
	for node := ast.Node(declaration); node != nil; node = s.tree().parent[node] {
		switch node.(type) {
		case *ast.ForStmt, *ast.RangeStmt, *ast.FuncLit:
			return nil
		}
		parent := s.tree().parent[node]
		if statement, ok := node.(ast.Stmt); ok && node != ast.Node(declaration) && listOf(parent) != nil && within(use, parent) {
			if _, isClause := node.(*ast.CaseClause); isClause || use.Pos() < statement.End() {
				return nil
			}
			return statement
		}
	}
	return nil
}

// isNamedBefore tells whether something bears a name before its declaration.
func (s *source) isNamedBefore(declaration ast.Stmt, name string) bool {
	for _, ident := range s.tree().idents {
		if ident.Name == name && ident.Pos() < declaration.Pos() {
			return true
		}
	}
	return false
}
