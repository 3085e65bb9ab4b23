package validate

import (
	"regexp"
	"slices"
	"strings"

	"filtermend/screener/internal/candidate"
)

// rule gives advice on a message, if it is on a line of the right form.
type rule struct {
	message *regexp.Regexp
	source  *regexp.Regexp // nil: on any line
	advice  advice
}

// advice is made of the message's groups; "" is none.
type advice func(match []string) string

var rules = slices.Concat(habits, grammar, misuse)

// explain adds hints, and leaves out what is likely to follow from the first
// mistake only: a parser that has lost its way keeps complaining.
func explain(diagnostics []candidate.Diagnostic) []candidate.Diagnostic {
	explained := []candidate.Diagnostic{}
	for i, d := range diagnostics {
		lost := i > 0 && strings.HasPrefix(d.Message, "expected ")
		if lost && hint(d, habits) == "" {
			continue
		}
		d.Hint = hint(d, rules)
		explained = append(explained, d)
	}
	return explained
}

// hint is the advice of the first rule that has any.
func hint(d candidate.Diagnostic, rules []rule) string {
	for _, r := range rules {
		match := r.message.FindStringSubmatch(d.Message)
		if match == nil || (r.source != nil && !r.source.MatchString(d.SourceLine)) {
			continue
		}
		if advice := r.advice(match); advice != "" {
			return advice
		}
	}
	return ""
}
