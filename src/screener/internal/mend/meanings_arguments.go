package mend

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
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
		message := fmt.Sprintf("the arguments of %s are %s", helper, written[:strings.Index(written, ")")+1])
		if usual := s.usualNumbers(call); usual != "" && len(call.Args) == 1 {
			message += "; the usual numbers are " + usual
		}
		return s.change(call, message, edits...)
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

// lastSaid is what the strategy says of the number of deviations, where a call
// has only the period before it.
func (s *source) lastSaid(signature *types.Signature, numbers []ast.Expr) string {
	if parameters := signature.Params(); len(numbers) != 1 || parameters.Len() != 3 ||
		!isFloat(parameters.At(2).Type()) || !s.fitsParameter(numbers[0], parameters.At(1).Type()) {
		return ""
	}
	period := s.code(numbers[0])
	if value := s.info.Types[numbers[0]].Value; value != nil {
		period = value.ExactString()
	}
	return s.deviationSaid(period)
}

// fit is the edits that make a call's arguments those of a helper's signature;
// false when there is not one way.
func (s *source) fit(call *ast.CallExpr, signature *types.Signature) ([]edit, bool) {
	if call.Ellipsis.IsValid() || len(call.Args) == 0 {
		return nil, false
	}
	if s.fitAsTheyStand(call.Args, signature.Params()) {
		return nil, true
	}
	klines, numbers := s.sortArguments(call.Args, signature)
	from, to := s.offset(call.Args[0].Pos()), s.offset(call.Args[len(call.Args)-1].End())
	if usual := s.usualNumbers(call); klines != "" && len(numbers) == 0 && usual != "" {
		return []edit{{from, to, klines + ", " + usual}}, true
	}
	if said := s.lastSaid(signature, numbers); klines != "" && said != "" {
		return []edit{{from, to, klines + ", " + s.code(numbers[0]) + ", " + said}}, true
	}
	if klines == "" || len(numbers) != signature.Params().Len()-1 {
		return nil, false
	}
	texts := []string{klines}
	for i, number := range s.inOrder(numbers, signature.Params()) {
		if !s.fitsParameter(number, signature.Params().At(i+1).Type()) {
			return nil, false
		}
		texts = append(texts, s.code(number))
	}
	return []edit{{from, to, strings.Join(texts, ", ")}}, true
}

func (s *source) fitAsTheyStand(arguments []ast.Expr, parameters *types.Tuple) bool {
	if len(arguments) != parameters.Len() {
		return false
	}
	for i, argument := range arguments {
		if !s.fitsParameter(argument, parameters.At(i).Type()) {
			return false
		}
	}
	return true
}

// inOrder changes two numbers' places where only that fits: 2.5, 20 for a
// period and a deviation.
func (s *source) inOrder(numbers []ast.Expr, parameters *types.Tuple) []ast.Expr {
	if len(numbers) == 2 && !s.fitsParameter(numbers[0], parameters.At(1).Type()) &&
		s.fitsParameter(numbers[1], parameters.At(1).Type()) {
		return []ast.Expr{numbers[1], numbers[0]}
	}
	return numbers
}

func (s *source) fitsParameter(argument ast.Expr, parameter types.Type) bool {
	if literal, ok := numberLiteral(argument); ok {
		return isFloat(parameter) || isInteger(parameter) && constant.ToInt(literal).Kind() == constant.Int
	}
	given := s.info.Types[argument]
	if given.Type == nil || given.Type == types.Typ[types.Invalid] {
		return false
	}
	if given.Value != nil && isInteger(parameter) && isNumber(given.Type) {
		basic, ok := given.Type.(*types.Basic)
		_, whole := s.wholeNumber(argument)
		return ok && whole && (basic.Info()&types.IsUntyped != 0 || types.AssignableTo(given.Type, parameter))
	}
	return types.AssignableTo(given.Type, parameter) || (isInteger(parameter) && s.isWholeVariable(argument))
}

// numberLiteral is the value of a number as it is written; the type checker
// does not tell that of one that does not fit.
func numberLiteral(expr ast.Expr) (constant.Value, bool) {
	literal, ok := expr.(*ast.BasicLit)
	if !ok || (literal.Kind != token.INT && literal.Kind != token.FLOAT) {
		return nil, false
	}
	return constant.MakeFromLiteral(literal.Value, literal.Kind, 0), true
}
