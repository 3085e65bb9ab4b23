package mend

import (
	"go/ast"
	"go/types"

	"filtermend/screener/internal/validate"
)

// suitsFormula tells whether nothing that is done with a call's value speaks
// against what a formula gives.
func (s *source) suitsFormula(call *ast.CallExpr, meant *formula) bool {
	if meant.takes != "" {
		return s.suits(call, meant.result())
	}
	for _, occurrence := range s.occurrences(call) {
		if used := s.useOf(occurrence); used != condition && used != otherwise {
			return false
		}
	}
	return true
}

// fitCrossing is the edits that ask for a crossing of two series: within the
// last step when the call does not say how many.
func (s *source) fitCrossing(call *ast.CallExpr) ([]edit, bool) {
	if len(call.Args) < 2 || len(call.Args) > 3 || call.Ellipsis.IsValid() {
		return nil, false
	}
	first, isSeries := s.asSeries(call.Args[0])
	second, isSeries2 := s.asSeries(call.Args[1])
	edits := append(first, second...)
	if len(call.Args) == 2 {
		return append(edits, s.insert(call.Args[1].End(), ", 1")), isSeries && isSeries2
	}
	return edits, isSeries && isSeries2 && s.fitsParameter(call.Args[2], types.Typ[types.Int])
}

// asSeries is the edits that make a series of an argument: a helper's latest
// value, when nothing else is done with it, stands for all its values.
func (s *source) asSeries(argument ast.Expr) ([]edit, bool) {
	if isSeries(s.info.TypeOf(argument)) {
		return nil, true
	}
	value := argument
	if name, ok := argument.(*ast.Ident); ok && s.info.Uses[name] != nil {
		value = s.valueOf(s.info.Uses[name])
	}
	call, ok := value.(*ast.CallExpr)
	if !ok {
		return nil, false
	}
	helper, _ := s.helper(call)
	about, _ := subjectOf(helper)
	series := families()[about].series
	if series == "" {
		return nil, false
	}
	result := validate.Helpers()[series].Results().At(0).Type()
	return []edit{s.replace(call.Fun, "indicators."+series)}, isSeries(result) && s.suits(call, result)
}

var crossingUp = formula{
	name: "crossedAbove", value: "crossed",
	about: "a crossing upwards", how: "one series above the other that was not above it a step before",
	does: "tells whether a series came from at or below another to above it within the last steps.",
	text: `func(fast, slow []float64, steps int) bool {
	for i := 1; i <= steps && i < len(fast) && i < len(slow); i++ {
		if fast[len(fast)-i] > slow[len(slow)-i] && fast[len(fast)-i-1] <= slow[len(slow)-i-1] {
			return true
		}
	}
	return false
}`,
}

var crossingDown = formula{
	name: "crossedBelow", value: "crossed",
	about: "a crossing downwards", how: "one series below the other that was not below it a step before",
	does: "tells whether a series came from at or above another to below it within the last steps.",
	text: `func(fast, slow []float64, steps int) bool {
	for i := 1; i <= steps && i < len(fast) && i < len(slow); i++ {
		if fast[len(fast)-i] < slow[len(slow)-i] && fast[len(fast)-i-1] >= slow[len(slow)-i-1] {
			return true
		}
	}
	return false
}`,
}
