// Package intent tells a repair from a filter that validates by giving up.
//
// What compiles and never panics can still be worthless: `return false` does
// both. A repair keeps what the failed code looked at: its indicators, its
// intervals, its comparisons and the numbers in them.
package intent

import (
	"filtermend/screener/internal/candidate"
)

// Compare lists what a candidate, which compiles, has given up of the failed
// code, which need not even parse. It lists nothing when the intent is kept,
// and demands nothing that the failed code did not have.
func Compare(failed, repaired string) []candidate.Diagnostic {
	before, after := read(failed), read(repaired)
	findings := []candidate.Diagnostic{}
	if before.hasSubstance() {
		findings = append(findings, sameAnswer(before, after)...)
	}
	findings = append(findings, lostFamilies(before, after)...)
	findings = append(findings, lostIntervals(before, after)...)
	return append(findings, lostComparisons(before, after)...)
}

// facts are what a code looks at, as far as it can be reached and is used.
type facts struct {
	code        candidate.Candidate
	words       []word
	helpers     []helper
	intervals   []string
	comparisons []comparison
	thresholds  []string // numbers compared with, in one notation
	numbers     map[string]bool
	loops       int
	answer      answer
}

// read takes a code apart.
func read(submission string) *facts {
	c, _ := candidate.Normalise(submission)
	tree := parse(c)
	f := &facts{code: c, words: used(alive(scan(c.Body()), tree.dead)), answer: tree.answer}
	f.helpers = helpersIn(f.words)
	f.intervals = intervalsIn(f.words)
	f.comparisons = comparisonsIn(f.words)
	f.thresholds = thresholdsIn(f.words, f.comparisons)
	f.numbers = numbersIn(f.words)
	f.loops = loopsIn(f.words)
	return f
}

// hasSubstance tells a code that decided something.
func (f *facts) hasSubstance() bool {
	return len(f.helpers)+len(f.intervals)+len(f.comparisons) > 0 && !f.answer.always
}
