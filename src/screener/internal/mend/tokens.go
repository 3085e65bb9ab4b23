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

// starts tells whether a statement may begin at a token.
func (s *source) starts(i int) bool {
	switch s.at(i - 1).kind {
	case token.SEMICOLON, token.LBRACE, token.RBRACE, token.COLON:
		return true
	}
	return i == 0
}

// start is the first token of the statement that a token is in.
func (s *source) start(i int) int {
	depth := 0
	for ; i > 0; i-- {
		switch s.at(i - 1).kind {
		case token.RPAREN, token.RBRACK:
			depth++
		case token.LPAREN, token.LBRACK:
			depth--
		case token.SEMICOLON, token.LBRACE, token.RBRACE:
			if depth <= 0 {
				return i
			}
		}
	}
	return 0
}

// end is the token after a statement: what separates it from the next, or
// closes its block.
func (s *source) end(i int) int {
	for ; i < len(s.tokens)-1; i++ {
		switch s.at(i).kind {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			closing := s.closing(i)
			if closing < 0 {
				return len(s.tokens) - 1
			}
			i = closing
		case token.SEMICOLON, token.RPAREN, token.RBRACK, token.RBRACE:
			return i
		}
	}
	return i
}

// closing is the bracket that closes the one at i, or -1.
func (s *source) closing(i int) int {
	depth := 0
	for ; i < len(s.tokens); i++ {
		switch s.at(i).kind {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// opening is the bracket that the one at i closes, or -1.
func (s *source) opening(i int) int {
	depth := 0
	for ; i >= 0; i-- {
		switch s.at(i).kind {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LPAREN, token.LBRACK, token.LBRACE:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// block is the brace after a header that begins at i, or -1 when its line has none.
func (s *source) block(i int) int {
	for ; i < len(s.tokens); i++ {
		switch s.at(i).kind {
		case token.LPAREN, token.LBRACK:
			if i = s.closing(i); i < 0 {
				return -1
			}
		case token.LBRACE:
			return i
		case token.SEMICOLON, token.EOF:
			if s.at(i).text != ";" {
				return -1
			}
		}
	}
	return -1
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

// operand is the first token of the plain variable, field or element that ends
// before i, such as a, a.b or a[0].b; i itself when it is something else.
func (s *source) operand(i int) int {
	at := i
	for {
		if s.at(at-1).kind == token.RBRACK {
			if at = s.opening(at - 1); at < 0 {
				return i
			}
			continue
		}
		if s.at(at-1).kind != token.IDENT {
			return i
		}
		at--
		if s.at(at-1).kind != token.PERIOD {
			return at
		}
		at--
	}
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
