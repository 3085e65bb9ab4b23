package mend

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"filtermend/screener/internal/validate"
)

// unknownHelper finds a call of a helper that has another name, or that is
// called without its package or by another one's name.
func unknownHelper(s *source) *Change {
	return find(s, func(call *ast.CallExpr) *Change {
		name, called := s.missing(call)
		if called == "" {
			return nil
		}
		helper := s.meant(call, called)
		if helper == "" {
			return nil
		}
		edits, fits := s.fit(call, validate.Helpers()[helper])
		if !fits {
			return nil
		}
		message := fmt.Sprintf("%s is called %s", called, helper)
		if called == helper {
			message = helper + " is one of the indicators"
		}
		return s.change(call, message, append(edits, s.replace(name, "indicators."+helper))...)
	})
}

// missing is the function of a call that is not there, and its name.
func (s *source) missing(call *ast.CallExpr) (ast.Expr, string) {
	switch name := call.Fun.(type) {
	case *ast.Ident:
		if s.tree().unknown[name] {
			return name, name.Name
		}
	case *ast.SelectorExpr:
		from, ok := name.X.(*ast.Ident)
		if !ok {
			return nil, ""
		}
		pkg, isPackage := s.info.Uses[from].(*types.PkgName)
		known := isPackage && pkg.Imported().Scope().Lookup(name.Sel.Name) != nil && name.Sel.IsExported()
		onData := isPointer(s.info.TypeOf(from)) && from.Name == "data" && s.isInvalid(name)
		if (isPackage && !known) || s.tree().unknown[from] || onData {
			return name, name.Sel.Name
		}
	}
	return nil, ""
}

func (s *source) isInvalid(expr ast.Expr) bool {
	kind := s.info.TypeOf(expr)
	return kind == nil || kind == types.Typ[types.Invalid]
}

// meant is the one helper that a name and the use of its result stand for.
func (s *source) meant(call *ast.CallExpr, called string) string {
	about, form := subjectOf(called)
	if about == "ma" && len(call.Args) > 0 && s.isVolumes(call.Args[0]) {
		about = "avgvolume"
	}
	members := families()[about]
	candidates := []string{}
	for _, helper := range []string{members.latest, members.series} {
		if strings.EqualFold(called, helper) {
			return helper
		}
		if helper != "" && s.suits(call, validate.Helpers()[helper].Results().At(0).Type()) {
			candidates = append(candidates, helper)
		}
	}
	switch {
	case len(candidates) == 1:
		return candidates[0]
	case len(candidates) == 0:
		return ""
	case form == "latest":
		return members.latest
	case form == "series" || s.isOnly(call, lastOf):
		return members.series
	}
	return ""
}

// suits tells whether nothing that is done with an expression's value speaks
// against a type that it might have.
func (s *source) suits(expr ast.Expr, result types.Type) bool {
	for _, occurrence := range s.occurrences(expr) {
		if !s.suitsHere(occurrence, result) {
			return false
		}
	}
	return true
}

func (s *source) suitsHere(occurrence ast.Expr, result types.Type) bool {
	used := s.useOf(occurrence)
	switch structure := structOf(result); {
	case used == otherwise || used == checked:
		return true
	case isString(result):
		return used == text
	case structure != nil:
		if used == series || used == lastOf {
			return onlySeries(structure) != nil
		}
		selector, ok := s.tree().parent[occurrence].(*ast.SelectorExpr)
		if used != member || !ok {
			return false
		}
		field := fieldMeant(structure, selector.Sel.Name)
		return field != nil && s.suits(selector, field.Type())
	case isSeries(result):
		return used == series || used == lastOf
	case isFloat(result) || isNumberPointer(result):
		return used == number || used == starred || used == lastOf
	}
	return false
}

// isOnly tells whether an expression's value is used, and in one way only.
func (s *source) isOnly(expr ast.Expr, wanted use) bool {
	occurrences := s.occurrences(expr)
	for _, occurrence := range occurrences {
		if s.useOf(occurrence) != wanted {
			return false
		}
	}
	return len(occurrences) > 0
}
