package mend

import (
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// saidNames are names of the ticker's fields that a strategy has to settle, in
// lower case: a change may be in money, a volume in coins.
var saidNames = map[string]func(s *source) string{
	"change": percentSaid, "change24h": percentSaid, "change24hr": percentSaid, "pricechange": percentSaid,
	"pricechange24h": percentSaid, "pricechange24hr": percentSaid, "dailychange": percentSaid, "daychange": percentSaid,
	"volume": moneySaid, "volume24h": moneySaid, "volume24hr": moneySaid, "vol24h": moneySaid, "dailyvolume": moneySaid,
	"totalvolume": moneySaid, "volumeusd": moneySaid, "volumeusdt": moneySaid,
	"turnover": moneySaid, "turnover24h": moneySaid,
}

// fieldMeant is the field that a name stands for, of itself or by what the
// strategy says.
func (s *source) fieldMeant(structure *types.Struct, name string) *types.Var {
	if field := fieldMeant(structure, name); field != nil {
		return field
	}
	says := saidNames[strings.ToLower(name)]
	if says == nil || structure == nil || fieldMeant(structure, "PriceChangePercent") == nil {
		return nil
	}
	return fieldMeant(structure, says(s))
}

var (
	clauseEnd  = regexp.MustCompile(`(?i)[,;:!?()\n]|\.(?:\s|$)|\b(?:and|but|with|while)\b`)
	percentage = regexp.MustCompile(`(?i)(\d+(?:\.\d+)?) ?(?:%|percent\b|pct\b)`)
	ofADay     = regexp.MustCompile(`(?i)\b24 ?(?:h|hrs?|hours?)\b|\b(?:today|ticker|change|daily (?:gain|loss|mov)\w*|(?:a|one|in|the|last) day)\b`)
	money      = regexp.MustCompile(`(?i)\$|\b(?:\d+(?:\.\d+)? ?[kmb]?n? ?)?(?:usdt?|dollars?|bucks|quote)\b|\bturnover\b`)
	traded     = regexp.MustCompile(`(?i)\b(?:volumes?|turnover|traded)\b`)
	inCoins    = regexp.MustCompile(`(?i)\b(?:coins|tokens|contracts|base)\b`)
)

// clauses are the parts of what the strategy says.
func (s *source) clauses() []string { return clauseEnd.Split(s.strategy, -1) }

// percentSaid is the change in percent where the strategy gives that of a day
// so, with a number that the code has too.
func percentSaid(s *source) string {
	found := ""
	for _, clause := range s.clauses() {
		if !ofADay.MatchString(clause) || traded.MatchString(clause) {
			continue
		}
		percent := percentage.FindStringSubmatch(clause)
		switch {
		case percent == nil && money.MatchString(clause):
			return ""
		case percent != nil && s.hasNumber(percent[1]):
			found = "PriceChangePercent"
		case percent != nil:
			return ""
		}
	}
	return found
}

// moneySaid is the volume in money where the strategy speaks of no other.
func moneySaid(s *source) string {
	found := ""
	for _, clause := range s.clauses() {
		switch {
		case !traded.MatchString(clause):
		case inCoins.MatchString(clause):
			return ""
		case money.MatchString(clause):
			found = "QuoteVolume"
		}
	}
	return found
}

// hasNumber tells whether the code has a number of that value.
func (s *source) hasNumber(text string) bool {
	want, err := strconv.ParseFloat(text, 64)
	return err == nil && slices.ContainsFunc(s.tokens, func(t tok) bool {
		value, err := strconv.ParseFloat(t.text, 64)
		return (t.kind == token.INT || t.kind == token.FLOAT) && err == nil && value == want
	})
}

var (
	deviations = regexp.MustCompile(`(?i)(\d+(?:\.\d+)?)(?: ?x)?[ -]?(?:standard[ -]deviations?|deviations?|std(?:[ .-]?dev)?s?|sigmas?|sds?|σ)(?:\W|$)|` +
		`\b(?:deviations?|std(?:[ .-]?dev)?|sigma|sd)(?: of| is|:| =)? (\d+(?:\.\d+)?)`)
	bandsOf = regexp.MustCompile(`(?i)\b(?:bb|bollinger(?: bands?)?)\W{0,2}(\d+) ?[/,;] ?(\d+(?:\.\d+)?)`)
)

// deviationSaid is the number of deviations that the strategy names for bands;
// "" when it names none, or several.
func (s *source) deviationSaid(period string) string {
	var said []string
	for _, match := range deviations.FindAllStringSubmatch(s.strategy, -1) {
		said = append(said, match[1]+match[2])
	}
	for _, match := range bandsOf.FindAllStringSubmatch(s.strategy, -1) {
		if match[1] != period {
			return ""
		}
		said = append(said, match[2])
	}
	slices.Sort(said)
	if said = slices.Compact(said); len(said) != 1 {
		return ""
	}
	return said[0]
}
