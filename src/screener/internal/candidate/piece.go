package candidate

import (
	"go/scanner"
	"go/token"
	"strings"
)

// piece is a part of the submission and where it begins.
type piece struct {
	text         string
	line, column int
}

// cut is the part of a piece between two offsets.
func (p piece) cut(from, to int) piece {
	before := p.text[:from]
	if newline := strings.LastIndexByte(before, '\n'); newline >= 0 {
		return piece{p.text[from:to], p.line + strings.Count(before, "\n"), from - newline}
	}
	return piece{p.text[from:to], p.line, p.column + from}
}

// padded puts a one-line head before the piece and a tail behind it, with
// blanks between so that the piece keeps its line, plus one, and its columns.
func (p piece) padded(head, tail string) string {
	return p.indent(head) + p.text + tail
}

func (p piece) indent(head string) string {
	return head + strings.Repeat("\n", p.line) + strings.Repeat(" ", p.column-1)
}

// startsWith tells whether the piece's first tokens, comments aside, are these.
func (p piece) startsWith(tokens ...token.Token) bool {
	fset := token.NewFileSet()
	var s scanner.Scanner
	s.Init(fset.AddFile("", fset.Base(), len(p.text)), []byte(p.text), nil, 0)
	for _, want := range tokens {
		if _, got, _ := s.Scan(); got != want {
			return false
		}
	}
	return true
}
