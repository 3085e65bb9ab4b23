package mend

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// misspelt finds a name that is not declared and one letter away from the one
// variable that is declared before and used nowhere.
func misspelt(s *source) *Change {
	return find(s, func(ident *ast.Ident) *Change {
		if !s.tree().unknown[ident] || len(ident.Name) < 3 || s.isTarget(ident) {
			return nil
		}
		var found types.Object
		for name, object := range s.info.Defs {
			if !isVisible(object, ident) || !isLetterAway(name.Name, ident.Name) || !s.isVariable(object) {
				continue
			}
			if found != nil || !s.isUnused(object) || !s.suitsHere(ident, object.Type()) {
				return nil
			}
			found = object
		}
		if found == nil {
			return nil
		}
		var edits []edit
		for other := range s.tree().unknown {
			if other.Name == ident.Name && found.Parent().Contains(other.Pos()) {
				edits = append(edits, s.replace(other, found.Name()))
			}
		}
		return s.change(ident, fmt.Sprintf("%s is written %s", ident.Name, found.Name()), edits...)
	})
}

func (s *source) isVariable(object types.Object) bool {
	_, ok := object.(*types.Var)
	return ok
}

// isTarget tells names that get a value, and those that are called.
func (s *source) isTarget(ident *ast.Ident) bool {
	parent, child := s.around(ident)
	call, ok := parent.(*ast.CallExpr)
	return s.written(ident) || ok && call.Fun == child
}

// isUnused tells whether the type checker says so of a variable.
func (s *source) isUnused(variable types.Object) bool {
	for _, e := range s.errors {
		if e.Pos == variable.Pos() && strings.HasPrefix(e.Msg, "declared and not used") {
			return true
		}
	}
	return false
}

// isLetterAway tells whether two names differ in one letter: changed, left out,
// doubled, or changed places with the next. A digit makes another name.
func isLetterAway(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	if i == len(a) || a[i] >= '0' && a[i] <= '9' || i < len(b) && b[i] >= '0' && b[i] <= '9' {
		return false
	}
	if len(a) == len(b)+1 {
		return a[i+1:] == b[i:]
	}
	if len(a) != len(b) {
		return false
	}
	isTurned := i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
	return isTurned || a[i+1:] == b[i+1:]
}
