package mend

import "go/token"

// wordOperator is `and`, `or` and `is` between two values: no two values stand
// side by side in Go.
func wordOperator(s *source) *Change {
	var edits []edit
	for i, t := range s.tokens {
		if !s.at(i-1).endsOperand() || s.at(i-1).is("not", "and", "or") {
			continue
		}
		next := s.at(i + 1)
		switch {
		case t.is("and") && (next.beginsOperand()):
			edits = append(edits, edit{t.from, t.to, "&&"})
		case t.is("or") && (next.beginsOperand()):
			edits = append(edits, edit{t.from, t.to, "||"})
		case t.is("is") && next.is("not") && s.at(i+2).is(nothing...):
			edits = append(edits, edit{t.from, next.to, "!="})
		case t.is("is") && next.is(nothing...):
			edits = append(edits, edit{t.from, t.to, "=="})
		}
	}
	return changed(lineOf(s, edits), "and is written &&, or is written ||", edits...)
}

// nothing are the words for nil.
var nothing = []string{"nil", "null", "None", "NULL", "Nil", "undefined"}

// notWord is `not` before a value. It negates all up to the next && or ||.
func notWord(s *source) *Change {
	for i, t := range s.tokens {
		if !t.is("not") || s.at(i-1).endsOperand() || !s.at(i+1).beginsOperand() || s.mayDeclare("not") {
			continue
		}
		end := i + 1
		for !endsNegation(s.at(end)) {
			if bracket := s.at(end).kind; bracket == token.LPAREN || bracket == token.LBRACK {
				if end = s.closing(end); end < 0 {
					return nil
				}
			}
			end++
		}
		after := s.at(end - 1).to
		begin, value := s.at(i+1), s.operand(end)
		if value == i+1 || begin.kind == token.LPAREN && s.closing(i+1) == end-1 {
			return changed(t.line, "not is written !", edit{t.from, begin.from, "!"})
		}
		return changed(t.line, "not is written !", edit{t.from, begin.from, "!("}, edit{after, after, ")"})
	}
	return nil
}

func endsNegation(t tok) bool {
	switch t.kind {
	case token.LAND, token.LOR, token.RPAREN, token.RBRACK, token.LBRACE, token.COMMA, token.SEMICOLON, token.COLON,
		token.EOF, token.ILLEGAL, token.IF, token.ELSE:
		return true
	}
	return t.is("and", "or")
}

// mayDeclare tells whether the code declares a name, or may.
func (s *source) mayDeclare(name string) bool {
	for i, t := range s.tokens {
		if !t.is(name) {
			continue
		}
		switch s.at(i + 1).kind {
		case token.DEFINE, token.ASSIGN, token.COMMA:
			return true
		}
		switch before := s.at(i - 1); before.kind {
		case token.VAR, token.CONST, token.FUNC, token.COMMA:
			return true
		}
	}
	return false
}
