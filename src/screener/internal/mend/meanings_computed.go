package mend

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"filtermend/screener/internal/validate"
)

// formula is a function that stands for a helper which does not exist.
type formula struct {
	name  string // of the function
	value string // of a variable that has its result
	about string // what it gives
	how   string // what it is computed as
	does  string // the rest of the comment on it
	text  string

	takes  string // a helper that is called with the same
	period string // when a call gives none; "" when that is not certain
}

// formulas by what a helper's name is about.
var formulas = map[string]*formula{
	"atr": &averageTrueRange, "averagetruerange": &averageTrueRange, "avgtruerange": &averageTrueRange,
}

// computedHere finds calls of a helper that does not exist, and whose
// definition is common knowledge: the filter computes it itself.
func computedHere(s *source) *Change {
	change := find(s, func(call *ast.CallExpr) *Change {
		meant, _ := s.formulaOf(call)
		if meant == nil {
			return nil
		}
		name, edits := s.declareFormula(meant)
		for _, node := range s.tree().ordered {
			if other, ok := node.(*ast.CallExpr); ok {
				if same, fitting := s.formulaOf(other); same == meant {
					edits = append(append(edits, fitting...), s.replace(other.Fun, name))
				}
			}
		}
		message := fmt.Sprintf("there is no helper for %s: it is computed here, as %s", meant.about, meant.how)
		return s.change(call, message, edits...)
	})
	if change == nil {
		return computedAsNumber(s)
	}
	return change
}

// formulaOf is what a call of a missing helper means, and the edits that make
// its arguments and its results fit.
func (s *source) formulaOf(call *ast.CallExpr) (*formula, []edit) {
	_, called := s.missing(call)
	meant := formulaNamed(called)
	if meant == nil || s.mayDeclare(called) || len(call.Args) == 0 || s.isVolumes(call.Args[0]) || !s.suits(call, meant.result()) {
		return nil, nil
	}
	edits, fits := s.fitFormula(call, meant)
	more, isOne := s.oneResult(call, meant.result())
	if !fits || !isOne {
		return nil, nil
	}
	return meant, append(edits, more...)
}

// formulaNamed is the formula that a helper's name stands for, or nil.
func formulaNamed(called string) *formula {
	about, _ := subjectOf(called)
	for _, verb := range verbs {
		if meant := formulas[strings.TrimPrefix(about, verb)]; meant != nil {
			return meant
		}
	}
	return nil
}

// result is the type of what a formula gives.
func (f *formula) result() types.Type {
	return validate.Helpers()["CalculateMA"].Results().At(0).Type()
}

// fitFormula is the edits that make a call's arguments those of a formula.
func (s *source) fitFormula(call *ast.CallExpr, meant *formula) ([]edit, bool) {
	edits, fits := s.fit(call, validate.Helpers()[meant.takes])
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

// declareFormula is the name of a formula's function, and the edits that
// declare it at the beginning of the body, when it is not there already.
func (s *source) declareFormula(meant *formula) (string, []edit) {
	if strings.Contains(s.text, meant.name+" := "+meant.text) {
		return meant.name, nil
	}
	name := s.freshVariable(meant.name)
	at := s.offset(s.body()[0].Pos())
	if s.at(0).from == at { // before the comments on the filter
		at = 0
	}
	return name, []edit{{at, at, "// " + name + " " + meant.does + "\n" + name + " := " + meant.text + "\n"}}
}
