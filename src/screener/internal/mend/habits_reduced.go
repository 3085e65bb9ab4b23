package mend

import (
	"go/token"
	"regexp"
	"strings"
)

// reduced is list.reduce((a, b) => a + value, 0): a sum. What else a number is
// made of in that way is made in a loop.
func reduced(s *source) *Change {
	for i, t := range s.tokens {
		if t.kind != token.PERIOD || !s.at(i+1).is("reduce") || s.at(i+2).kind != token.LPAREN || s.closing(i+2) < 0 {
			continue
		}
		closing := s.closing(i + 2)
		first, list := s.listBefore(i)
		comma := s.find(i+3, closing, func(j int) bool { return s.at(j).kind == token.COMMA })
		if list == "" || comma < 0 {
			continue
		}
		a := s.arrowAt(i+3, comma)
		if a == nil || len(a.names) != 2 {
			continue
		}
		place, begin := edit{from: s.at(first).from, to: s.at(closing).to}, s.between(comma+1, closing)
		if place.text = s.summed(a, list, begin, first); place.text != "" {
			return changed(t.line, "a sum is made by a function", place)
		}
		if place.text = s.folded(a, list, begin, first); place.text != "" {
			return changed(t.line, "a number from a list is made in a loop", place)
		}
	}
	return nil
}

// summed is the call of a function for a sum; "" for what is none.
func (s *source) summed(a *arrow, list, begin string, first int) string {
	if begin != "0" && begin != "0.0" || !s.at(a.from).is(a.names[0]) || s.at(a.from+1).kind != token.ADD {
		return ""
	}
	plain := s.find(a.from+2, a.to, func(j int) bool {
		return s.at(j).kind != token.IDENT && s.at(j).kind != token.PERIOD || s.at(j).is(a.names[0])
	}) < 0
	value := s.between(a.from+2, a.to)
	text := s.collected(listing{name: a.names[1], list: list, value: value, at: first})
	if !plain || !strings.HasPrefix(text, "func() []float64") {
		return ""
	}
	if value == a.names[1] {
		text = list
	}
	return "sum(" + text + ")"
}

// largerOf is Math.max(a, value), or Math.min.
var largerOf = regexp.MustCompile(`^Math\.(max|min)\((\w+), *(.*)\)$`)

// folded is the function that goes through a list of candles with a number;
// "" when its value is no number with fractions.
func (s *source) folded(a *arrow, list, begin string, first int) string {
	start := s.start(first)
	if tokens(begin)[0].kind == token.INT && len(tokens(begin)) < 4 {
		begin += ".0"
	}
	if s.typeText(s.typeOf(start, begin)) != "float64" {
		return ""
	}
	kept, value := a.names[0], s.between(a.from, a.to)
	found := largerOf.FindStringSubmatch(value)
	isLarger := found != nil && found[2] == kept
	if isLarger {
		value = found[3]
	}
	head := "func() float64 {\n" + kept + " := " + begin + "\n"
	l := s.spelled(listing{name: a.names[1], list: list, value: value, at: first})
	if s.typeText(s.probe(start, kept+" := "+begin+"\n"+l.header()+probeName+" := "+l.value+"\n_ = "+kept+"\n}")) != "float64" {
		return ""
	}
	step := kept + " = " + l.value + "\n"
	if isLarger {
		operator := map[string]string{"max": ">", "min": "<"}[found[1]]
		step = "if " + l.value + " " + operator + " " + kept + " {\n" + step + "}\n"
	}
	return head + l.header() + step + "}\nreturn " + kept + "\n}()"
}
