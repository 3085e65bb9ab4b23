package mend

import "go/token"

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
