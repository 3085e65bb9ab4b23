// Package candidate takes a filter as a person or a model wrote it, finds its
// body, and keeps track of where each part stood in what was submitted.
package candidate

import (
	"go/format"
	"go/token"
	"strings"
)

// Name is the function that the screener puts around a body.
const Name = "evaluate"

// header makes a body a program. It is one line, so that line n of the
// submission is line n+1 of the program.
const header = `package main; import ("filtermend/screener/types"; "filtermend/screener/indicators"); ` +
	`func ` + Name + `(data *types.MarketData) bool {`

// Candidate is the body of one filter.
type Candidate struct {
	submitted []string // its lines
	body      piece
	peeled    []Peel
}

// Peel is something around the body that was taken away, and its line.
type Peel struct {
	Line    int
	Message string
}

// Peeled is what was around the body, from the outside in.
func (c Candidate) Peeled() []Peel { return c.peeled }

func (c *Candidate) peel(line int, message string) {
	c.peeled = append(c.peeled, Peel{line, message})
}

// Diagnostic is one thing that is wrong with a candidate, at a line and column
// of what was submitted (both from 1; 0 when it has no place).
type Diagnostic struct {
	Line       int    `json:"line"`
	Column     int    `json:"column"`
	Message    string `json:"message"`
	SourceLine string `json:"source_line"`
	Hint       string `json:"hint"`
}

// Program is the body inside the screener's function; every part of the body
// keeps its line, plus one, and its column.
func (c Candidate) Program() string {
	return c.body.padded(header, "\n}\n")
}

// Body is the body alone, as it was submitted.
func (c Candidate) Body() string { return c.body.text }

// BodyOffset is where a program's offset lies in the body.
func (c Candidate) BodyOffset(programOffset int) int {
	return programOffset - len(c.body.indent(header))
}

// Formatted is the body alone, in gofmt's format and without the indentation
// that all of it shares. What cannot be parsed stays as it is.
func (c Candidate) Formatted() string {
	text := strings.TrimSpace(c.body.text)
	formatted, err := format.Source([]byte(text))
	if err != nil {
		return text
	}
	return string(formatted)
}

// Line is a program's line in the submission's own count, or 0 when it lies
// outside the body.
func (c Candidate) Line(programLine int) int {
	if line := programLine - 1; c.body.line <= line && line <= c.lastLine() {
		return line
	}
	return 0
}

// SourceLine is the text of a line of the submission.
func (c Candidate) SourceLine(line int) string {
	if line < 1 || line > len(c.submitted) {
		return ""
	}
	return clip(strings.TrimRight(c.submitted[line-1], " \t\r"))
}

// Diagnose places a message at a position of the program. What the screener's
// own closing brace is blamed for belongs to the last line with text.
func (c Candidate) Diagnose(at token.Position, message string) Diagnostic {
	line, column := at.Line-1, at.Column
	if last := c.lastLine(); line > last {
		line, column = last, len(c.SourceLine(last))+1
	}
	return Diagnostic{Line: line, Column: column, Message: clip(message), SourceLine: c.SourceLine(line)}
}

// clip keeps answers short when a submission is one endless line.
func clip(text string) string {
	const most = 500
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "..."
}

// lastLine is the last line of the body with text on it.
func (c Candidate) lastLine() int {
	return c.body.line + strings.Count(strings.TrimRight(c.body.text, " \t\r\n"), "\n")
}
