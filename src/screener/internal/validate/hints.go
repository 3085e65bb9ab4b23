package validate

import (
	"regexp"

	"filtermend/screener/internal/candidate"
)

// rule gives advice on a message; match holds the pattern's groups. A rule
// with a source pattern needs the line to match it too.
type rule struct {
	message *regexp.Regexp
	source  *regexp.Regexp
	advice  func(match []string) string
}

// hint is the advice of the first rule that fits, or "".
func hint(d candidate.Diagnostic) string {
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
