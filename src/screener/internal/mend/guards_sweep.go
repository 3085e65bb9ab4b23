package mend

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// sweep guards one statement after the other.
type sweep struct {
	Reported
	optional []string
	text     string
	changes  []Change
	done     int      // how many letters of the text are behind it
	said     []string // the changes for the statement it has come to
	isOpen   bool
}

// next makes the next change; false when there is none.
func (s *sweep) next() bool {
	g := newGuardian(s.text)
	if g == nil {
		return false
	}
	g.reading, g.optional = s.reading(), s.optional
	at, offset := 0, 0
	for _, statement := range g.statements() {
		before := offset
		offset = g.offset(statement.Pos())
		if at += letters(g.text[before:offset]); at < s.done {
			continue
		}
		if at > s.done {
			s.done, s.said = at, nil
		}
		text, change := g.mended(statement, s.NativeError)
		if change == nil || slices.Contains(s.said, change.Message) {
			if s.isOpen = g.isUnmet(statement, s.NativeError, s.said); s.isOpen {
				return false
			}
			s.done++
			continue
		}
		if s.isOpen = change.isOpen; s.isOpen {
			return false
		}
		s.done += grown(g.text, change.edits, offset)
		s.text, s.changes, s.said = text, append(s.changes, *change), append(s.said, change.Message)
		return true
	}
	return false
}

// grown is by how many letters edits move what stands at an offset.
func grown(text string, edits []edit, at int) int {
	more := 0
	for _, e := range edits {
		if e.to <= at {
			more += letters(e.text) - letters(text[e.from:e.to])
		}
	}
	return more
}

// statements are all statements, in the order of the text.
func (g *guardian) statements() []ast.Stmt {
	var found []ast.Stmt
	for _, statement := range g.body() {
		ast.Inspect(statement, func(node ast.Node) bool {
			if s, ok := node.(ast.Stmt); ok && g.isStatement(s) {
				found = append(found, s)
			}
			return true
		})
	}
	return found
}

// isUnmet tells whether a statement has needs that neither its surroundings
// nor the changes that were made for it see to.
func (g *guardian) isUnmet(statement ast.Stmt, nativeError string, said []string) bool {
	find := g.finderOf(nativeError)
	if find == nil {
		return false
	}
	known := g.knownBefore(statement)
	for _, head := range g.heads(statement) {
		for _, p := range g.parts(head, token.ILLEGAL, known, true) {
			for _, n := range g.needsIn(p.expr, find) {
				isSaid := slices.ContainsFunc(said, func(message string) bool { return strings.Contains(message, n.problem()) })
				if !isSaid && !ensured(p.known, n) {
					return true
				}
			}
		}
	}
	return false
}

// finderOf finds the needs whose lack leads to an error.
func (g *guardian) finderOf(nativeError string) finder {
	switch nativeError {
	case "index out of range", "slice bounds out of range":
		return g.lengthNeeds
	case "makeslice":
		return g.sizeNeeds
	case "nil pointer dereference":
		return g.pointerNeeds
	case "integer divide by zero":
		return g.divisorNeeds
	}
	return nil
}
