package intent

import (
	"go/scanner"
	"go/token"
	"slices"
)

// word is a token of a code and where it stands in the body.
type word struct {
	token  token.Token
	text   string
	offset int
}

func (w word) is(texts ...string) bool { return slices.Contains(texts, w.text) }

// scan reads words from anything, other languages included.
func scan(body string) []word {
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(body))
	var s scanner.Scanner
	s.Init(file, []byte(body), func(token.Position, string) {}, 0)
	var words []word
	for {
		at, tok, text := s.Scan()
		if tok == token.EOF {
			return words
		}
		if text == "" || tok == token.SEMICOLON {
			text = tok.String()
		}
		words = append(words, word{tok, text, file.Offset(at)})
	}
}

// span is a part of a body, from an offset up to another.
type span struct{ from, to int }

// alive leaves out what stands in spans that cannot be reached.
func alive(words []word, dead []span) []word {
	return slices.DeleteFunc(words, func(w word) bool {
		return slices.ContainsFunc(dead, func(s span) bool { return s.from <= w.offset && w.offset < s.to })
	})
}

// used leaves out statements whose only effect is a variable that nothing
// reads: a compiler refuses them, and a repair may drop them.
func used(words []word) []word {
	for {
		kept := dropUnused(words)
		if len(kept) == len(words) {
			return words
		}
		words = kept
	}
}

// dropUnused takes `_ = anything` away, and declarations of what occurs
// nowhere else.
func dropUnused(words []word) []word {
	count := map[string]int{}
	for i, w := range words {
		if w.token == token.IDENT && (i == 0 || words[i-1].token != token.PERIOD) {
			count[w.text]++
		}
	}
	var kept []word
	for i := 0; i < len(words); i++ {
		targets, equals := assignment(words, i)
		read := func(name string) bool {
			declared := equals > 0 && (words[equals].token == token.DEFINE || declares(words[i]))
			return name != "_" && (!declared || count[name] != 1)
		}
		if equals > 0 && !slices.ContainsFunc(targets, read) {
			i = statementEnd(words, equals) - 1
			continue
		}
		kept = append(kept, words[i])
	}
	return kept
}

// assignment reads `a, b := ` or `a = `, at the beginning of a statement; 0 is
// no place for the sign.
func assignment(words []word, at int) (targets []string, equals int) {
	if at > 0 && !slices.Contains([]token.Token{token.SEMICOLON, token.LBRACE, token.RBRACE, token.COLON}, words[at-1].token) {
		return nil, 0
	}
	i := at
	if declares(words[i]) {
		i++
	}
	for ; i+1 < len(words) && words[i].token == token.IDENT; i += 2 {
		targets = append(targets, words[i].text)
		switch words[i+1].token {
		case token.COMMA:
		case token.DEFINE, token.ASSIGN:
			return targets, i + 1
		default:
			return nil, 0
		}
	}
	return nil, 0
}

func declares(w word) bool {
	return w.token == token.VAR || w.token == token.CONST || w.is("let")
}

// statementEnd is where the statement's last word lies behind.
func statementEnd(words []word, at int) int {
	depth := 0
	for i := at; i < len(words); i++ {
		switch words[i].token {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if depth--; depth < 0 {
				return i
			}
		case token.SEMICOLON:
			if depth == 0 {
				return i + 1
			}
		}
	}
	return len(words)
}
