package mend

import (
	"go/types"
	"slices"
	"strings"
	"unicode"

	"filtermend/screener/internal/validate"
)

// verbs say that a helper computes something, which they all do.
var verbs = []string{"get", "latest", "calculate", "calculated", "calc", "compute", "computed", "detect", "current", "last", "fetch"}

// listings say that a helper has more than one value.
var listings = []string{"series", "values", "array", "slice", "list"}

// subjects are what helpers are about, by names that they do not have here.
var subjects = map[string]string{
	"sma": "ma", "movingaverage": "ma", "simplema": "ma", "simplemovingaverage": "ma", "movingavg": "ma",
	"exponentialma": "ema", "exponentialmovingaverage": "ema",
	"volumema": "avgvolume", "volumesma": "avgvolume", "mavolume": "avgvolume", "smavolume": "avgvolume",
	"averagevolume": "avgvolume", "volumeaverage": "avgvolume", "volumeavg": "avgvolume", "avgvol": "avgvolume",
	"volavg": "avgvolume", "volma": "avgvolume", "volsma": "avgvolume", "meanvolume": "avgvolume",
	"volumemovingaverage": "avgvolume", "movingaveragevolume": "avgvolume",
	"relativestrengthindex": "rsi", "volumeweightedaverageprice": "vwap",
	"movingaverageconvergencedivergence": "macd",
	"bb":                                 "bollingerbands", "bbands": "bollingerbands", "bollinger": "bollingerbands",
	"bollingerband": "bollingerbands",
	"stoch":         "stochastic", "stochasticoscillator": "stochastic", "stochoscillator": "stochastic",
	"highest": "highesthigh", "lowest": "lowestlow",
	"engulfing": "engulfingpattern", "engulfingcandle": "engulfingpattern",
}

// family is the helpers of one subject.
type family struct{ latest, series string }

// families of the helpers by subject.
func families() map[string]family {
	found := map[string]family{}
	for name, signature := range validate.Helpers() {
		about, _ := subjectOf(name)
		members := found[about]
		if isListing(signature.Results().At(0).Type()) {
			members.series = name
		} else {
			members.latest = name
		}
		found[about] = members
	}
	return found
}

// isListing is for a result that is a series or has series.
func isListing(result types.Type) bool {
	if structure := structOf(result); structure != nil && structure.NumFields() > 0 {
		return isSeries(structure.Field(0).Type())
	}
	return isSeries(result)
}

// subjectOf is what a helper's name is about, and whether it says latest or series.
func subjectOf(name string) (about, form string) {
	var kept []string
	for _, word := range words(name) {
		switch {
		case word == "latest" || word == "current" || word == "last":
			form = "latest"
		case slices.Contains(listings, word):
			form = "series"
		case !slices.Contains(verbs, word):
			kept = append(kept, word)
		}
	}
	about = strings.Join(kept, "")
	if usual, found := subjects[about]; found {
		about = usual
	}
	return about, form
}

// words of a name, in lower case: GetLatestEMA is get, latest, ema.
func words(name string) []string {
	var found []string
	start, letters := 0, []rune(name)
	for i := 1; i <= len(letters); i++ {
		if i < len(letters) && !beginsWord(letters, i) {
			continue
		}
		if word := strings.ToLower(strings.Trim(string(letters[start:i]), "_")); word != "" {
			found = append(found, word)
		}
		start = i
	}
	return found
}

// beginsWord tells whether the letter at i is the first of a word.
func beginsWord(letters []rune, i int) bool {
	if letters[i-1] == '_' {
		return true
	}
	if !unicode.IsUpper(letters[i]) {
		return false
	}
	return !unicode.IsUpper(letters[i-1]) || (i+1 < len(letters) && unicode.IsLower(letters[i+1]))
}
