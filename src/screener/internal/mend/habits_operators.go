package mend

import (
	"go/ast"
	"go/token"
)

// otherNotEqual is <>, which other languages write for !=.
func otherNotEqual(s *source) *Change {
	var edits []edit
	for i, t := range s.tokens {
		if next := s.at(i + 1); t.kind == token.LSS && next.kind == token.GTR && next.from == t.to {
			edits = append(edits, edit{t.from, next.to, "!="})
		}
	}
	return changed(lineOf(s, edits), "<> is written !=", edits...)
}

// assignedCondition is `if x = 3 {`: what is compared with a literal.
func assignedCondition(s *source) *Change {
	for i, t := range s.tokens {
		open := s.block(i + 1)
		if t.kind != token.IF || open < 0 || s.find(i, open, func(i int) bool { return s.at(i).kind == token.SEMICOLON }) > 0 {
			continue
		}
		assign := s.find(i, open, func(i int) bool { return s.at(i).kind == token.ASSIGN })
		if value := s.at(assign + 1); assign > 0 && (value.kind.IsLiteral() && value.kind != token.IDENT || value.is("true", "false", "nil")) {
			sign := s.at(assign)
			return changed(t.line, "a condition compares with ==", edit{sign.from, sign.to, "=="})
		}
	}
	return nil
}

// chain is `a < x < b`, of a plain value between.
func chain(s *source) *Change {
	var edits []edit
	s.inspect(func(node ast.Node) bool {
		outer, ok := node.(*ast.BinaryExpr)
		if !ok || !orders(outer.Op) {
			return true
		}
		inner, ok := outer.X.(*ast.BinaryExpr)
		if ok && orders(inner.Op) && isSimple(inner.Y) {
			edits = append(edits, s.insert(inner.End(), " && "+s.code(inner.Y)))
		}
		return true
	})
	return changed(lineOf(s, edits), "a < x < b is written a < x && x < b", edits...)
}

func orders(operator token.Token) bool {
	switch operator {
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		return true
	}
	return false
}

// bitOperator is & or | between two conditions.
func bitOperator(s *source) *Change {
	var edits []edit
	s.inspect(func(node ast.Node) bool {
		pair, ok := node.(*ast.BinaryExpr)
		if !ok || pair.Op != token.AND && pair.Op != token.OR || !s.isCondition(pair.X) || !s.isCondition(pair.Y) {
			return true
		}
		at := s.offset(pair.OpPos)
		edits = append(edits, edit{at, at, pair.Op.String()})
		return true
	})
	return changed(lineOf(s, edits), "and is written &&, or is written ||", edits...)
}

// isCondition tells comparisons in brackets, and what joins them: outside of
// brackets & and | belong to the numbers.
func (s *source) isCondition(value ast.Expr) bool {
	switch value := value.(type) {
	case *ast.ParenExpr:
		inner, ok := value.X.(*ast.BinaryExpr)
		return ok && (inner.Op.Precedence() <= token.EQL.Precedence() || s.isCondition(inner))
	case *ast.BinaryExpr:
		return (value.Op == token.AND || value.Op == token.OR) && s.isCondition(value.X) && s.isCondition(value.Y)
	}
	return false
}
