package mend

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// formula is a function that stands for a helper which does not exist.
type formula struct {
	name  string // of the function
	value string // of a variable that has its result
	about string // what it gives
	how   string // what it is computed as
	does  string // the rest of the comment on it
	text  string

	takes    string // a helper that is called with the same; "" for two series
	ofCloses bool   // whether it takes no more of the candles
	period   string // when a call gives none; "" when that is not certain
}

// formulas by what a helper's name is about.
var formulas = map[string]*formula{
	"atr": &averageTrueRange, "averagetruerange": &averageTrueRange, "avgtruerange": &averageTrueRange,
	"truerange": &trueRange, "tr": &trueRange,
	"wma": &weightedAverage, "weightedma": &weightedAverage, "weightedmovingaverage": &weightedAverage,
	"roc": &rateOfChange, "rateofchange": &rateOfChange,
	"cci": &channelIndex, "commoditychannelindex": &channelIndex,
	"williamsr": &williamsRange, "williamspercentr": &williamsRange, "williamspctr": &williamsRange,
	"stddev": &deviation, "stdev": &deviation, "standarddeviation": &deviation,
	"crossover": &crossingUp, "crossedover": &crossingUp, "crossesover": &crossingUp, "crossabove": &crossingUp,
	"crossedabove": &crossingUp, "crossesabove": &crossingUp, "crossingabove": &crossingUp, "crossup": &crossingUp,
	"crossunder": &crossingDown, "crossedunder": &crossingDown, "crossesunder": &crossingDown, "crossbelow": &crossingDown,
	"crossedbelow": &crossingDown, "crossesbelow": &crossingDown, "crossingbelow": &crossingDown, "crossdown": &crossingDown,
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
	if meant == nil || s.hasFunction(called) || len(call.Args) == 0 || !s.suitsFormula(call, meant) {
		return nil, nil
	}
	edits, fits := s.fitFormula(call, meant)
	more, isOne := s.oneResult(call, meant.result())
	if !fits || !isOne {
		return nil, nil
	}
	return meant, append(edits, more...)
}

// hasFunction tells whether the filter has a function of its own by a name.
func (s *source) hasFunction(called string) bool {
	for name, object := range s.info.Defs {
		if name.Name == called && object != nil {
			if _, ok := object.Type().(*types.Signature); ok {
				return true
			}
		}
	}
	return false
}

// formulaNamed is the formula that a helper's name stands for, or nil.
func formulaNamed(called string) *formula {
	about, _ := subjectOf(called)
	for _, verb := range append([]string{"has", "is"}, verbs...) {
		if meant := formulas[strings.TrimPrefix(about, verb)]; meant != nil {
			return meant
		}
	}
	return nil
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
