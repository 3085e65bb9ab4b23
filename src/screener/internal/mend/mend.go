// Package mend changes a filter where it is certain what its author meant.
//
// A change is certain when it leaves every run as it was that ended without an
// error, and when there is one reading of what it changes. What a compiler
// refuses has never run: there the one reading decides. What panics has an
// answer by the contract's rule: a filter that lacks its data does not match.
package mend

import (
	"slices"
	"strings"

	"filtermend/screener/internal/validate"
)

// maxChanges bounds the work on one filter; more are not one realistic defect.
const maxChanges = 24

// Change mends one thing. Line is that of the code it was made in.
type Change struct {
	Line    int    `json:"line"`
	Message string `json:"message"`
	edits   []edit
}

// edit replaces the bytes from..to of a code.
type edit struct {
	from, to int
	text     string
}

// rule finds one certain change, or none.
type rule func(s *source) *Change

// Compile makes the certain changes that a filter needs to compile, one after
// the other, as long as each brings it further. The text it returns is the
// body alone, and its report.
func Compile(submission string) (string, []Change, validate.Report) {
	report := validate.Check(submission)
	text := submission
	if report.NormalizedCode != "" {
		text = report.NormalizedCode
	}
	var changes []Change
	for !report.Valid && len(changes) < maxChanges {
		change := firstChange(analyse(text, report))
		if change == nil {
			break
		}
		next := apply(text, change.edits)
		if next == text {
			break
		}
		changes = append(changes, *change)
		text, report = next, validate.Check(next)
	}
	return text, changes, report
}

func firstChange(s *source) *Change {
	for _, r := range slices.Concat(habits, meanings) {
		if change := r(s); change != nil {
			return change
		}
	}
	return nil
}

// apply makes edits, which do not overlap.
func apply(text string, edits []edit) string {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b edit) int { return a.from - b.from })
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
