package mend

import (
	"go/ast"
	"regexp"
	"strings"

	"filtermend/screener/internal/validate"
)

// usualNumbers are the several numbers that a helper is asked with when nobody
// says which; "" when there are none, or the code says others.
func (s *source) usualNumbers(call *ast.CallExpr) string {
	name := s.code(call.Fun)
	about, _ := subjectOf(name[strings.LastIndexByte(name, '.')+1:])
	if said := s.deviationSaid("20"); strings.HasPrefix(about, "bollinger") && said != "" && said != "2" && said != "2.0" {
		return ""
	}
	for subject, numbers := range validate.UsualSettings {
		first, _, areSeveral := strings.Cut(numbers, ",")
		if areSeveral && strings.EqualFold(subject, about) && !s.hasIdleNumber() && !s.saysOthers(about[:4], first) {
			return numbers
		}
	}
	return ""
}

// saysOthers tells whether a comment or another call, about what begins so,
// has numbers that begin otherwise.
func (s *source) saysOthers(about, first string) bool {
	said := regexp.MustCompile(`(?i)//[^\n]*` + about + `[^\d\n]*(\d+)[^\d\n]+\d|` + about + `\w*\([^\n,()]*,\s*(\w+)`)
	for _, match := range said.FindAllStringSubmatch(s.text, -1) {
		if match[1]+match[2] != first {
			return true
		}
	}
	return false
}

// hasIdleNumber tells whether a number has a name that nothing uses.
func (s *source) hasIdleNumber() bool {
	for _, object := range s.info.Defs {
		if object != nil && isNumber(object.Type()) && len(s.tree().uses[object]) == 0 {
			return true
		}
	}
	return false
}
