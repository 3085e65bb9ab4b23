package mend

import (
	"go/scanner"
	"go/token"
	"slices"
)

// tok is a token of a code that may not parse, from..to in bytes. What Go's
// scanner does not know is ILLEGAL.
type tok struct {
	kind     token.Token
	text     string // as it is written; "\n" for a line end that ends a statement
	from, to int
	line     int
}

// is tells whether the token is a word that Go has no keyword for.
func (t tok) is(words ...string) bool {
	return t.kind == token.IDENT && slices.Contains(words, t.text)
}

// tokens are a code's, without comments. The last is EOF.
func tokens(text string) []tok {
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(text))
	var s scanner.Scanner
	s.Init(file, []byte(text), nil, 0)
	var found []tok
	for {
		pos, kind, literal := s.Scan()
		from := file.Offset(pos)
		t := tok{kind, literal, from, from + len(literal), file.Line(pos)}
		switch {
		case kind == token.SEMICOLON && literal == "\n", kind == token.EOF:
			t.to = t.from
		case literal == "" || kind.IsOperator():
			t.text = kind.String()
			t.to = from + len(t.text)
		}
		t.to = min(t.to, len(text))
		if last := len(found) - 1; last >= 0 && found[last].text == "\n" && t.continues() {
			found = found[:last]
		}
		found = append(found, t)
		if kind == token.EOF {
			return found
		}
	}
}

// continues tells what never begins a line of Go: a conditional expression of
// another language goes on.
func (t tok) continues() bool {
	return t.kind == token.COLON || t.kind == token.ILLEGAL && t.text == "?"
}

// at is the token at an index, or EOF when there is none.
func (s *source) at(i int) tok {
	if i < 0 || i >= len(s.tokens) {
		return tok{kind: token.EOF, from: len(s.text), to: len(s.text)}
	}
	return s.tokens[i]
}

// between is the code from the i-th token up to, not including, the j-th.
func (s *source) between(i, j int) string {
	if i >= j {
		return ""
	}
	return s.text[s.at(i).from:s.at(j-1).to]
}

// endsOperand tells whether a token can be the last of a value.
func (t tok) endsOperand() bool {
	switch t.kind {
	case token.RPAREN, token.RBRACK, token.RBRACE:
		return true
	}
	return t.kind == token.IDENT || t.kind.IsLiteral()
}

// beginsOperand tells whether a token can be the first of a value.
func (t tok) beginsOperand() bool {
	switch t.kind {
	case token.LPAREN, token.NOT, token.SUB, token.MUL, token.FUNC:
		return true
	}
	return t.kind == token.IDENT || t.kind.IsLiteral()
}

// illegal counts the characters that Go has no use for.
func (s *source) illegal() int {
	count := 0
	for _, t := range s.tokens {
		if t.kind == token.ILLEGAL {
			count++
		}
	}
	return count
}

// names are all identifiers of a code.
func (s *source) names() map[string]bool {
	found := map[string]bool{}
	for _, t := range s.tokens {
		if t.kind == token.IDENT {
			found[t.text] = true
		}
	}
	return found
}

// fresh is a name that the code does not use yet.
func (s *source) fresh(name string) string {
	names := s.names()
	for names[name] {
		name += "_"
	}
	return name
}

// changed is a change that was found in edits, or none.
func changed(line int, message string, edits ...edit) *Change {
	if len(edits) == 0 {
		return nil
	}
	return &Change{Line: line, Message: message, edits: edits}
}
