package mend

import (
	"go/token"
	"slices"
)

// receiver is a method inside the body, and where its parts are.
type receiver struct {
	at, open     int // tokens: func, the bracket of its parameters
	name, method string
	typ          string
	isPointer    bool
}

// method is a method inside the body, where only functions can be: it becomes
// a value, and what it was called of its first argument.
func method(s *source) *Change {
	for i := range s.tokens {
		if m := s.receiverAt(i); m != nil {
			if edits := s.asFunction(*m); edits != nil {
				return changed(s.at(i).line, "the method "+m.method+" becomes a function: a body has no methods", edits...)
			}
		}
	}
	return nil
}

// receiverAt reads func (s *setup) vote( at a token; nil for anything else.
func (s *source) receiverAt(i int) *receiver {
	if s.at(i).kind != token.FUNC || !s.starts(i) || s.at(i+1).kind != token.LPAREN || s.at(i+2).kind != token.IDENT {
		return nil
	}
	m := receiver{at: i, name: s.at(i + 2).text}
	typ := i + 3
	if m.isPointer = s.at(typ).kind == token.MUL; m.isPointer {
		typ++
	}
	m.typ, m.open = s.at(typ).text, typ+3
	if s.at(typ).kind != token.IDENT || s.at(typ+1).kind != token.RPAREN || s.at(typ+2).kind != token.IDENT || s.at(m.open).kind != token.LPAREN {
		return nil
	}
	m.method = s.at(typ + 2).text
	if s.closing(m.open) < 0 || s.block(s.closing(m.open)+1) < 0 || m.name == "_" {
		return nil
	}
	return &m
}

// asFunction declares a method as a function, and calls that; nil when its name
// stands for something else too, or is used before it is there.
func (s *source) asFunction(m receiver) []edit {
	typ := m.typ
	if m.isPointer {
		typ = "*" + typ
	}
	edits := []edit{{s.at(m.at).from, s.at(m.open).to, m.method + " := func(" + m.name + " " + typ + s.comma(m.open)}}
	end := s.closing(s.block(s.closing(m.open) + 1))
	for i, t := range s.tokens {
		if t.kind != token.IDENT || t.text != m.method || i == m.open-1 {
			continue
		}
		owner := s.at(i - 2)
		isCall := s.at(i-1).kind == token.PERIOD && owner.kind == token.IDENT && s.at(i-3).kind != token.PERIOD && s.at(i+1).kind == token.LPAREN
		if !isCall || i < end {
			return nil
		}
		first := owner.text
		switch kinds := s.kindsOf(owner.text, m.typ); {
		case len(kinds) != 1 || kinds[0] == m.isPointer:
		case m.isPointer:
			first = "&" + first
		default:
			first = "*" + first
		}
		edits = append(edits, edit{owner.from, s.at(i + 1).to, m.method + "(" + first + s.comma(i+1)})
	}
	return edits
}

// comma is what follows a first value that is put behind a bracket.
func (s *source) comma(bracket int) string {
	if s.at(bracket+1).kind == token.RPAREN {
		return ""
	}
	return ", "
}

// kindsOf are the ways a variable of a type is declared: true is a pointer.
func (s *source) kindsOf(name, typ string) (kinds []bool) {
	note := func(isPointer bool) {
		if !slices.Contains(kinds, isPointer) {
			kinds = append(kinds, isPointer)
		}
	}
	for i, t := range s.tokens {
		if t.kind != token.IDENT || t.text != name {
			continue
		}
		switch value := i + 2; {
		case s.at(i+1).kind == token.DEFINE && s.at(value).is(typ) && s.at(value+1).kind == token.LBRACE:
			note(false)
		case s.at(i+1).kind == token.DEFINE && s.at(value).kind == token.AND && s.at(value+1).is(typ):
			note(true)
		case s.at(i+1).kind == token.DEFINE && s.at(value).is("new") && s.at(value+2).is(typ):
			note(true)
		case s.at(i + 1).is(typ):
			note(false)
		case s.at(i+1).kind == token.MUL && s.at(i+2).is(typ):
			note(true)
		}
	}
	return kinds
}
