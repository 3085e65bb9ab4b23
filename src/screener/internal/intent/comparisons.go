package intent

import (
	"fmt"
	"go/token"
	"slices"

	"filtermend/screener/internal/candidate"
)

// comparison is one that decides something, with the words on both sides.
type comparison struct{ left, right []word }

// comparisonsIn are the comparisons of a code but those that only look after
// data and counters: nil, lengths, loops.
func comparisonsIn(words []word) []comparison {
	var found []comparison
	bounds := countersIn(words)
	for i, w := range words {
		if !compares(words, i) || inLoopHead(words, i) {
			continue
		}
		right := i + 1
		if w.is("==", "!=") && right < len(words) && words[right].token == token.ASSIGN { // ===
			right++
		}
		c := comparison{operandBefore(words, i), operandAfter(words, right)}
		if !c.guards(bounds) {
			found = append(found, c)
		}
	}
	return found
}

// compares tells a comparison's sign; not that of an arrow.
func compares(words []word, i int) bool {
	switch words[i].token {
	case token.LSS, token.LEQ, token.GEQ, token.EQL, token.NEQ:
		return true
	case token.GTR:
		return i == 0 || words[i-1].token != token.ASSIGN
	}
	return false
}

// guards tells a comparison about nil, a length or a counter.
func (c comparison) guards(bounds map[string]bool) bool {
	for _, side := range [][]word{c.left, c.right} {
		if len(side) == 0 {
			return true
		}
		for i, w := range side {
			switch {
			case w.is("nil", "null", "None", "undefined"):
				return true
			case inCall(side, i):
			case w.is("len", "length"):
				return true
			case bounds[w.text] && (i+1 == len(side) || side[i+1].token != token.PERIOD) && (i == 0 || side[i-1].token != token.PERIOD):
				return true
			}
		}
	}
	return false
}

// countersIn are the variables that count: a loop's, and those that hold a length.
func countersIn(words []word) map[string]bool {
	counters := map[string]bool{}
	for i := 0; i+2 < len(words); i++ {
		if words[i].token == token.IDENT && words[i+1].token == token.DEFINE && (holdsLength(words[i+2:]) || counters[words[i+2].text]) {
			counters[words[i].text] = true
		}
		if words[i].token != token.FOR {
			continue
		}
		for i++; i+2 < len(words) && (words[i].token == token.LPAREN || declares(words[i])); {
			i++
		}
		if words[i].token == token.IDENT && (words[i+1].token == token.DEFINE || words[i+1].token == token.COMMA || words[i+1].token == token.ASSIGN) {
			counters[words[i].text] = true
		}
	}
	return counters
}

// holdsLength tells the length of a list there is from that of one which is
// chosen on the spot: that is a count.
func holdsLength(value []word) bool {
	return value[0].is("len") && (len(value) < 3 || value[2].token != token.FUNC)
}

// inLoopHead tells what stands between a for and its body.
func inLoopHead(words []word, at int) bool {
	for i := at; i >= 0; i-- {
		switch words[i].token {
		case token.LBRACE, token.RBRACE, token.IF, token.RETURN:
			return false
		case token.FOR:
			return true
		}
		if words[i].is("while") {
			return true
		}
	}
	return false
}

// ends tells the words that an operand cannot contain outside of brackets.
func ends(w word) bool {
	switch w.token {
	case token.LAND, token.LOR, token.LBRACE, token.RBRACE, token.SEMICOLON, token.COMMA, token.ASSIGN, token.DEFINE,
		token.RETURN, token.IF, token.FOR, token.SWITCH, token.CASE, token.COLON, token.NOT, token.ILLEGAL,
		token.LSS, token.LEQ, token.GTR, token.GEQ, token.EQL, token.NEQ:
		return true
	}
	return w.is("and", "or", "not")
}

func operandBefore(words []word, at int) []word {
	depth := 0
	for i := at - 1; i >= 0; i-- {
		switch words[i].token {
		case token.RPAREN, token.RBRACK:
			depth++
			continue
		case token.LPAREN, token.LBRACK:
			if depth--; depth < 0 {
				return words[i+1 : at]
			}
			continue
		}
		if depth == 0 && ends(words[i]) {
			return words[i+1 : at]
		}
	}
	return words[:at]
}

func operandAfter(words []word, at int) []word {
	depth := 0
	for i := at; i < len(words); i++ {
		switch words[i].token {
		case token.LPAREN, token.LBRACK:
			depth++
			continue
		case token.RPAREN, token.RBRACK:
			if depth--; depth < 0 {
				return words[at:i]
			}
			continue
		}
		if depth == 0 && ends(words[i]) {
			return words[at:i]
		}
	}
	return words[min(at, len(words)):]
}

// lostComparisons is when most of what decided is gone, or a number of it.
func lostComparisons(before, after *facts) []candidate.Diagnostic {
	var findings []candidate.Diagnostic
	if was, is := len(before.comparisons), len(after.comparisons); 2*is < was {
		findings = append(findings, candidate.Diagnostic{
			Message: fmt.Sprintf("the failed code compares %d times, this one only %d: conditions are gone", was, is),
			Hint:    "keep all conditions and mend only what is wrong",
		})
	}
	for _, number := range before.thresholds {
		if !after.numbers[number] {
			findings = append(findings, candidate.Diagnostic{
				Message: fmt.Sprintf("the failed code compares with %s, this one does not", number),
				Hint:    "keep the thresholds of the failed code as they are",
			})
		}
	}
	return findings
}

// inCall tells what stands inside brackets that follow a name: an index, or
// the arguments of a call.
func inCall(words []word, at int) bool {
	var open []bool
	for i, w := range words[:at] {
		switch w.token {
		case token.LPAREN, token.LBRACK:
			named := i > 0 && (words[i-1].token == token.IDENT || words[i-1].token == token.RBRACK)
			open = append(open, named)
		case token.RPAREN, token.RBRACK:
			open = open[:max(0, len(open)-1)]
		}
	}
	return slices.Contains(open, true)
}
