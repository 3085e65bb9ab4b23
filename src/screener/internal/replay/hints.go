package replay

import "strings"

// general are hints for faults about which nothing more is known than their
// native words, or what ended the process.
var general = []struct{ fault, hint string }{
	{"makeslice", "the length given to make is negative: check it before and return false"},
	{"out of range", "there are fewer elements than this line reads: check len(...) before it and return false when there are too few"},
	{"nil pointer dereference", "something on this line is nil: a helper's result when the history is short, or data.Ticker; check it before and return false when it is nil"},
	{"integer divide by zero", "a divisor on this line is 0: check it before and return false"},
	{"nil map", "this map was never made: declare it as m := map[...]...{}"},
	{"timed out", "a loop does not end, or does far too much: let its counter reach a bound in every turn, and look only at the last candles"},
	{"recursed", "a function calls itself without end: return before that call when nothing is left to do, or use a loop"},
	{"memory", "it makes or collects too much: keep only the few numbers that are needed, and let loops that append end"},
}

// hint is what would mend a failed run, in general terms.
func (r Result) hint() string {
	said := r.NativeError
	if r.ErrorType != Panic {
		said = r.Error
	}
	for _, g := range general {
		if strings.Contains(said, g.fault) {
			return g.hint
		}
	}
	if r.ErrorType == Panic && said == "" {
		return "the filter panics by itself: return false instead"
	}
	return ""
}
