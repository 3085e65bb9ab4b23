package mend

import (
	"go/token"
	"regexp"
	"strings"
)

// opened is a tag that a text begins with.
var opened = regexp.MustCompile(`^\s*<([A-Za-z][A-Za-z_-]*)[^<>\n]*>`)

// thoughts are tags around what comes before an answer.
var thoughts = map[string]bool{"think": true, "thinking": true, "reasoning": true, "thought": true, "scratchpad": true}

// tags are those around the whole code, and thoughts in front of it. No code
// begins with <.
func tags(s *source) *Change {
	found := opened.FindStringSubmatchIndex(s.text)
	if found == nil {
		return nil
	}
	name, closing := s.text[found[2]:found[3]], "</"+s.text[found[2]:found[3]]+">"
	if strings.Count(s.text, closing) != 1 {
		return nil
	}
	from := strings.Index(s.text, closing)
	to := from + len(closing)
	switch {
	case thoughts[strings.ToLower(name)]:
		return changed(1, "what stands in <"+name+"> is no code", edit{0, to, ""})
	case strings.TrimSpace(s.text[to:]) == "":
		return changed(1, "the code stands in no <"+name+">", edit{0, found[1], ""}, edit{from, to, ""})
	}
	return nil
}

// entities are signs as web pages write them.
var entities = map[string]string{"lt": "<", "gt": ">", "amp": "&", "quot": `"`}

// entity is &lt; and the like.
func entity(s *source) *Change {
	var edits []edit
	for i, t := range s.tokens {
		name, end := s.at(i+1), s.at(i+2)
		sign := entities[name.text]
		if t.kind != token.AND && t.kind != token.LAND || sign == "" || end.kind != token.SEMICOLON || s.mayDeclare(name.text) {
			continue
		}
		to := end.to
		if end.text == "\n" { // what parses by chance has its lines broken at the ;
			to = s.at(i + 3).from
		}
		edits = append(edits, edit{t.to - 1, to, sign})
	}
	return changed(lineOf(s, edits), "a sign is written as it is", edits...)
}

// commaLoop is `for i := 0, i < n, i++ {`.
func commaLoop(s *source) *Change {
	for _, h := range s.headers() {
		var commas []int
		for i := h.from; i < h.to; i++ {
			switch s.at(i).kind {
			case token.LPAREN, token.LBRACK, token.LBRACE:
				if closing := s.closing(i); closing > 0 {
					i = closing
				}
			case token.COMMA:
				commas = append(commas, i)
			case token.SEMICOLON, token.RANGE:
				commas = append(commas, -1, -1, -1)
			}
		}
		if len(commas) != 2 || !assigns(s.at(h.from+1)) || !s.compares(commas[0]+1, commas[1]) || !s.steps(commas[1]+1, h.to) {
			continue
		}
		first, second := s.at(commas[0]), s.at(commas[1])
		return changed(first.line, "the parts of a loop's header are separated by ;", edit{first.from, first.to, ";"}, edit{second.from, second.to, ";"})
	}
	return nil
}

func (s *source) compares(from, to int) bool {
	return s.find(from, to, func(i int) bool { return orders(s.at(i).kind) || s.at(i).kind == token.NEQ }) > 0
}

func (s *source) steps(from, to int) bool {
	return s.find(from, to, func(i int) bool {
		return s.at(i).kind == token.INC || s.at(i).kind == token.DEC || isCompound(s.at(i))
	}) > 0
}

// reservedName is a variable called type or range, which are Go's own words.
func reservedName(s *source) *Change {
	for i, t := range s.tokens {
		isDeclared := s.starts(i) && s.at(i+1).kind == token.DEFINE ||
			s.at(i-1).kind == token.VAR && (s.at(i+1).kind == token.ASSIGN || s.at(i+1).kind == token.IDENT)
		if t.kind != token.TYPE && t.kind != token.RANGE || !isDeclared {
			continue
		}
		fresh := s.fresh(t.text + "Value")
		var edits []edit
		for j, other := range s.tokens {
			if other.kind == t.kind && !s.isKeyword(j) {
				edits = append(edits, edit{other.from, other.to, fresh})
			}
		}
		return changed(t.line, t.text+" is a word of Go's own: the variable is called "+fresh, edits...)
	}
	return nil
}

// isKeyword tells range and type where they are Go's.
func (s *source) isKeyword(i int) bool {
	before := s.at(i - 1)
	if s.at(i).kind == token.RANGE {
		isLoops := before.kind == token.FOR || before.kind == token.DEFINE || before.kind == token.ASSIGN
		return isLoops && s.at(s.start(i)).kind == token.FOR
	}
	return s.starts(i) && s.at(i+1).kind == token.IDENT || before.kind == token.LPAREN && s.at(i-2).kind == token.PERIOD
}
