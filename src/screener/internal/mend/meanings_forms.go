package mend

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"filtermend/screener/internal/validate"
)

// otherForm finds a helper that gives the latest value where all uses are of a
// series, or a series where all uses are of the latest value.
func otherForm(s *source) *Change {
	return find(s, func(call *ast.CallExpr) *Change {
		helper, signature := s.helper(call)
		if helper == "" {
			return nil
		}
		about, _ := subjectOf(helper)
		members := families()[about]
		other := members.latest
		if other == helper {
			other = members.series
		}
		if other == "" || s.suits(call, signature.Results().At(0).Type()) ||
			!s.suits(call, validate.Helpers()[other].Results().At(0).Type()) {
			return nil
		}
		form := "the latest value is from"
		if other == members.series {
			form = "all values are from"
		}
		return s.change(call, fmt.Sprintf("%s %s", form, other), s.replace(call.Fun, "indicators."+other))
	})
}

// valuesOfResult finds an RSI result that is used as if it were its values.
// Where nothing has checked it, the filter does not match without it.
func valuesOfResult(s *source) *Change {
	return find(s, func(ident *ast.Ident) *Change {
		variable := s.info.Uses[ident]
		if variable == nil || onlySeries(structOf(variable.Type())) == nil || s.assigned(variable) {
			return nil
		}
		var edits []edit
		safe := true
		values := onlySeries(structOf(variable.Type())).Name()
		for _, used := range s.tree().uses[variable] {
			how := s.useOf(used)
			if how == misaligned {
				return nil
			}
			if how == series || how == lastOf {
				edits = append(edits, s.replace(used, used.Name+"."+values))
				safe = safe && s.guarded(used)
			}
		}
		if edits == nil {
			return nil
		}
		message := fmt.Sprintf("the values of %s are %[1]s.%s", ident.Name, values)
		if !safe {
			declaration := s.declaration(variable)
			if declaration == nil || !s.mayEnd(declaration) || s.isChecked(variable) {
				return nil
			}
			edits = append(edits, s.after(declaration, "if "+ident.Name+" == nil {\n"+s.ending(declaration)+"\n}"))
			message += "; " + s.withoutThem(declaration, []string{ident.Name})
		}
		return s.change(ident, message, edits...)
	})
}

// onlySeries is the field of a structure that has one, a series.
func onlySeries(structure *types.Struct) *types.Var {
	if structure != nil && structure.NumFields() == 1 && isSeries(structure.Field(0).Type()) {
		return structure.Field(0)
	}
	return nil
}

// lastOfNumber finds x[len(x)-1] where x is one number: the latest, so x itself.
func lastOfNumber(s *source) *Change {
	return find(s, func(index *ast.IndexExpr) *Change {
		kind := s.info.TypeOf(index.X)
		if !(isFloat(kind) || isNumberPointer(kind)) || !s.isLastIndex(index) {
			return nil
		}
		return s.change(index, s.code(index.X)+" is the latest value itself",
			edit{s.offset(index.X.End()), s.offset(index.End()), ""})
	})
}

// lengthOfNumber finds the question whether one number has elements: a pointer
// has one unless it is nil, a number always.
func lengthOfNumber(s *source) *Change {
	return find(s, func(comparison *ast.BinaryExpr) *Change {
		call, ok := ast.Unparen(comparison.X).(*ast.CallExpr)
		if !ok || len(call.Args) != 1 || s.code(call.Fun) != "len" {
			return nil
		}
		isEmpty, understood := s.asksForFew(comparison)
		result := s.result(call.Args[0])
		if !understood || result == nil && !asksForNone(comparison.Op.String()+s.code(comparison.Y)) {
			return nil
		}
		measured := s.code(call.Args[0])
		kind := s.info.TypeOf(call.Args[0])
		message := measured + " is one value, not a series"
		isOne := isNumberPointer(kind) || (isPointer(kind) && structOf(kind) != nil && !isListing(kind))
		switch {
		case isFloat(kind) && result != nil && !s.isChecked(s.info.Uses[result]):
			return s.change(comparison, message, s.askForResult(comparison, isEmpty, result)...)
		case isFloat(kind), isOne && strings.Contains(s.text, measured+" == nil"):
			if edits := s.fold(comparison, !isEmpty); edits != nil {
				return s.change(comparison, message, edits...)
			}
		case isOne && isEmpty:
			return s.change(comparison, message, s.replace(comparison, measured+" == nil"))
		case isOne:
			return s.change(comparison, message, s.replace(comparison, measured+" != nil"))
		}
		return nil
	})
}

// asksForNone tells whether there are no elements is all that is asked.
func asksForNone(question string) bool {
	switch question {
	case "==0", "<1", "<=0", "!=0", ">0", ">=1":
		return true
	}
	return false
}

// seriesAsNumber finds a helper's series where a number is asked for: its last
// value. A result that is there has values.
func seriesAsNumber(s *source) *Change {
	return find(s, func(selector *ast.SelectorExpr) *Change {
		kind := s.info.TypeOf(selector.X)
		if kind == nil || !isSeries(s.info.TypeOf(selector)) || s.useOf(selector) != number ||
			!strings.HasPrefix(types.TypeString(kind, (*types.Package).Name), "*indicators.") {
			return nil
		}
		values := s.code(selector)
		return s.change(selector, values+" is a series: its latest value is the last",
			s.replace(selector, fmt.Sprintf("%s[len(%[1]s)-1]", values)))
	})
}

// valueOfNumber finds a field asked of what is a number or points to one.
func valueOfNumber(s *source) *Change {
	return find(s, func(selector *ast.SelectorExpr) *Change {
		kind := s.info.TypeOf(selector.X)
		name := strings.ToLower(selector.Sel.Name)
		isValue := name == "value" || name == "val" || name == "latest" || name == "current"
		if !isValue || !(isFloat(kind) || isNumberPointer(kind)) {
			return nil
		}
		return s.change(selector, s.code(selector.X)+" is the value itself",
			edit{s.offset(selector.X.End()), s.offset(selector.End()), ""})
	})
}
