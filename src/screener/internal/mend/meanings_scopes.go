package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// declaredInBranches finds a name that each branch of an if declares for
// itself, and that is used behind it: it is one variable, declared before.
func declaredInBranches(s *source) *Change {
	return find(s, func(name *ast.Ident) *Change {
		if !s.tree().unknown[name] {
			return nil
		}
		list := s.tree().parent[s.statement(name)]
		var found *Change
		for list != nil && found == nil {
			for _, statement := range listOf(list) {
				if check, ok := statement.(*ast.IfStmt); ok && check.End() < name.Pos() {
					if change := s.branchesDeclare(check, name.Name); change != nil {
						found = change
					}
				}
			}
			list = s.tree().parent[list]
		}
		return found
	})
}

// branchesDeclare is the change when all branches declare a name, once each
// and with values of one type.
func (s *source) branchesDeclare(check *ast.IfStmt, name string) *Change {
	if s.usedBefore(check, name) {
		return nil
	}
	var edits []edit
	var values []ast.Expr
	for _, branch := range branchesOf(check) {
		if branch == nil {
			return nil
		}
		assignment := s.declares(branch, name)
		if assignment == nil {
			return nil
		}
		values, edits = append(values, assignment.Rhs[0]), append(edits, s.token(assignment, "="))
	}
	typ := s.commonType(values)
	if typ == "" {
		return nil
	}
	edits = append(edits, s.insert(check.Pos(), "var "+name+" "+typ+"\n"))
	return s.change(check, fmt.Sprintf("%s is used behind the branches: it is declared before them", name), edits...)
}

// commonType is the one type of some values, as it is written; a whole number
// counts as float64 beside one. "" when there is none.
func (s *source) commonType(values []ast.Expr) string {
	found := map[string]bool{}
	isInt := false
	for _, value := range values {
		if typ := s.typeText(s.info.TypeOf(value)); typ == "int" && s.info.Types[value].Value != nil {
			isInt = true
		} else {
			found[typ] = true
		}
	}
	if isInt && !found["float64"] {
		found["int"] = true
	}
	for typ := range found {
		if len(found) == 1 {
			return typ
		}
	}
	return ""
}

// branchesOf are the blocks of an if; the last is nil when it has no else, and
// those that leave do not count.
func branchesOf(check *ast.IfStmt) (found []*ast.BlockStmt) {
	for {
		if !endsEarly(check.Body) {
			found = append(found, check.Body)
		}
		switch other := check.Else.(type) {
		case *ast.IfStmt:
			check = other
			continue
		case *ast.BlockStmt:
			if !endsEarly(other) {
				found = append(found, other)
			}
			return found
		}
		return append(found, nil)
	}
}

// declares is the one statement of a block that declares a name, alone.
func (s *source) declares(block *ast.BlockStmt, name string) (found *ast.AssignStmt) {
	for _, statement := range block.List {
		assignment, ok := statement.(*ast.AssignStmt)
		if !ok || assignment.Tok != token.DEFINE {
			continue
		}
		for _, declared := range assignment.Lhs {
			if s.code(declared) != name {
				continue
			}
			if found != nil || len(assignment.Lhs) != 1 || len(assignment.Rhs) != 1 {
				return nil
			}
			found = assignment
		}
	}
	return found
}

// usedBefore tells whether a name means something before a node, or is used in
// the conditions of an if.
func (s *source) usedBefore(check *ast.IfStmt, name string) bool {
	for _, ident := range s.tree().idents {
		if ident.Name == name && ident.Pos() < check.Body.Pos() {
			return true
		}
	}
	return false
}

// typeText is a type as the filter writes it; "" for what it cannot write.
func (s *source) typeText(t types.Type) string {
	if t == nil || t == types.Typ[types.Invalid] || t == types.Typ[types.UntypedNil] {
		return ""
	}
	if basic, ok := t.(*types.Basic); ok && basic.Info()&types.IsUntyped != 0 {
		t = types.Default(t)
	}
	return types.TypeString(t, func(p *types.Package) string {
		if p.Name() == "main" {
			return ""
		}
		return p.Name()
	})
}
