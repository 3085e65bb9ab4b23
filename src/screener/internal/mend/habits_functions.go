package mend

import (
	"go/token"
	"strings"
)

// named is a function with a name, and where its parts are: a helper, or the
// filter itself.
type named struct {
	at, signature, open, close int // tokens: func, its parameters, its braces
	name                       string
}

// helperFunction is a function with a name inside the body, or beside the
// filter's own function: in a body a function is a value.
func helperFunction(s *source) *Change {
	functions := s.named()
	if len(functions) == 0 {
		return nil
	}
	var edits []edit
	message := "the helper " + functions[0].name + " becomes a value: a body has no functions of its own"
	whole := s.filterAmong(functions)
	for _, f := range functions {
		if whole == nil || f.at != whole.at {
			edits = append(edits, s.asValue(f, whole)...)
		}
	}
	if whole == nil {
		return changed(s.at(functions[0].at).line, message, edits...)
	}
	if s.keepsState(*whole) {
		return nil
	}
	text := whole.parameter(s) + s.text[s.at(whole.open).to:s.at(whole.close).from]
	edits = append(edits, edit{s.at(whole.at).from, s.at(whole.close).to, ""}, edit{len(s.text), len(s.text), "\n" + text})
	return changed(s.at(functions[0].at).line, "a filter is one body: what is around it moves into it", edits...)
}

// keepsState tells whether a filter changes what is declared beside it: inside,
// that would begin anew with each candle.
func (s *source) keepsState(filter named) bool {
	for i, t := range s.tokens {
		if i > filter.at && i < filter.close || t.kind != token.VAR {
			continue
		}
		for j := i; j < s.end(i); j++ {
			if s.at(j).kind == token.IDENT && !s.stays(j, j+1, filter.open) {
				return true
			}
		}
	}
	return false
}

// named are the functions with a name; those inside others are left for later.
func (s *source) named() []named {
	var found []named
	for i := 0; i < len(s.tokens); i++ {
		if s.at(i).kind != token.FUNC || !s.starts(i) || s.at(i+1).kind != token.IDENT || s.at(i+2).kind != token.LPAREN {
			continue
		}
		f := named{at: i, signature: i + 2, name: s.at(i + 1).text}
		parameters := s.closing(f.signature)
		if parameters < 0 {
			return nil
		}
		if f.open = s.block(parameters + 1); f.open < 0 {
			return nil
		}
		if f.close = s.closing(f.open); f.close < 0 {
			return nil
		}
		found = append(found, f)
		i = f.close
	}
	return found
}

// filterAmong is the function that a body is taken from, if it is there.
func (s *source) filterAmong(functions []named) *named {
	for _, f := range functions {
		if f.isFilter(s) {
			return &f
		}
	}
	return nil
}

// parameters are the forms of a filter's parameter, in which NAME is its name,
// and the name's value in a body, where the parameter is data, a pointer.
var parameters = map[string]string{
	"( NAME * types . MarketData ) bool": "data", "( NAME * types . MarketData ) ( bool )": "data", "( NAME * MarketData ) bool": "data",
	"( NAME types . MarketData ) bool": "*data", "( NAME types . MarketData ) ( bool )": "*data", "( NAME MarketData ) bool": "*data",
}

// isFilter tells the function that the screener runs by its signature.
func (f named) isFilter(s *source) bool { return parameters[f.form(s)] != "" }

// form is a function's signature without the name of its parameter.
func (f named) form(s *source) string {
	var words []string
	for i := f.signature; i < f.open; i++ {
		words = append(words, s.at(i).text)
	}
	if len(words) > 1 {
		words[1] = "NAME"
	}
	return strings.Join(words, " ")
}

// parameter declares a filter's parameter in its body, when it has another name.
func (f named) parameter(s *source) string {
	if name := s.at(f.signature + 1).text; name != "data" {
		return "\n" + name + " := " + parameters[f.form(s)] + "\n"
	}
	return ""
}

// asValue turns a function into a variable. When it is used before it is
// there, by itself or by another, the variable comes first. The filter itself
// comes last, wherever it stands.
func (s *source) asValue(f named, filter *named) []edit {
	begin, signature := s.at(f.at), s.at(f.signature)
	for i := range f.close {
		if i == f.at+1 || !s.at(i).is(f.name) || filter != nil && i > filter.at && i < filter.close {
			continue
		}
		first := begin.from
		if i < f.at {
			first = 0
		}
		declared := "var " + f.name + " func" + s.between(f.signature, f.open) + "\n"
		return []edit{{first, first, declared}, {begin.from, signature.from, f.name + " = func"}}
	}
	return []edit{{begin.from, signature.from, f.name + " := func"}}
}
