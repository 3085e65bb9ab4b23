package mend

import (
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// listMethod is list.map(x => value), list.filter, list.some and list.every.
// A condition may ask for the element's number too.
func listMethod(s *source) *Change {
	for i, t := range s.tokens {
		if t.kind != token.PERIOD || s.at(i+2).kind != token.LPAREN || s.closing(i+2) < 0 {
			continue
		}
		method, closing := s.at(i+1).text, s.closing(i+2)
		a := s.arrowAt(i+3, closing)
		first, list := s.listBefore(i)
		if a == nil || len(a.names) > 2 || len(a.names) == 2 && method == "map" || list == "" {
			continue
		}
		l := listing{name: a.names[0], list: list, value: equalities.Replace(s.between(a.from, a.to)), at: first}
		if len(a.names) == 2 && slices.ContainsFunc(tokens(l.value), func(t tok) bool { return t.is(a.names[1]) }) {
			l.index = a.names[1]
		}
		if text := s.methodText(l, method); text != "" {
			return changed(t.line, "a list from another is made in a loop", edit{s.at(first).from, s.at(closing).to, text})
		}
	}
	return nil
}

// equalities are comparisons that arrows have: the rule for those of a whole
// filter comes to them only when the arrow is gone.
var equalities = strings.NewReplacer("===", "==", "!==", "!=")

func (s *source) methodText(l listing, method string) string {
	switch method {
	case "map":
		return s.collected(l)
	case "filter":
		l.condition, l.value = l.value, l.name
		return s.collected(l)
	case "some":
		return s.anyOrAll(l, true)
	case "every":
		return s.anyOrAll(l, false)
	}
	return ""
}

// listBefore is the list that ends before a token: a plain one, a part of it by
// list.slice(from, to), or what a function that was put here makes.
func (s *source) listBefore(i int) (first int, list string) {
	if first = s.operand(i); first < i {
		return first, s.between(first, i)
	}
	open := s.opening(i - 1)
	if s.at(i-1).kind != token.RPAREN || open < 0 {
		return i, ""
	}
	if open == i-2 {
		return s.functionBefore(open)
	}
	if first = s.operand(open - 2); !s.at(open-1).is("slice") || s.at(open-2).kind != token.PERIOD || first == open-2 {
		return i, ""
	}
	whole := s.between(first, open-2)
	bounds := s.boundsOf(whole, s.arguments(open, i-1))
	if bounds == "" {
		return i, ""
	}
	return first, whole + "[" + bounds + "]"
}

// functionBefore is the function without parameters that is called at a bracket.
func (s *source) functionBefore(call int) (first int, list string) {
	if s.at(call-1).kind != token.RBRACE {
		return call, ""
	}
	for i := s.opening(call - 1); i > 0 && !s.starts(i); i-- {
		if s.at(i).kind == token.FUNC {
			return i, s.between(i, call+2)
		}
	}
	return call, ""
}

var lengthBound = regexp.MustCompile(`^(\w+)\.length ?- ?(\d+)$`)

// boundsOf are what slice's numbers are between brackets: negative ones count
// from the end.
func (s *source) boundsOf(list string, numbers []string) string {
	if len(numbers) == 0 || len(numbers) > 2 {
		return ""
	}
	bounds := []string{"", ""}
	for i, number := range numbers {
		number, isFromEnd := strings.CutPrefix(number, "-")
		first := tokens(number)[0]
		isLiteral := first.kind == token.INT && first.text == number
		switch {
		case isFromEnd && number != "0" && (isLiteral || s.isSetOnce(number)):
			bounds[i] = "len(" + list + ")-" + number
		case !isFromEnd && isLiteral:
			bounds[i] = number
		case !isFromEnd && lengthBound.MatchString(number):
			bounds[i] = lengthBound.ReplaceAllString(number, "len($1)-$2")
		default:
			return ""
		}
	}
	return strings.Join(bounds, ":")
}

// isSetOnce tells variables that get one value, a number above 0 as it is written.
func (s *source) isSetOnce(name string) bool {
	times, isNumber := 0, false
	for i, t := range s.tokens {
		if !t.is(name) || s.at(i-1).kind == token.PERIOD {
			continue
		}
		switch next := s.at(i + 1); {
		case next.kind == token.DEFINE || next.kind == token.ASSIGN:
			times++
			isNumber = s.at(i+2).kind == token.INT && s.at(i+2).text != "0" && ends(s.at(i+3))
		case isCompound(next), next.kind == token.INC, next.kind == token.DEC:
			return false
		}
	}
	return times == 1 && isNumber
}
