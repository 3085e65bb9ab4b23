package intent

import (
	"fmt"
	"go/token"
	"regexp"
	"slices"
	"strings"

	"filtermend/screener/internal/candidate"
)

var interval = regexp.MustCompile(`^\d{1,2}[mhdwM]$`)

// intervalsIn are the intervals that a code names.
func intervalsIn(words []word) []string {
	var found []string
	for _, w := range words {
		if w.token != token.STRING && w.token != token.CHAR {
			continue
		}
		if text := strings.Trim(w.text, "\"'`"); interval.MatchString(text) && !slices.Contains(found, text) {
			found = append(found, text)
		}
	}
	return found
}

// lostIntervals are those that only the failed code reads.
func lostIntervals(before, after *facts) []candidate.Diagnostic {
	var lost, added []string
	for _, name := range before.intervals {
		if !slices.Contains(after.intervals, name) {
			lost = append(lost, name)
		}
	}
	for _, name := range after.intervals {
		if !slices.Contains(before.intervals, name) {
			added = append(added, name)
		}
	}
	var findings []candidate.Diagnostic
	for _, name := range lost {
		message := fmt.Sprintf("the failed code reads the interval %q, this one does not", name)
		if len(added) > 0 {
			message += fmt.Sprintf(": it reads %q", added[0])
		}
		findings = append(findings, candidate.Diagnostic{
			Message: message,
			Hint:    fmt.Sprintf("keep data.Klines[%q]; an interval that may be missing is a reason to return false", name),
		})
	}
	return findings
}
