package mend

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// computedAsNumber finds a call of a formula that stands for a number. Its
// result gets a variable before the statement, as those of helpers do: there
// it can be checked.
func computedAsNumber(s *source) *Change {
	return find(s, func(call *ast.CallExpr) *Change {
		statement := s.statement(call)
		if !s.isFormulaAsNumber(call, statement) || !s.mayEnd(call) {
			return nil
		}
		if !s.isConditional(call, statement) {
			return s.formulasBefore(statement)
		}
		comparison := s.comparison(call, statement)
		if comparison == nil || s.ending(statement) != "return false" || !decidesMatch(statement) || !s.allHarmless(call.Args) {
			return nil
		}
		name := s.formulaVariable(call, nil)
		return s.change(call, fmt.Sprintf("%s may be nil: without it the condition is not met", name),
			s.insert(statement.Pos(), name+" := "+s.code(call)+"\n"),
			s.insert(comparison.Pos(), name+" != nil && "), s.number(call, name))
	})
}

// formulasBefore gives variables to all calls of a statement that always run.
func (s *source) formulasBefore(statement ast.Stmt) *Change {
	given := map[string]string{}
	var names []string
	var edits []edit
	ast.Inspect(statement, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok || !s.isFormulaAsNumber(call, statement) || s.isConditional(call, statement) {
			return true
		}
		name, known := given[s.code(call)]
		if !known {
			name = s.formulaVariable(call, names)
			given[s.code(call)] = name
			names = append(names, name)
			edits = append(edits, s.insert(statement.Pos(), name+" := "+s.code(call)+"\n"))
		}
		edits = append(edits, s.replace(call, name))
		return false
	})
	return s.change(statement, strings.Join(names, " and ")+": computed before the statement", edits...)
}

func (s *source) isFormulaAsNumber(call *ast.CallExpr, statement ast.Stmt) bool {
	return s.formulaCalled(call) != nil && isNumberPointer(s.info.TypeOf(call)) && s.useOf(call) == number &&
		statement != nil && s.inHead(call, statement)
}

// formulaVariable is a name for a call's result that nothing else has: atr14.
func (s *source) formulaVariable(call *ast.CallExpr, taken []string) string {
	name := s.formulaCalled(call).value
	if period, ok := s.wholeNumber(call.Args[len(call.Args)-1]); ok {
		name += period.ExactString()
	}
	for names := s.names(); names[name] || slices.Contains(taken, name); {
		name += "Value"
	}
	return name
}

// formulaCalled is the formula that a call of one of the filter's own
// functions computes, or nil.
func (s *source) formulaCalled(call *ast.CallExpr) *formula {
	name, ok := call.Fun.(*ast.Ident)
	if !ok || s.info.Uses[name] == nil || len(call.Args) == 0 {
		return nil
	}
	for _, known := range formulas {
		if strings.Contains(s.text, name.Name+" := "+known.text) {
			return known
		}
	}
	return nil
}
