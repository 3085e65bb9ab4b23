package validate

import (
	"maps"
	"slices"
	"strings"
)

// verbs begin helper names and say little about what is meant.
var verbs = []string{"Calculate", "Compute", "GetLatest", "Get", "Detect", "Latest", "Is"}

// synonyms are subjects by names that the helpers do not use.
var synonyms = map[string]string{
	"sma": "ma", "movingaverage": "ma", "simplemovingaverage": "ma", "exponentialmovingaverage": "ema",
	"volumema": "avgvolume", "volumesma": "avgvolume", "averagevolume": "avgvolume", "volumeaverage": "avgvolume",
	"avgvol": "avgvolume", "volumeavg": "avgvolume", "smaseries": "maseries",
	"bb": "bollingerbands", "bollinger": "bollingerbands", "bands": "bollingerbands",
	"stoch": "stochastic", "stochasticoscillator": "stochastic",
	"high": "highesthigh", "highest": "highesthigh", "maxhigh": "highesthigh",
	"low": "lowestlow", "lowest": "lowestlow", "minlow": "lowestlow",
	"engulfing": "engulfingpattern", "bullishengulfing": "engulfingpattern", "bearishengulfing": "engulfingpattern",
	"bullishengulfingpattern": "engulfingpattern", "bearishengulfingpattern": "engulfingpattern",
}

// missingHelper points to the helper that was meant, when that is plain, and
// otherwise lists them all.
func missingHelper(match []string) string {
	names := slices.Sorted(maps.Keys(Helpers()))
	if found := nearest(match[1], names); found != "" {
		return helperUse([]string{"", found})
	}
	return "indicators has only " + strings.Join(names, ", ")
}

// nearest compares what names are about; among equals, the whole names.
func nearest(wanted string, names []string) string {
	about := subject(wanted)
	best, bestDistance := "", len(about)/4+1
	for _, name := range names {
		distance := editDistance(about, subject(name))
		closer := distance == bestDistance && best != "" &&
			editDistance(wanted, name) < editDistance(wanted, best)
		if distance < bestDistance || closer {
			best, bestDistance = name, distance
		}
	}
	return best
}

// subject is a helper's name without its verb, in lower case.
func subject(name string) string {
	for _, verb := range verbs {
		if len(name) > len(verb) && strings.EqualFold(name[:len(verb)], verb) {
			name = name[len(verb):]
		}
	}
	name = strings.ToLower(name)
	if usual, found := synonyms[name]; found {
		return usual
	}
	return name
}

// sameBeginning is the name that shares the most letters with another from the
// beginning on, at least four; "" when there is none, or more than one.
func sameBeginning(wanted string, names []string) string {
	best, longest := "", 3
	for _, name := range names {
		shared := 0
		for shared < min(len(name), len(wanted)) && strings.EqualFold(name[:shared+1], wanted[:shared+1]) {
			shared++
		}
		switch {
		case shared > longest:
			best, longest = name, shared
		case shared == longest:
			best = ""
		}
	}
	return best
}

// editDistance counts the letters to change, add or drop between two words.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
