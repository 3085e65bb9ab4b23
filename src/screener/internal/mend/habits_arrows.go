package mend

import (
	"go/token"
	"regexp"
	"strings"
)

// arrow is `name => value` and `(a, b) => value` in brackets.
type arrow struct {
	names    []string
	from, to int // the tokens of its value
}

// arrowAt is the arrow that begins at a token and ends before another; nil for
// one with a block that does more than return a value.
func (s *source) arrowAt(from, to int) *arrow {
	a := arrow{to: to}
	next := from + 1
	switch {
	case s.at(from).kind == token.IDENT:
		a.names = []string{s.at(from).text}
	case s.at(from).kind == token.LPAREN && s.closing(from) > 0:
		next = s.closing(from) + 1
		a.names = s.arguments(from, next-1)
	}
	if len(a.names) == 0 || s.at(next).kind != token.ASSIGN || s.at(next+1).kind != token.GTR || s.at(next+1).from != s.at(next).to {
		return nil
	}
	a.from = next + 2
	if s.at(a.from).kind == token.LBRACE && !s.unwrap(&a) || a.from >= a.to {
		return nil
	}
	return &a
}

// unwrap takes the block off an arrow's value: { return value }.
func (s *source) unwrap(a *arrow) bool {
	if s.at(a.from+1).kind != token.RETURN || s.closing(a.from) != a.to-1 {
		return false
	}
	a.from, a.to = a.from+2, a.to-1
	if s.at(a.to-1).kind == token.SEMICOLON {
		a.to--
	}
	return s.find(a.from, a.to, func(j int) bool { return s.at(j).kind == token.SEMICOLON }) < 0
}

// arrowFunction is `const name = (a, b) => value`, when all its parameters are
// numbers by all of its calls.
func arrowFunction(s *source) *Change {
	for i, t := range s.tokens {
		if t.kind != token.IDENT || s.at(i+1).kind != token.ASSIGN && s.at(i+1).kind != token.DEFINE {
			continue
		}
		end := s.end(i)
		a := s.arrowAt(i+2, end)
		first := s.start(i)
		isDeclaration := first == i || first == i-1 && (s.at(first).kind == token.CONST || s.at(first).kind == token.VAR || s.at(first).is("let"))
		if a == nil || !isDeclaration {
			continue
		}
		typ := s.parameterType(t.text, end, len(a.names))
		value := s.between(a.from, a.to)
		if typ == "" {
			continue
		}
		parameters := strings.Join(a.names, ", ") + " " + typ
		result := s.typeText(s.probe(first, "func("+parameters+") {\n"+probeName+" := "+value+"\n}("+strings.TrimSuffix(strings.Repeat(zeroOf[typ]+", ", len(a.names)), ", ")+")"))
		if result == "" {
			continue
		}
		return changed(t.line, t.text+" is a function", edit{s.at(first).from, s.at(end - 1).to,
			t.text + " := func(" + parameters + ") " + result + " {\nreturn " + value + "\n}"})
	}
	return nil
}

// zeroOf has the types that a parameter gets, and a value of each.
var zeroOf = map[string]string{"float64": "1.5", "types.Kline": "types.Kline{}", "[]types.Kline": "nil", "[]float64": "nil"}

// parameterType is the type that all arguments of all calls of a function have
// behind a token; "" when there is none.
func (s *source) parameterType(name string, behind, count int) string {
	found := ""
	for i := behind; i < len(s.tokens); i++ {
		if !s.at(i).is(name) || s.at(i-1).kind == token.PERIOD {
			continue
		}
		if s.at(i+1).kind != token.LPAREN || s.closing(i+1) < 0 {
			return ""
		}
		given := s.arguments(i+1, s.closing(i+1))
		if len(given) != count {
			return ""
		}
		for _, value := range given {
			typ := s.callType(i, behind, value)
			if zeroOf[typ] == "" || found != "" && found != typ {
				return ""
			}
			found = typ
		}
	}
	return found
}

// callType is the type of a value in a statement, whatever is wrong with the
// function that is declared in another.
func (s *source) callType(i, behind int, value string) string {
	without := *s
	first := s.start(behind - 1)
	without.text = s.text[:s.at(first).from] + strings.Repeat(" ", s.at(behind-1).to-s.at(first).from) + s.text[s.at(behind-1).to:]
	return s.typeText(without.typeOf(s.start(i), value))
}

// understood is a text that probes read: what later rules make of its constants
// and of the market data's fields.
func understood(text string) string {
	text = changing.ReplaceAllString(text, "${1}var $2 = $3")
	text = looped.ReplaceAllString(text, "for $1 := $2 {")
	text = sliced.ReplaceAllString(text, "$1[len($1)-$2:]")
	text = slicedBetween.ReplaceAllString(text, "$1[len($1)-$2:len($1)-$3]")
	return lowerData.ReplaceAllStringFunc(text, func(found string) string {
		return "data." + strings.ToUpper(found[5:6]) + found[6:]
	})
}

var (
	changing      = regexp.MustCompile(`(?m)^(\s*)(?:const|let) (\w+) = ([^\d"'\-\s])`)
	looped        = regexp.MustCompile(`for \(let (\w+) = (.*)\) \{`)
	sliced        = regexp.MustCompile(`\b(\w+)\.slice\(-(\w+)\)`)
	slicedBetween = regexp.MustCompile(`\b(\w+)\.slice\(-(\w+), *-(\w+)\)`)
	lowerData     = regexp.MustCompile(`\bdata\.(klines|ticker|symbol)\b`)
)
