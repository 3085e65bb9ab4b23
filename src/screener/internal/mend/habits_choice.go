package mend

import (
	"go/token"
	"strings"
)

// choice is one of two values, or a plain value: `c ? a : b`, `a if c else b`.
type choice struct {
	value     string // of a plain one
	condition string
	yes, no   *choice
}

// conditional is a statement with a conditional expression, which becomes an if.
func conditional(s *source) *Change {
	for i := range s.tokens {
		if !s.isQuestion(i) && !s.isTrailingIf(i) {
			continue
		}
		from, to := s.extent(i)
		c := s.choice(from, to)
		if c == nil || c.yes == nil {
			continue
		}
		if e, ok := s.spellOut(c, from, to); ok {
			return changed(s.at(i).line, "Go has no conditional expression: it is written with if and else", e)
		}
	}
	return nil
}

// isQuestion tells the ? of `c ? a : b` from that of a?.b and a ?? b.
func (s *source) isQuestion(i int) bool {
	isMark := func(i int) bool { return s.at(i).kind == token.ILLEGAL && s.at(i).text == "?" }
	return isMark(i) && !isMark(i-1) && !isMark(i+1) &&
		(s.at(i+1).kind != token.PERIOD || s.at(i+1).from > s.at(i).to)
}

// isTrailingIf tells the if of `a if c else b`.
func (s *source) isTrailingIf(i int) bool {
	before := s.at(i - 1)
	return s.at(i).kind == token.IF && before.endsOperand() && before.kind != token.RBRACE
}

// extent is where the tokens of the expression around one of them.
func (s *source) extent(i int) (from, to int) {
	from, to = i, i
	for from > 0 && !bounds(s.at(from-1)) {
		from--
		if kind := s.at(from).kind; kind == token.RPAREN || kind == token.RBRACK {
			from = max(0, s.opening(from))
		}
	}
	for !endsExpression(s.at(to)) {
		if kind := s.at(to).kind; kind == token.LPAREN || kind == token.LBRACK {
			if s.closing(to) < 0 {
				break
			}
			to = s.closing(to)
		}
		to++
	}
	for s.at(from-1).kind == token.LPAREN && s.at(to).kind == token.RPAREN && !s.at(from-2).endsOperand() {
		from, to = from-1, to+1
	}
	return from, to
}

// bounds tells what an expression may follow.
func bounds(t tok) bool {
	switch t.kind {
	case token.SEMICOLON, token.LBRACE, token.RBRACE, token.LPAREN, token.LBRACK, token.COMMA, token.COLON,
		token.RETURN, token.IF, token.FOR, token.SWITCH, token.CASE:
		return true
	}
	return assigns(t)
}

func assigns(t tok) bool {
	return t.kind == token.ASSIGN || t.kind == token.DEFINE ||
		t.kind >= token.ADD_ASSIGN && t.kind <= token.AND_NOT_ASSIGN
}

func endsExpression(t tok) bool {
	switch t.kind {
	case token.SEMICOLON, token.LBRACE, token.RBRACE, token.RPAREN, token.RBRACK, token.COMMA, token.EOF:
		return true
	}
	return false
}

// choice reads the tokens of an expression; nil when a part is missing.
func (s *source) choice(from, to int) *choice {
	for s.at(from).kind == token.LPAREN && s.closing(from) == to-1 {
		from, to = from+1, to-1
	}
	if from >= to {
		return nil
	}
	question := s.find(from, to, s.isQuestion)
	trailing := s.find(from, to, s.isTrailingIf)
	var c choice
	switch {
	case question > 0 && trailing < 0:
		colon := s.otherwise(question+1, to)
		if colon < 0 || question == from {
			return nil
		}
		c = choice{condition: s.between(from, question), yes: s.choice(question+1, colon), no: s.choice(colon+1, to)}
	case trailing > 0 && question < 0:
		other := s.find(trailing, to, func(i int) bool { return s.at(i).kind == token.ELSE })
		if other < 0 || other == trailing+1 {
			return nil
		}
		c = choice{condition: s.between(trailing+1, other), yes: s.choice(from, trailing), no: s.choice(other+1, to)}
	case question < 0:
		return &choice{value: s.between(from, to)}
	}
	if c.yes == nil || c.no == nil {
		return nil
	}
	return &c
}

// find is the first token in no bracket that is sought, or -1.
func (s *source) find(from, to int, sought func(i int) bool) int {
	for i := from; i < to; i++ {
		if sought(i) {
			return i
		}
		switch s.at(i).kind {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			if closing := s.closing(i); closing > 0 {
				i = closing
			}
		}
	}
	return -1
}

// otherwise is the : that belongs to the ? before from.
func (s *source) otherwise(from, to int) int {
	depth := 0
	return s.find(from, to, func(i int) bool {
		if s.isQuestion(i) {
			depth++
		}
		if s.at(i).kind != token.COLON {
			return false
		}
		depth--
		return depth < 0
	})
}

// write writes a choice as a chain of ifs around each plain value.
func (c *choice) write(out *strings.Builder, leaf func(value string) string, isReturn bool) {
	if c.yes == nil {
		out.WriteString(leaf(c.value) + "\n")
		return
	}
	out.WriteString("if " + c.condition + " {\n")
	c.yes.write(out, leaf, isReturn)
	out.WriteString("}")
	if isReturn {
		out.WriteString("\n")
		c.no.write(out, leaf, isReturn)
		return
	}
	out.WriteString(" else ")
	if c.no.yes != nil {
		c.no.write(out, leaf, isReturn)
		return
	}
	out.WriteString("{\n" + leaf(c.no.value) + "\n}\n")
}

// values are the plain values that a choice has.
func (c *choice) values() []string {
	if c.yes == nil {
		return []string{c.value}
	}
	return append(c.yes.values(), c.no.values()...)
}
