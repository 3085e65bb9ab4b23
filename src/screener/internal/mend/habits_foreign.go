package mend

import (
	"go/token"
	"strings"
)

// foreignFunction is a whole `function evaluate(data) {...}`, or an arrow with
// a block, of another language: the filter is its body.
func foreignFunction(s *source) *Change {
	open := -1
	switch {
	case s.at(0).is("function") && s.at(1).kind == token.IDENT && s.at(2).kind == token.LPAREN:
		open = 2
	case (s.at(0).kind == token.CONST || s.at(0).is("let")) && s.at(1).kind == token.IDENT && s.at(2).kind == token.ASSIGN && s.at(3).kind == token.LPAREN:
		open = 3
	}
	brace := open + 3
	if open == 3 {
		brace = open + 5
		if s.at(open+3).kind != token.ASSIGN || s.at(open+4).kind != token.GTR {
			return nil
		}
	}
	if open < 0 || !s.at(open+1).is("data") || s.at(open+2).kind != token.RPAREN || s.at(brace).kind != token.LBRACE {
		return nil
	}
	closing := s.closing(brace)
	if closing < 0 || strings.Trim(s.text[s.at(closing).to:], "; \t\r\n") != "" {
		return nil
	}
	return changed(1, "a filter is the body of the function alone", edit{0, s.at(brace).to, ""}, edit{s.at(closing).from, len(s.text), ""})
}

// reduced is list.reduce((a, b) => a + value, 0): a sum.
func reduced(s *source) *Change {
	for i, t := range s.tokens {
		if t.kind != token.PERIOD || !s.at(i+1).is("reduce") || s.at(i+2).kind != token.LPAREN || s.closing(i+2) < 0 {
			continue
		}
		closing := s.closing(i + 2)
		first, list := s.listBefore(i)
		comma := s.find(i+3, closing, func(j int) bool { return s.at(j).kind == token.COMMA })
		if list == "" || comma < 0 || s.between(comma+1, closing) != "0" {
			continue
		}
		a := s.arrowAt(i+3, comma)
		if a == nil || len(a.names) != 2 || !s.at(a.from).is(a.names[0]) || s.at(a.from+1).kind != token.ADD {
			continue
		}
		plain := s.find(a.from+2, comma, func(j int) bool {
			return s.at(j).kind != token.IDENT && s.at(j).kind != token.PERIOD || s.at(j).is(a.names[0])
		}) < 0
		text := s.collected(listing{name: a.names[1], list: list, value: s.between(a.from+2, comma), at: first})
		if !plain || !strings.HasPrefix(text, "func() []float64") {
			continue
		}
		if s.between(a.from+2, comma) == a.names[1] {
			text = list
		}
		return changed(t.line, "a sum is made by a function", edit{s.at(first).from, s.at(closing).to, "sum(" + text + ")"})
	}
	return nil
}
