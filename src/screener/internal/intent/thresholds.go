package intent

import (
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// thresholdsIn are the numbers that decide, also those kept in a variable. 0
// is none: it is as often a guard.
func thresholdsIn(words []word, comparisons []comparison) []string {
	values := map[string]string{}
	for i := 0; i+2 < len(words); i++ {
		if words[i].token == token.IDENT && (words[i+1].token == token.DEFINE || words[i+1].token == token.ASSIGN) &&
			(i+3 == len(words) || words[i+3].token == token.SEMICOLON) {
			values[words[i].text] = number(words[i+2])
		}
	}
	var found []string
	for _, c := range comparisons {
		if c.isPattern(words) {
			continue
		}
		for _, side := range [][]word{c.left, c.right} {
			for i, w := range side {
				value := number(w)
				if w.token == token.IDENT && (i == 0 || side[i-1].token != token.PERIOD) {
					value = values[w.text]
				}
				if value != "" && value != "0" && !inCall(side, i) && !slices.Contains(found, value) {
					found = append(found, value)
				}
			}
		}
	}
	return found
}

// isPattern tells the comparison of a pattern's name, which is no number, with
// whatever the failed code took it for.
func (c comparison) isPattern(words []word) bool {
	named := func(w word) bool {
		about := strings.ToLower(w.text)
		return strings.Contains(about, "engulf") || strings.Contains(about, "pattern")
	}
	return slices.ContainsFunc(c.left, named) || slices.ContainsFunc(c.right, named)
}

// number is a number in one notation, or "".
func number(w word) string {
	if w.token != token.INT && w.token != token.FLOAT {
		return ""
	}
	value, err := strconv.ParseFloat(strings.ReplaceAll(w.text, "_", ""), 64)
	if err != nil {
		return ""
	}
	return strconv.FormatFloat(value, 'g', -1, 64)
}

// numbersIn are all numbers that may be thresholds: not those of indices, of
// helpers' arguments, of loops and of checks of lengths.
func numbersIn(words []word) map[string]bool {
	numbers := map[string]bool{}
	lengths := guardNumbers(words)
	for i, w := range words {
		if value := number(w); value != "" && !lengths[i] && !inLoopHead(words, i) && !inHelperOrIndex(words, i) {
			numbers[value] = true
		}
	}
	return numbers
}

// inHelperOrIndex looks at the brackets around a word in its statement.
func inHelperOrIndex(words []word, at int) bool {
	depth := 0
	for i := at - 1; i > 0; i-- {
		switch words[i].token {
		case token.SEMICOLON, token.LBRACE:
			if depth == 0 {
				return false
			}
		case token.RPAREN, token.RBRACK:
			depth++
		case token.LPAREN:
			if depth--; depth < 0 {
				if i > 1 && words[i-2].token == token.PERIOD && words[i-1].token == token.IDENT {
					return true
				}
				depth = 0
			}
		case token.LBRACK:
			if depth--; depth < 0 {
				return true
			}
		}
	}
	return false
}

// guardNumbers are the places of numbers that lengths are compared with.
func guardNumbers(words []word) map[int]bool {
	places := map[int]bool{}
	bounds := countersIn(words)
	for i := range words {
		if !compares(words, i) {
			continue
		}
		c := comparison{operandBefore(words, i), operandAfter(words, i+1)}
		if c.guards(bounds) {
			for j := i - len(c.left); j <= i+len(c.right); j++ {
				places[j] = true
			}
		}
	}
	return places
}
