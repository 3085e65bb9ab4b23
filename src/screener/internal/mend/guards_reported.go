package mend

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// maxReported is how many guards one reported error may lead to.
const maxReported = 12

// Reported is what a reported error tells: Go's words for it, "" when it is
// none that guards are for, and the lines it names, most likely first.
type Reported struct {
	NativeError string
	Lines       []int
}

// told are the words of Go and of the interpreter for what guards are against.
var told = []struct {
	words       *regexp.Regexp
	nativeError string
}{
	{regexp.MustCompile(`slice bounds out of range|index out of bounds|reflect\.Value\.Slice3?: .*out of bounds`), "slice bounds out of range"},
	{regexp.MustCompile(`index out of range`), "index out of range"},
	{regexp.MustCompile(`makeslice: (len|cap) out of range|reflect\.MakeSlice: negative`), "makeslice"},
	{regexp.MustCompile(`on zero Value|nil pointer dereference|call of nil function`), "nil pointer dereference"},
	{regexp.MustCompile(`assignment to entry in nil map`), "assignment to entry in nil map"},
	{regexp.MustCompile(`divide by zero`), "integer divide by zero"},
	{regexp.MustCompile(`execution timed out`), EndlessLoop},
}

// placesInLoops is how the screener names the line where time was over.
var placesInLoops = regexp.MustCompile(`(?m)^line: (\d{1,5}):`)

// places is how an error names a line: "line 12", "filter.go:12", "5:12:".
var places = regexp.MustCompile(`(?i)\bline (\d{1,5})\b|\.go:(\d{1,5})\b|(?:^|[\s(])(\d{1,5}):\d{1,5}:(?:\s|$)`)

// ReadError reads the text of an error that somebody reported.
func ReadError(message string) Reported {
	var r Reported
	for _, t := range told {
		if t.words.MatchString(message) {
			r.NativeError = t.nativeError
			break
		}
	}
	named := places
	if r.NativeError == EndlessLoop {
		named = placesInLoops
	}
	for _, match := range named.FindAllStringSubmatch(message, maxReported) {
		line, _ := strconv.Atoi(strings.Join(match[1:], ""))
		if line > 0 && !slices.Contains(r.Lines, line) {
			r.Lines = append(r.Lines, line)
		}
	}
	if r.NativeError == EndlessLoop && len(r.Lines) == 0 {
		return Reported{} // it may only have been slow
	}
	return r
}

// reading is which reads of a series an error is about.
func (r Reported) reading() reading {
	switch r.NativeError {
	case "index out of range":
		return indexesOnly
	case "slice bounds out of range":
		return slicesOnly
	}
	return allReads
}

// GuardReported mends a filter whose error nobody could repeat: it guards
// every place that the error may come from, or the one that it names. When one
// of these is open, or no guard fits it, nothing is made: it may be the one.
// Otherwise it is as with Guard: who did not panic answers as before.
func GuardReported(submission string, r Reported, optional ...string) (text string, changes []Change) {
	g := newGuardian(submission)
	if r.NativeError == "" || g == nil {
		return submission, nil
	}
	g.reading, g.optional = r.reading(), optional
	for _, line := range r.Lines {
		switch text, change := g.mendedOn(line, r.NativeError); {
		case change == nil:
		case change.isOpen:
			return submission, nil
		default:
			return text, []Change{*change}
		}
	}
	if r.NativeError == EndlessLoop {
		return submission, nil // another loop may only have been slow
	}
	s := sweep{Reported: r, optional: optional, text: submission}
	for len(s.changes) < maxReported && s.next() {
	}
	if s.isOpen || len(s.changes) == 0 {
		return submission, nil
	}
	return s.text, s.changes
}
