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
