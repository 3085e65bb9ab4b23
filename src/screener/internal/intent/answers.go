package intent

import (
	"fmt"
	"go/ast"
	"go/token"

	"filtermend/screener/internal/candidate"
)

// answer is what all returns of a filter that can be reached have in common.
type answer struct {
	always  bool
	matched bool
	line    int
}

// sameAnswer is when a candidate decides nothing any more.
func sameAnswer(before, after *facts) []candidate.Diagnostic {
	a := after.answer
	if !a.always {
		return nil
	}
	d := after.code.Diagnose(token.Position{}, fmt.Sprintf(
		"the filter always answers %t: no return that can be reached says anything else", a.matched))
	d.Line, d.Column, d.SourceLine = a.line, 0, after.code.SourceLine(a.line)
	d.Hint = "keep the conditions of the failed code and mend only what is wrong"
	return []candidate.Diagnostic{d}
}

// answerOf looks at the returns that are left when what cannot be reached is
// gone. A filter without any never matches.
func (t *tree) answerOf() answer {
	found := answer{always: true}
	first := true
	for _, result := range t.returns {
		value := t.truth(result)
		switch {
		case value == unknown, !first && (value == yes) != found.matched:
			return answer{}
		}
		first = false
		found.matched, found.line = value == yes, t.line(result.Pos())
	}
	return found
}

// truth is what a condition always is.
type truth int

const (
	unknown truth = iota
	yes
	no
)

func truthOf(value bool) truth {
	if value {
		return yes
	}
	return no
}

// truth evaluates a condition as far as that is possible without data.
func (t *tree) truth(e ast.Expr) truth {
	if value := t.info.Types[e].Value; value != nil {
		return truthOf(value.ExactString() == "true")
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return t.truth(e.X)
	case *ast.UnaryExpr:
		switch inner := t.truth(e.X); {
		case e.Op == token.NOT && inner != unknown:
			return yes + no - inner
		}
	case *ast.Ident:
		if t.info.Uses[e] == nil && e.Name == "false" {
			return no // what a variable without a value begins with
		}
		if first := t.first[t.info.Uses[e]]; first != nil && !t.changed[t.info.Uses[e]] {
			return t.truth(first)
		}
	case *ast.BinaryExpr:
		return t.truthOfTwo(e)
	}
	return unknown
}

func (t *tree) truthOfTwo(e *ast.BinaryExpr) truth {
	switch e.Op {
	case token.LAND, token.LOR:
		decisive := truthOf(e.Op == token.LOR)
		left, right := t.truth(e.X), t.truth(e.Y)
		switch {
		case left == decisive, right == decisive:
			return decisive
		case left == right:
			return left
		}
	case token.GEQ, token.LSS:
		if call, ok := e.X.(*ast.CallExpr); ok && isNamed(call.Fun, "len") && t.isZero(e.Y) {
			return truthOf(e.Op == token.GEQ)
		}
	case token.EQL, token.NEQ:
		if isNamed(e.X, "data") && isNamed(e.Y, "nil") {
			return truthOf(e.Op == token.NEQ)
		}
	}
	return unknown
}

func (t *tree) isZero(e ast.Expr) bool {
	value := t.info.Types[e].Value
	return value != nil && value.ExactString() == "0"
}

func isNamed(e ast.Expr, name string) bool {
	found, ok := e.(*ast.Ident)
	return ok && found.Name == name
}
