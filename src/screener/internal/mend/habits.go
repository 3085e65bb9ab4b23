package mend

import (
	"go/token"
	"strconv"
	"strings"
)

// habits are other languages' ways to write what Go also has. The first do not
// even parse; they read tokens. The rest read types.
var habits = []rule{
	tags,
	entity,
	hashComment,
	singleQuotes,
	tripleEquals,
	otherNotEqual,
	assignedCondition,
	elseOnItsOwnLine,
	braceOnItsOwnLine,
	leadingOperator,
	wordOperator,
	notWord,
	prefixIncrement,
	declarationWord,
	typeBeforeName,
	method,
	helperFunction,
	foreignFunction,
	emptyList,
	spread,
	comprehension,
	listMethod,
	reduced,
	arrowFunction,
	whileLoop,
	commaLoop,
	threePartLoop,
	countedLoop,
	listLoop,
	bareBranch,
	reservedName,
	optional,
	intervalField,
	conditional,
	square,
	strayBrace,
	missingBrace,
	braceByIndentation,

	foreignConstant,
	letterAsText,
	chain,
	bitOperator,
	elementCall,
	changingConstant,
	lengthField,
	negativeIndex,
	rangeOverNumber,
	printing,
	mathNumber,
	seriesFunction,
	sliceFromEnd,
	pushed,
	mathFunction,
	packageFunction,
	duration,
	unusedLabel,
	lastValue,
	missingReturn,
	missingReturnInside,
}

// hashComment is # for //.
func hashComment(s *source) *Change {
	var edits []edit
	line := 0
	for _, t := range s.tokens {
		if t.kind == token.ILLEGAL && t.text == "#" && t.line != line {
			edits, line = append(edits, edit{t.from, t.to, "//"}), t.line
		}
	}
	return changed(lineOf(s, edits), "comments begin with //, not with #", edits...)
}

// singleQuotes is 'text' for "text". 'x' is a letter in Go, and stays.
func singleQuotes(s *source) *Change {
	var edits []edit
	for _, t := range s.tokens {
		if t.kind != token.CHAR || len(t.text) < 2 || !strings.HasSuffix(t.text, "'") {
			continue
		}
		content := t.text[1 : len(t.text)-1]
		if len([]rune(content)) == 1 || strings.Contains(content, `\`) {
			continue
		}
		edits = append(edits, edit{t.from, t.to, strconv.Quote(content)})
	}
	return changed(lineOf(s, edits), "text stands in double quotes", edits...)
}

// tripleEquals is === and !==.
func tripleEquals(s *source) *Change {
	var edits []edit
	for i, t := range s.tokens {
		before := s.at(i - 1)
		if t.kind == token.ASSIGN && t.from == before.to && (before.kind == token.EQL || before.kind == token.NEQ) {
			edits = append(edits, edit{t.from, t.to, ""})
		}
	}
	return changed(lineOf(s, edits), "=== is written ==, and !== is written !=", edits...)
}

// elseOnItsOwnLine is an else, or an elif, that does not follow its brace.
func elseOnItsOwnLine(s *source) *Change {
	var edits []edit
	for i, t := range s.tokens {
		brace := i - 1
		if s.at(brace).kind == token.SEMICOLON {
			brace--
		}
		if s.at(brace).kind != token.RBRACE || strings.TrimSpace(s.text[s.at(brace).to:t.from]) != "" {
			continue
		}
		switch {
		case t.is("elif", "elseif", "elsif"):
			edits = append(edits, edit{s.at(brace).to, t.to, " else if"})
		case t.kind == token.ELSE && brace < i-1:
			edits = append(edits, edit{s.at(brace).to, t.to, " else"})
		}
	}
	return changed(lineOf(s, edits), "else follows the brace before it", edits...)
}

// braceOnItsOwnLine is a block that begins on the line after its header.
func braceOnItsOwnLine(s *source) *Change {
	var edits []edit
	for i, t := range s.tokens {
		end := s.at(i - 1)
		if t.kind != token.LBRACE || end.kind != token.SEMICOLON || end.text != "\n" || i < 2 {
			continue
		}
		switch last := s.at(i - 2); s.at(s.start(i - 2)).kind {
		case token.IF, token.FOR, token.SWITCH, token.ELSE:
			if strings.TrimSpace(s.text[last.to:t.from]) == "" {
				edits = append(edits, edit{last.to, t.to, " {"})
				continue
			}
			edits = append(edits, edit{last.to, last.to, " {"}, edit{t.from, t.to, ""})
		}
	}
	return changed(lineOf(s, edits), "a { stands on the line of what it belongs to", edits...)
}

// leading are operators that no Go statement begins with.
var leading = map[token.Token]bool{
	token.LAND: true, token.LOR: true, token.EQL: true, token.NEQ: true, token.LSS: true, token.LEQ: true,
	token.GTR: true, token.GEQ: true, token.QUO: true, token.PERIOD: true,
}

// leadingOperator is an operator at the beginning of a line, which continues
// the line before. Go wants it at that line's end.
func leadingOperator(s *source) *Change {
	var edits []edit
	for i, t := range s.tokens {
		end := s.at(i - 1)
		if !leading[t.kind] || end.kind != token.SEMICOLON || end.text != "\n" || i < 2 {
			continue
		}
		operator := " " + t.text
		if t.kind == token.PERIOD {
			operator = "."
		}
		last := s.at(i - 2).to
		edits = append(edits, edit{last, last, operator}, edit{t.from, t.to, ""})
	}
	return changed(lineOf(s, edits), "a condition that goes on in the next line ends with its operator", edits...)
}

// prefixIncrement is ++x as a statement.
func prefixIncrement(s *source) *Change {
	for i, t := range s.tokens {
		if (t.kind != token.INC && t.kind != token.DEC) || !s.starts(i) {
			continue
		}
		end := i + 1
		for !endsStep(s.at(end).kind) {
			end++
		}
		if s.operand(end) == i+1 {
			after := s.at(end - 1).to
			return changed(t.line, t.text+" stands behind its variable", edit{t.from, t.to, ""}, edit{after, after, t.text})
		}
	}
	return nil
}

// endsStep tells what ends the last part of a loop's header, or a statement.
func endsStep(kind token.Token) bool {
	switch kind {
	case token.SEMICOLON, token.LBRACE, token.RBRACE, token.RPAREN, token.EOF:
		return true
	}
	return false
}

// lineOf is the line of the first of some edits.
func lineOf(s *source, edits []edit) int {
	if len(edits) == 0 {
		return 0
	}
	return 1 + strings.Count(s.text[:edits[0].from], "\n")
}
