package mend

import (
	"go/token"
	"go/types"
	"strings"
)

// listing is a list that is made from another: [value for name in list if
// condition], or list.map(name => value) and list.filter(name => condition).
type listing struct {
	name, list, value, condition string
	index                        string // the name of an element's number, if it is used
	at                           int    // a token of its statement
}

// comprehension is a Python list, or what any and all ask of one.
func comprehension(s *source) *Change {
	for i, t := range s.tokens {
		if t.kind != token.FOR || s.starts(i) || s.at(i+1).kind != token.IDENT || !s.at(i+2).is("in") {
			continue
		}
		open := s.opens(i)
		closing := s.closing(open)
		if open < 0 || closing < 0 || s.find(open+1, closing, func(j int) bool { return j > i && s.at(j).kind == token.FOR }) > 0 {
			continue
		}
		last := s.find(i+3, closing, func(j int) bool { return s.at(j).kind == token.IF })
		l := listing{name: s.at(i + 1).text, value: s.between(open+1, i), at: open}
		if last < 0 {
			last = closing
		} else {
			l.condition = s.between(last+1, closing)
		}
		l.list = s.between(i+3, last)
		if change := s.writeListing(l, open, closing); change != nil {
			return change
		}
	}
	return nil
}

// opens is the bracket that a token is in, or -1.
func (s *source) opens(i int) int {
	depth := 0
	for i--; i >= 0; i-- {
		switch s.at(i).kind {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LBRACE, token.SEMICOLON:
			if depth == 0 {
				return -1
			}
			depth -= map[bool]int{true: 1}[s.at(i).kind == token.LBRACE]
		case token.LPAREN, token.LBRACK:
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return -1
}

// writeListing puts a function in place of a comprehension between brackets.
func (s *source) writeListing(l listing, open, closing int) *Change {
	const message = "a list from another is made in a loop"
	asked := s.at(open - 1)
	isInner := s.at(open).kind == token.LBRACK && asked.kind == token.LPAREN && s.closing(open-1) == closing+1
	if isInner && s.at(open-2).is("any", "all") {
		asked, closing = s.at(open-2), closing+1
	}
	switch {
	case asked.is("any", "all"):
		if text := s.anyOrAll(l, asked.text == "any"); text != "" {
			return changed(asked.line, message, edit{asked.from, s.at(closing).to, text})
		}
	case s.at(open).kind == token.LBRACK && !asked.endsOperand():
		if text := s.collected(l); text != "" {
			return changed(asked.line, message, edit{s.at(open).from, s.at(closing).to, text})
		}
	case asked.is("sum", "max", "min"):
		if text := s.collected(l); text != "" {
			return changed(asked.line, message, edit{s.at(open).to, s.at(closing).from, text})
		}
	}
	return nil
}

// header is the loop over what the list is made from; "" for what has no one
// form. Python's range counts.
func (l listing) header() string {
	if inner, ok := strings.CutPrefix(l.list, "range("); ok && strings.HasSuffix(inner, ")") {
		bounds := strings.Split(strings.TrimSuffix(inner, ")"), ",")
		if len(bounds) > 2 || strings.Count(inner, "(") > 1 {
			return ""
		}
		first, last := "0", strings.TrimSpace(bounds[len(bounds)-1])
		if len(bounds) == 2 {
			first = bounds[0]
		}
		return "for " + l.name + " := " + first + "; " + l.name + " < " + last + "; " + l.name + "++ {\n"
	}
	if l.index != "" {
		return "for " + l.index + ", " + l.name + " := range " + l.list + " {\n"
	}
	return "for _, " + l.name + " := range " + l.list + " {\n"
}

// elementType is the type of a value in a listing's loop; nil when it is not known.
func (s *source) elementType(l listing, value string) types.Type {
	if l.header() == "" {
		return nil
	}
	return s.probe(s.start(l.at), l.header()+probeName+" := "+value+"\n}")
}

// collected is the function that makes the list; "" when its type is not known.
func (s *source) collected(l listing) string {
	l = s.spelled(l)
	typ := s.typeText(s.elementType(l, l.value))
	if typ == "" || l.condition != "" && !isBoolean(s.elementType(l, l.condition)) {
		return ""
	}
	add := "chosen = append(chosen, " + l.value + ")\n"
	if l.condition != "" {
		add = "if " + l.condition + " {\n" + add + "}\n"
	}
	return "func() []" + typ + " {\nchosen := []" + typ + "{}\n" + l.header() + add + "}\nreturn chosen\n}()"
}

// anyOrAll is the function that tells whether any, or all, are so.
func (s *source) anyOrAll(l listing, isAny bool) string {
	l = s.spelled(l)
	if !isBoolean(s.elementType(l, l.value)) || l.condition != "" && !isBoolean(s.elementType(l, l.condition)) {
		return ""
	}
	sought, found := l.value, "true"
	if !isAny {
		sought, found = "!("+l.value+")", "false"
	}
	if l.condition != "" {
		sought = "(" + l.condition + ") && (" + sought + ")"
	}
	other := map[string]string{"true": "false", "false": "true"}[found]
	return "func() bool {\n" + l.header() + "if " + sought + " {\nreturn " + found + "\n}\n}\nreturn " + other + "\n}()"
}

// spelled is a listing whose candles' fields have their own names: types are
// not known otherwise.
func (s *source) spelled(l listing) listing {
	structure := structOf(s.elementType(l, l.name))
	if structure == nil {
		return l
	}
	for _, text := range []*string{&l.value, &l.condition} {
		var edits []edit
		found := tokens(*text)
		for i := 0; i+2 < len(found); i++ {
			if !found[i].is(l.name) || found[i+1].kind != token.PERIOD || i > 0 && found[i-1].kind == token.PERIOD {
				continue
			}
			if field := fieldMeant(structure, found[i+2].text); field != nil {
				edits = append(edits, edit{found[i+2].from, found[i+2].to, field.Name()})
			}
		}
		*text = apply(*text, edits)
	}
	return l
}
