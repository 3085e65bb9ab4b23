package mend

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// arguments finds a call of a helper whose arguments fit in one way only, but
// do not as they stand.
func arguments(s *source) *Change {
	return find(s, func(call *ast.CallExpr) *Change {
		helper, signature := s.helper(call)
		if signature == nil {
			return nil
		}
		edits, fits := s.fit(call, signature)
		if !fits || len(edits) == 0 {
			return nil
		}
		written := strings.TrimPrefix(types.TypeString(signature, (*types.Package).Name), "func")
		return s.change(call, fmt.Sprintf("the arguments of %s are %s", helper, written[:strings.Index(written, ")")+1]), edits...)
	})
}

// helper is the name and the signature of the helper that is called, if one is.
func (s *source) helper(call *ast.CallExpr) (string, *types.Signature) {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", nil
	}
	function, ok := s.info.Uses[selector.Sel].(*types.Func)
	if !ok || function.Pkg() == nil || function.Pkg().Name() != "indicators" {
		return "", nil
	}
	return function.Name(), function.Signature()
}

// fit is the edits that make a call's arguments a helper's; false when there
// is not one way.
func (s *source) fit(call *ast.CallExpr, signature *types.Signature) ([]edit, bool) {
	parameters := signature.Params()
	if call.Ellipsis.IsValid() {
		return nil, false
	}
	if len(call.Args) != parameters.Len() {
		return nil, false
	}
	for i, argument := range call.Args {
		if !s.fitsParameter(argument, parameters.At(i).Type()) {
			return nil, false
		}
	}
	return nil, true
}

func (s *source) fitsParameter(argument ast.Expr, parameter types.Type) bool {
	given := s.info.Types[argument]
	if given.Type == nil || given.Type == types.Typ[types.Invalid] {
		return false
	}
	if given.Value != nil && isInteger(parameter) && isNumber(given.Type) {
		basic, ok := given.Type.(*types.Basic)
		_, whole := s.wholeNumber(argument)
		return ok && whole && (basic.Info()&types.IsUntyped != 0 || types.AssignableTo(given.Type, parameter))
	}
	return types.AssignableTo(given.Type, parameter)
}
