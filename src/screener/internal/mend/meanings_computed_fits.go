package mend

import (
	"go/ast"
	"go/types"

	"filtermend/screener/internal/validate"
)

// result is the type of what a formula gives.
func (f *formula) result() types.Type {
	if f.takes == "" {
		return types.Typ[types.Bool]
	}
	return validate.Helpers()["CalculateMA"].Results().At(0).Type()
}

// fitFormula is the edits that make a call's arguments those of a formula.
func (s *source) fitFormula(call *ast.CallExpr, meant *formula) ([]edit, bool) {
	if meant.takes == "" {
		return s.fitCrossing(call)
	}
	signature := validate.Helpers()[meant.takes]
	if name, ok := call.Args[0].(*ast.Ident); ok && meant.ofCloses && len(call.Args) == 2 {
		if klines := s.collectedFrom(s.info.Uses[name], "Close"); klines != "" {
			return []edit{s.replace(name, klines)}, s.fitsParameter(call.Args[1], signature.Params().At(1).Type())
		}
	}
	edits, fits := s.fit(call, signature)
	if fits || meant.period == "" {
		return edits, fits
	}
	edits, fits = s.fit(call, validate.Helpers()["CalculateVWAP"])
	return append(edits, s.insert(call.Args[len(call.Args)-1].End(), ", "+meant.period)), fits
}

// oneResult is the edits that ask a call for its value alone; false when it is
// asked for more than an error or an ok beside that.
func (s *source) oneResult(call *ast.CallExpr, result types.Type) ([]edit, bool) {
	parent, _ := s.around(call)
	assignment, ok := parent.(*ast.AssignStmt)
	if !ok || len(assignment.Lhs) == len(assignment.Rhs) {
		return nil, true
	}
	value, isName := assignment.Lhs[0].(*ast.Ident)
	extra, isName2 := assignment.Lhs[1].(*ast.Ident)
	if len(assignment.Lhs) != 2 || !isName || !isName2 || s.info.Defs[value] == nil {
		return nil, false
	}
	edits, understood := s.withoutExtra(assignment, value, extra, result)
	return append(edits, edit{s.offset(value.End()), s.offset(extra.End()), ""}), understood
}
