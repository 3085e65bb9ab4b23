// Package mend changes a filter where it is certain what its author meant.
//
// A change is certain when it leaves every run as it was that ended without an
// error, and when there is one reading of what it changes. What a compiler
// refuses has never run: there the one reading decides. What panics has an
// answer by the contract's rule: a filter that lacks its data does not match.
package mend

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"filtermend/screener/internal/candidate"
	"filtermend/screener/internal/validate"
)

// maxChanges bounds the work on one filter; more are not one realistic defect.
const maxChanges = 40

// Change mends one thing. Line is that of the code it was made in. A guard
// makes the filter not match where data is missing.
type Change struct {
	Line    int    `json:"line"`
	Message string `json:"message"`
	Guard   bool   `json:"guard"`
	isOpen  bool   // there are other readings
	edits   []edit
	hint    string // how to make it
	without string // what to do instead, to do without the data
}

// edit replaces the bytes from..to of a code.
type edit struct {
	from, to int
	text     string
}

// rule finds one certain change, or none.
type rule func(s *source) *Change

// step is a code on its way, and what is known of it.
type step struct {
	source *source
	report validate.Report
}

// Compile makes the certain changes that a filter needs to compile, one after
// the other, as long as each brings it further. The text it returns is the
// body alone, and its report. It never ends worse than it began; and what does
// not parse in the end was not understood, and stays as it was. What a strategy
// says, in the trader's words, settles some names and numbers.
func Compile(submission string, strategy ...string) (string, []Change, validate.Report) {
	first, changes := begin(submission, strings.Join(strategy, "\n"))
	peeled, now := len(changes), first
	for !now.report.Valid && len(changes) < maxChanges {
		next, made := now.next()
		if made == nil {
			break
		}
		changes, now = append(changes, made...), next
	}
	if now.rank() == broken || now.rank() == first.rank() && len(now.report.Diagnostics) > len(first.report.Diagnostics) {
		changes, now = changes[:peeled], first
	}
	return now.source.text, changes, now.report
}

// maxPeels bounds the layers around a body: a fence, imports, a function.
const maxPeels = 6

// begin takes away what is around the body of a strategy's filter.
func begin(submission, strategy string) (step, []Change) {
	if joined := candidate.Joined(submission); joined != "" {
		if report := validate.Check(joined); report.Valid {
			change := Change{Line: 1, Message: "the blocks of code are one filter, the text between them is left out"}
			return step{analyse(report.NormalizedCode, report).of(strategy), report}, []Change{change}
		}
	}
	report, c := validate.Prepare(submission)
	text := submission
	var changes []Change
	for range maxPeels {
		for _, peel := range c.Peeled() {
			changes = append(changes, Change{Line: peel.Line, Message: peel.Message})
		}
		if report.NormalizedCode == "" || report.NormalizedCode == text {
			break
		}
		text = report.NormalizedCode
		report, c = validate.Prepare(text)
	}
	return step{analyse(text, report).of(strategy), report}, changes
}

// next is the first change that brings the code further, and what came off
// around the body with it.
func (now step) next() (step, []Change) {
	for _, r := range slices.Concat(habits, meanings) {
		change := r(now.source)
		if change == nil {
			continue
		}
		text := apply(now.source.text, change.edits)
		if text == now.source.text {
			continue
		}
		if next, peeled := begin(text, now.source.strategy); next.isFurtherThan(now) {
			return next, append([]Change{*change}, peeled...)
		}
	}
	return now, nil
}

// How far a code gets.
const (
	broken = iota // it does not parse
	parsed
	compiles
)

func (now step) rank() int {
	switch {
	case now.report.Valid:
		return compiles
	case now.source.file != nil:
		return parsed
	}
	return broken
}

// isFurtherThan tells whether a change removed what it was for. A parser stops
// at its first problem: that has to move on, unless there are fewer, or fewer
// characters that are no Go. The type checker goes on, and new findings may have been hidden by the old: one of the
// old has to be gone.
func (now step) isFurtherThan(before step) bool {
	if now.rank() != before.rank() {
		return now.rank() > before.rank()
	}
	is, was := now.report.Diagnostics, before.report.Diagnostics
	if now.rank() == parsed {
		return isGone(was, is)
	}
	if len(is) < len(was) || now.source.illegal() < before.source.illegal() {
		return true
	}
	isSame := is[0].Message == was[0].Message
	understood, remaining := now.split()
	understoodBefore, remained := before.split()
	if isSame && understood == understoodBefore {
		return false
	}
	return letters(remaining) < letters(remained) || letters(remaining) == letters(remained) && !isSame
}

// isGone tells whether a message is there less often than it was.
func isGone(before, now []candidate.Diagnostic) bool {
	left := map[string]int{}
	for _, d := range now {
		left[d.Message]++
	}
	for _, d := range before {
		if left[d.Message]--; left[d.Message] < 0 {
			return true
		}
	}
	return false
}

// split is the code up to its first problem, and from there on.
func (now step) split() (understood, remaining string) {
	first := now.report.Diagnostics[0]
	text, at := now.source.text, 0
	for range first.Line - 1 {
		at += strings.IndexByte(text[at:], '\n') + 1
	}
	at = min(len(text), at+max(0, first.Column-1))
	return text[:at], text[at:]
}

// letters counts letters and digits: brackets and line ends come and go.
func letters(text string) int {
	count := 0
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			count++
		}
	}
	return count
}

// apply makes edits, which do not overlap. What is inserted before something
// comes before what replaces it.
func apply(text string, edits []edit) string {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Or(a.from-b.from, a.to-b.to) })
	var changed strings.Builder
	done := 0
	for _, e := range edits {
		if e.from < done || e.to < e.from || e.to > len(text) {
			return text
		}
		changed.WriteString(text[done:e.from])
		changed.WriteString(e.text)
		done = e.to
	}
	changed.WriteString(text[done:])
	return changed.String()
}
