package intent

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"filtermend/screener/internal/candidate"
)

// family is a kind of indicator, by all names that are in use for it.
type family struct {
	name    string
	helpers []string // of the contract
	is      func(about string) bool
}

// families are tried in their order; about is a name in lower case, without
// its verb.
var families = []family{
	{"stochastic RSI", nil, both("stoch", "rsi")}, // nothing in the contract: nothing is demanded
	{"RSI", []string{"GetLatestRSI", "CalculateRSI"}, begins("rsi", "relativestrength")},
	{"MACD", []string{"GetLatestMACD", "CalculateMACD"}, begins("macd")},
	{"Bollinger bands", []string{"GetLatestBollingerBands", "CalculateBollingerBands"}, begins("bollinger", "bbands", "bands", "bb")},
	{"stochastic", []string{"CalculateStochastic"}, begins("stoch")},
	{"VWAP", []string{"CalculateVWAP"}, begins("vwap")},
	{"engulfing pattern", []string{"DetectEngulfingPattern"}, contains("engulf")},
	{"average volume", []string{"CalculateAvgVolume"}, averageVolume},
	{"EMA", []string{"CalculateEMA", "CalculateEMASeries"}, begins("ema", "exponentialmoving", "expma")},
	{"MA", []string{"CalculateMA", "CalculateMASeries"}, movingAverage},
	{"highest high", []string{"GetHighestHigh"}, begins("highest")},
	{"lowest low", []string{"GetLowestLow"}, begins("lowest")},
}

func begins(with ...string) func(string) bool {
	return func(about string) bool {
		return slices.ContainsFunc(with, func(w string) bool { return strings.HasPrefix(about, w) })
	}
}

func contains(word string) func(string) bool {
	return func(about string) bool { return strings.Contains(about, word) }
}

func both(one, other string) func(string) bool {
	return func(about string) bool { return strings.Contains(about, one) && strings.Contains(about, other) }
}

func averageVolume(about string) bool {
	if !strings.Contains(about, "vol") {
		return false
	}
	return strings.Contains(about, "avg") || strings.Contains(about, "average") || strings.HasSuffix(about, "ma") || strings.HasPrefix(about, "ma")
}

func movingAverage(about string) bool {
	about = strings.TrimSuffix(strings.TrimSuffix(about, "series"), "s")
	return slices.Contains([]string{"ma", "sma", "movingaverage", "movingavg", "simplemovingaverage", "simplema"}, about)
}

// verbs begin names and say nothing about the family.
var verbs = []string{"calculate", "compute", "calc", "detect", "fetch", "get", "latest", "current", "last", "is", "bullish", "bearish"}

// familyOf is the family that a name belongs to, or nil.
func familyOf(name string) *family {
	about := strings.ToLower(strings.ReplaceAll(name, "_", ""))
	for again := true; again; {
		again = false
		for _, verb := range verbs {
			if rest, found := strings.CutPrefix(about, verb); found && rest != "" {
				about, again = rest, true
			}
		}
	}
	for i := range families {
		if families[i].is(about) {
			return &families[i]
		}
	}
	return nil
}

// helper is a call of something that belongs to a family.
type helper struct {
	family  *family
	name    string
	unknown bool // nothing of the contract, or not called with candles: a loop may stand in for it
}

// helpersIn are the calls in a code.
func helpersIn(words []word) []helper {
	var found []helper
	for i := 0; i+1 < len(words); i++ {
		if words[i].token != token.IDENT || words[i+1].token != token.LPAREN {
			continue
		}
		qualified := i >= 2 && words[i-1].token == token.PERIOD && words[i-2].is("indicators", "ta", "talib", "indicator")
		if !qualified && (i >= 1 && words[i-1].token == token.PERIOD || !hasVerb(words[i].text)) {
			continue
		}
		if f := familyOf(words[i].text); f != nil && f.helpers != nil {
			unknown := !slices.Contains(f.helpers, words[i].text) || i+2 < len(words) && isOwnSeries(words, words[i+2].text)
			found = append(found, helper{f, words[i].text, unknown})
		}
	}
	return found
}

func hasVerb(name string) bool {
	return slices.ContainsFunc([]string{"calculate", "compute", "calc", "detect", "get"}, func(verb string) bool {
		return strings.HasPrefix(strings.ToLower(name), verb)
	})
}

// isOwnSeries tells a variable that the code fills with numbers itself: no
// helper takes it.
func isOwnSeries(words []word, name string) bool {
	for i := 0; i+3 < len(words); i++ {
		if words[i].text != name || (words[i+1].token != token.DEFINE && words[i+1].token != token.ASSIGN) {
			continue
		}
		if words[i+2].is("append", "make") || words[i+2].token == token.LBRACK {
			return true
		}
	}
	return false
}

// lostFamilies are the families of helpers that only the failed code uses.
func lostFamilies(before, after *facts) []candidate.Diagnostic {
	var findings []candidate.Diagnostic
	var told []*family
	for _, h := range before.helpers {
		if slices.Contains(told, h.family) || after.hasFamily(h.family) || before.standsIn(h.family, after) {
			continue
		}
		told = append(told, h.family)
		findings = append(findings, candidate.Diagnostic{
			Message: fmt.Sprintf("the failed code uses the %s (%s), this one does not", h.family.name, h.name),
			Hint:    "keep it, with indicators." + strings.Join(h.family.helpers, " or indicators."),
		})
	}
	return findings
}

func (f *facts) hasFamily(wanted *family) bool {
	return slices.ContainsFunc(f.helpers, func(h helper) bool { return h.family == wanted })
}

// standsIn tells whether something else may have taken a family's place: the
// average volume a moving average of volumes; the code's own computation
// helpers that do not exist.
func (f *facts) standsIn(lost *family, after *facts) bool {
	volumes := slices.ContainsFunc(f.words, func(w word) bool {
		return w.token == token.IDENT && strings.Contains(strings.ToLower(w.text), "vol")
	})
	if lost.name == "MA" && volumes && slices.ContainsFunc(after.helpers, func(h helper) bool { return h.family.name == "average volume" }) {
		return true
	}
	all := !slices.ContainsFunc(f.helpers, func(h helper) bool { return h.family == lost && !h.unknown })
	computes := after.loops > f.loops || lost.name == "engulfing pattern" && after.reads("Open") && after.reads("Close")
	return all && computes
}

func (f *facts) reads(field string) bool {
	return slices.ContainsFunc(f.words, func(w word) bool { return w.text == field })
}

func loopsIn(words []word) (count int) {
	for _, w := range words {
		if w.token == token.FOR {
			count++
		}
	}
	return count
}
