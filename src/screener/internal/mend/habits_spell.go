package mend

import (
	"go/token"
	"strings"
)

// spellOut is the edit that writes a choice, which stands between two tokens,
// as statements. In the midst of an expression that is a function.
func (s *source) spellOut(c *choice, from, to int) (edit, bool) {
	first := s.start(from)
	isStatement := s.starts(first) && ends(s.at(to))
	before := s.at(from - 1)
	var out strings.Builder
	switch {
	case isStatement && before.kind == token.RETURN && first == from-1:
		c.write(&out, returned, true)
		return edit{before.from, s.at(to - 1).to, strings.TrimSpace(out.String())}, true
	case isStatement && before.kind == token.ASSIGN && s.operand(from-1) == first, isStatement && isCompound(before) && s.operand(from-1) == first:
		target := s.between(first, from)
		c.write(&out, func(value string) string { return target + " " + value }, false)
		return edit{s.at(first).from, s.at(to - 1).to, strings.TrimSpace(out.String())}, true
	case isStatement:
		if name, typ, ok := s.declared(first, from); ok {
			if typ == "" {
				typ = s.common(first, c.values())
			}
			out.WriteString("var " + name + " " + typ + "\n")
			c.write(&out, func(value string) string { return name + " = " + value }, false)
			return edit{s.at(first).from, s.at(to - 1).to, strings.TrimSpace(out.String())}, typ != ""
		}
	}
	typ := s.common(first, c.values())
	c.write(&out, returned, true)
	return edit{s.at(from).from, s.at(to - 1).to, "func() " + typ + " {\n" + out.String() + "}()"}, typ != ""
}

func returned(value string) string { return "return " + value }

// ends tells what ends a statement.
func ends(t tok) bool {
	return t.kind == token.SEMICOLON || t.kind == token.RBRACE || t.kind == token.EOF
}

func isCompound(t tok) bool {
	return assigns(t) && t.kind != token.DEFINE && t.kind != token.ASSIGN
}

// declared is the variable that a statement declares, and its type if it says
// so: `x :=`, `var x =`, `const x float64 =`.
func (s *source) declared(first, value int) (name, typ string, ok bool) {
	sign := s.at(value - 1).kind
	if sign == token.DEFINE && s.at(first).kind == token.IDENT && first == value-2 {
		return s.at(first).text, "", true
	}
	word := s.at(first)
	isDeclaration := word.kind == token.VAR || word.kind == token.CONST || word.is("let")
	if sign != token.ASSIGN || !isDeclaration || s.at(first+1).kind != token.IDENT {
		return "", "", false
	}
	return s.at(first + 1).text, s.between(first+2, value-1), true
}
