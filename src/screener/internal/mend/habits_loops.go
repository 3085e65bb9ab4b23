package mend

import (
	"go/token"
	"go/types"
	"strings"
)

// whileLoop is `while condition {`.
func whileLoop(s *source) *Change {
	for i, t := range s.tokens {
		open := s.block(i + 1)
		if !t.is("while") || !s.starts(i) || assigns(s.at(i+1)) || open < 0 {
			continue
		}
		from, to := i+1, open
		if s.at(from).kind == token.LPAREN && s.closing(from) == to-1 {
			from, to = from+1, to-1
		}
		header := "for " + s.between(from, to) + " "
		if condition := s.between(from, to); condition == "true" || condition == "True" {
			header = "for "
		}
		return changed(t.line, "while is written for", edit{t.from, s.at(open).from, header})
	}
	return nil
}

// header is that of a for loop, without the parentheses around it.
type header struct {
	loop, open int // tokens: for, and the brace of its block
	from, to   int // what is between
	inBrackets bool
	word       string // let, const, var or a type, before its variable
}

// headers are all loops' headers.
func (s *source) headers() []header {
	var found []header
	for i, t := range s.tokens {
		open := s.block(i + 1)
		if t.kind != token.FOR || open < 0 {
			continue
		}
		h := header{loop: i, open: open, from: i + 1, to: open}
		if s.at(h.from).kind == token.LPAREN && s.closing(h.from) == h.to-1 {
			h.from, h.to, h.inBrackets = h.from+1, h.to-1, true
		}
		if word := s.at(h.from); (word.kind == token.VAR || word.kind == token.CONST || word.kind == token.IDENT) &&
			s.at(h.from+1).kind == token.IDENT && !s.at(h.from+1).is("of", "in") {
			h.word = word.text
			h.from++
		}
		found = append(found, h)
	}
	return found
}

// rewrite puts another header in a loop's place.
func (s *source) rewrite(h header, message, text string) *Change {
	return changed(s.at(h.loop).line, message, edit{s.at(h.loop).from, s.at(h.open).from, text + " "})
}

// threePartLoop is `for (let i = 0; i < n; i++) {`.
func threePartLoop(s *source) *Change {
	for _, h := range s.headers() {
		semicolon := s.find(h.from, h.to, func(i int) bool { return s.at(i).kind == token.SEMICOLON })
		if semicolon < 0 || !h.inBrackets && h.word == "" {
			continue
		}
		text := s.between(h.from, h.to)
		if h.word != "" || !s.isDeclaredBefore(s.at(h.from).text, h.loop) {
			if first := s.counters(h.from, semicolon); first != "" {
				text = first + s.text[s.at(semicolon).from:s.at(h.to-1).to]
			}
		}
		return s.rewrite(h, "a loop's header stands in no brackets", "for "+text)
	}
	return nil
}

// counters declares what a loop begins with, such as `i = 0, n = 3`.
func (s *source) counters(from, to int) string {
	var names, values []string
	for from < to {
		comma := s.find(from, to, func(i int) bool { return s.at(i).kind == token.COMMA })
		if comma < 0 {
			comma = to
		}
		if s.at(from).kind != token.IDENT || s.at(from+1).kind != token.ASSIGN {
			return ""
		}
		names, values = append(names, s.at(from).text), append(values, s.between(from+2, comma))
		from = comma + 1
	}
	if len(names) == 0 {
		return ""
	}
	return strings.Join(names, ", ") + " := " + strings.Join(values, ", ")
}

// isDeclaredBefore tells whether a variable may be there before a token.
func (s *source) isDeclaredBefore(name string, i int) bool {
	for j := range i {
		if s.at(j).is(name) && (s.at(j+1).kind == token.DEFINE || s.at(j+1).kind == token.COMMA ||
			s.at(j-1).kind == token.VAR || s.at(j-1).kind == token.COMMA || s.at(j-1).is("let")) {
			return true
		}
	}
	return false
}

// countedLoop is Python's `for i in range(n) {`.
func countedLoop(s *source) *Change {
	for _, h := range s.headers() {
		name := s.at(h.from)
		if name.kind != token.IDENT || !s.at(h.from+1).is("in") || s.at(h.from+2).kind != token.RANGE ||
			s.at(h.from+3).kind != token.LPAREN || s.closing(h.from+3) != h.to-1 {
			continue
		}
		bounds := s.arguments(h.from+3, h.to-1)
		if len(bounds) == 0 || len(bounds) > 2 || !s.stays(h.from, h.to, h.open) {
			continue
		}
		first, last := "0", bounds[len(bounds)-1]
		if len(bounds) == 2 {
			first = bounds[0]
		}
		i := name.text
		if i == "_" {
			i = s.fresh("i")
		}
		return s.rewrite(h, "a loop that counts is written for i := 0; i < n; i++", "for "+i+" := "+first+"; "+i+" < "+last+"; "+i+"++")
	}
	return nil
}

// arguments are those of a call, between its brackets.
func (s *source) arguments(open, closing int) []string {
	var found []string
	from := open + 1
	for from < closing {
		comma := s.find(from, closing, func(i int) bool { return s.at(i).kind == token.COMMA })
		if comma < 0 {
			comma = closing
		}
		found = append(found, s.between(from, comma))
		from = comma + 1
	}
	return found
}

// stays tells whether a loop's block leaves alone what its header names.
func (s *source) stays(from, to, open int) bool {
	for i := from; i < to; i++ {
		if s.at(i).kind != token.IDENT {
			continue
		}
		for j := open; j < s.closing(open); j++ {
			next := s.at(j + 1)
			if s.at(j).is(s.at(i).text) && (assigns(next) || next.kind == token.INC || next.kind == token.DEC || next.kind == token.COMMA) {
				return false
			}
		}
	}
	return true
}

// listLoop is `for (const x of list) {` and `for x in list {`.
func listLoop(s *source) *Change {
	for _, h := range s.headers() {
		name, word := s.at(h.from), s.at(h.from+1)
		if s.at(h.from+1).kind == token.COMMA && s.at(h.from+3).is("in") {
			if text := s.pairs(h); text != "" {
				return s.rewrite(h, "a loop over a list is written with range", text)
			}
			continue
		}
		if name.kind != token.IDENT || !word.is("of", "in") || s.at(h.from+2).kind == token.RANGE {
			continue
		}
		list := s.between(h.from+2, h.to)
		_, isMap := under(s.typeOf(h.loop, list)).(*types.Map)
		_, isSlice := under(s.typeOf(h.loop, list)).(*types.Slice)
		switch {
		case word.text == "of" && !isMap, word.text == "in" && h.word == "" && isSlice:
			return s.rewrite(h, "a loop over a list is written with range", "for _, "+name.text+" := range "+list)
		case word.text == "in" && (h.word != "" || isMap):
			return s.rewrite(h, "a loop over a list is written with range", "for "+name.text+" := range "+list)
		}
	}
	return nil
}

// pairs is the header for `i, x in enumerate(list)` and `k, v in map.items()`.
func (s *source) pairs(h header) string {
	list := s.between(h.from+4, h.to)
	inner, isEnumeration := strings.CutPrefix(list, "enumerate(")
	if isEnumeration && s.closing(h.from+5) == h.to-1 {
		list = strings.TrimSuffix(inner, ")")
	} else if inner, isMap := strings.CutSuffix(list, ".items()"); isMap {
		list = inner
	} else {
		return ""
	}
	return "for " + s.between(h.from, h.from+3) + " := range " + list
}

func under(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}
