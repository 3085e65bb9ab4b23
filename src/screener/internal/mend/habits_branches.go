package mend

import (
	"go/token"
	"strings"

	"filtermend/screener/internal/validate"
)

// bareBranch is `if (c) return x` and `else return y`: Go's branches have braces.
func bareBranch(s *source) *Change {
	for i, t := range s.tokens {
		from := -1
		switch {
		case t.kind == token.IF && s.at(i+1).kind == token.LPAREN && s.closing(i+1) > 0 && !s.isTrailingIf(i):
			from = s.closing(i+1) + 1
		case t.kind == token.ELSE && s.at(i-1).kind == token.RBRACE:
			from = i + 1
		}
		if from < 0 {
			continue
		}
		if s.at(from).kind == token.SEMICOLON && s.at(from).text == "\n" {
			from++
		}
		if to := s.end(from); s.isBranch(from, to) {
			return changed(t.line, "what depends on a condition stands in braces", s.braces(i, from, to)...)
		}
	}
	return nil
}

// isBranch tells whether tokens are a statement that leaves, or assigns.
func (s *source) isBranch(from, to int) bool {
	switch s.at(from).kind {
	case token.RETURN, token.BREAK, token.CONTINUE:
		return true
	case token.IDENT:
		return s.find(from, to, func(i int) bool {
			t := s.at(i)
			return assigns(t) || t.kind == token.INC || t.kind == token.DEC
		}) > 0
	}
	return false
}

// braces puts them around a branch, and an else behind it on their line.
func (s *source) braces(i, from, to int) []edit {
	before, last := s.at(from-1), s.at(to-1).to
	if before.kind == token.SEMICOLON {
		before = s.at(from - 2)
	}
	edits := []edit{{before.to, s.at(from).from, " {\n"}}
	next := to
	for s.at(next).kind == token.SEMICOLON {
		next++
	}
	between := strings.Trim(s.text[last:s.at(next).from], "; \t\r\n")
	if s.at(i).kind == token.IF && s.at(next).kind == token.ELSE && between == "" {
		return append(edits, edit{last, s.at(next).from, "\n} "})
	}
	return append(edits, edit{last, last, "\n}"})
}

// strayBrace is one } too many at the very end, mostly that of the function
// which was around the body.
func strayBrace(s *source) *Change {
	depth := 0
	for i, t := range s.tokens {
		switch t.kind {
		case token.LBRACE:
			depth++
		case token.RBRACE:
			depth--
		}
		if depth < 0 {
			rest := strings.TrimSpace(s.text[t.to:])
			if i == 0 || rest != "" || !parses(s.text[:t.from]) {
				return nil
			}
			return changed(t.line, "the last } closes nothing", edit{t.from, t.to, ""})
		}
	}
	return nil
}

// missingBrace is one } that lacks at the very end. It is certain when all that
// follows the open brace stands further in than its line: then nothing but the
// end can be where it belongs.
func missingBrace(s *source) *Change {
	for _, d := range s.diagnostics {
		if !strings.Contains(d.Message, "found 'EOF'") {
			return nil
		}
	}
	var opened []tok
	for _, t := range s.tokens {
		switch t.kind {
		case token.LBRACE:
			opened = append(opened, t)
		case token.RBRACE:
			opened = opened[:max(0, len(opened)-1)]
		}
	}
	if len(opened) != 1 || !parses(s.text+"\n}") {
		return nil
	}
	lines := strings.Split(s.text, "\n")
	own := indentation(lines[opened[0].line-1])
	for _, line := range lines[opened[0].line:] {
		if strings.TrimSpace(line) != "" && indentation(line) <= own {
			return nil
		}
	}
	return changed(len(lines), "the last } is missing", edit{len(s.text), len(s.text), "\n}"})
}

// parses tells whether a code is whole.
func parses(text string) bool { return analyse(text, validate.Report{}).file != nil }

// indentation is how many blanks a line begins with.
func indentation(line string) int {
	return len(line) - len(strings.TrimLeft(line, " \t"))
}
