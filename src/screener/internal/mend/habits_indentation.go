package mend

import (
	"go/token"
	"strings"
)

// braceByIndentation is one } that lacks inside: a line stands further out than
// the block it would be in, in one place only.
func braceByIndentation(s *source) *Change {
	for _, d := range s.diagnostics {
		if !strings.Contains(d.Message, "found 'EOF'") {
			return nil
		}
	}
	places, line := s.missingBraces()
	if len(places) != 1 || !parses(apply(s.text, places)) {
		return nil
	}
	return changed(line, "a } is missing, where the lines stand further out again", places...)
}

// missingBraces are the edits for all that lack, and the line of the first.
func (s *source) missingBraces() (edits []edit, line int) {
	lines := strings.Split(s.text, "\n")
	var blocks []int // how far in the lines are that open them
	done := 0
	for i, t := range s.tokens {
		if t.line != done && t.kind != token.EOF && t.text != "\n" {
			done = t.line
			in := indentation(lines[t.line-1])
			for len(blocks) > 0 && s.isOutside(t, in, blocks[len(blocks)-1]) {
				last := s.lastBefore(i)
				if last.kind == token.LBRACE { // a block with nothing in it: indentation tells nothing here
					return nil, 0
				}
				after := last.to
				edits, blocks = append(edits, edit{after, after, "\n}"}), blocks[:len(blocks)-1]
				if line == 0 {
					line = t.line
				}
			}
		}
		switch t.kind {
		case token.LBRACE:
			blocks = append(blocks, indentation(lines[t.line-1]))
		case token.RBRACE:
			blocks = blocks[:max(0, len(blocks)-1)]
		}
	}
	if len(blocks) > 0 {
		return nil, 0
	}
	return edits, line
}

// isOutside tells whether a line cannot belong to a block by how far in it is.
func (s *source) isOutside(first tok, in, block int) bool {
	switch first.kind {
	case token.RBRACE, token.CASE, token.DEFAULT, token.RPAREN, token.RBRACK:
		return in < block
	}
	return in <= block
}

// lastBefore is the token before i that is no line end.
func (s *source) lastBefore(i int) tok {
	for i--; i > 0 && s.at(i).text == "\n"; i-- {
	}
	return s.at(i)
}
