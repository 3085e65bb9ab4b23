package mend

import (
	"cmp"
	"go/ast"
	"slices"
	"strings"

	"filtermend/screener/internal/validate"
)

// guard finds what keeps a statement from panicking, or nothing. Its edits are
// of the body.
type guard func(g *guardian, statement ast.Stmt) *Change

// guards are the ways to mend a panic, by what compiled Go says of it; the
// first that finds something is taken.
var guards = []struct {
	nativeError string
	ways        []guard
}{
	{"index out of range", []guard{guardMoved, guardBehind, guardLoop, guardTurnsInPlace, guardPlaces, guardLengths, guardLengthsInPlace, guardSeriesOfCases, callsOfSeries}},
	{"slice bounds out of range", []guard{guardLoop, guardPlaces, guardLengths, guardLengthsInPlace, guardSeriesOfCases, callsOfSeries}},
	{"makeslice", []guard{guardSizes, guardSizesInPlace, callsOfSizes}},
	{"nil pointer dereference", []guard{guardFallback, guardPointers, guardPointersInPlace, guardPointersOfCases, callsOfPointers}},
	{"integer divide by zero", []guard{guardStride, guardDivisors, guardDivisorsInPlace, guardDivisorsOfCases}},
	{"assignment to entry in nil map", []guard{makeMap, makeInnerMaps}},
	{EndlessLoop, []guard{endLoop, stepSkipped, guardStride, guardFlatStep}},
	{EndlessRecursion, []guard{endRecursion}},
}

// Guard mends a filter that panicked in the statement that begins on a line of
// the submission, with nativeError in Go's words; 0 is no line in particular.
// It returns the body alone, in gofmt's format, with one certain change; or the
// submission and no change.
//
// Runs that did not panic stay as they were. Those that did lacked data, so
// they do not match. (Reading behind the end of a slice, up to its capacity,
// also counts as lacking data.) Where they lacked data that the strategy can do
// without, the filter does without it.
func Guard(submission string, line int, nativeError string, optional ...string) (text string, change *Change) {
	if text, change = against(submission, line, nativeError, optional...); change == nil || change.isOpen {
		return submission, nil
	}
	return text, change
}

// against is Guard, with changes of which other readings are possible.
func against(submission string, line int, nativeError string, optional ...string) (text string, change *Change) {
	if g := newGuardian(submission); g != nil {
		g.optional = optional
		if text, change := g.mendedOn(line, nativeError); change != nil {
			return text, change
		}
	}
	return submission, nil
}

// mendedOn is the body with the statement guarded that begins on a line.
func (g *guardian) mendedOn(line int, nativeError string) (text string, change *Change) {
	for _, statement := range g.statementsOn(line) {
		if text, change := g.mended(statement, nativeError); change != nil {
			change.Line = line
			return text, change
		}
	}
	return "", nil
}

// mended is the body with a statement guarded against an error.
func (g *guardian) mended(statement ast.Stmt, nativeError string) (text string, change *Change) {
	ways := slices.Concat(g.fewerWays(nativeError), g.ways(nativeError))
	if change, isOptional := g.doWithout(statement, nativeError); isOptional {
		ways = []guard{guardFallback, func(*guardian, ast.Stmt) *Change { return change }}
	}
	for _, way := range ways {
		change := way(g, statement)
		if change == nil {
			continue
		}
		if report := validate.Check(apply(g.text, change.edits)); report.Valid {
			change.Line = g.line(statement.Pos())
			return report.NormalizedCode, change
		}
	}
	return "", nil
}

// GuardHint says how to make the change that Guard makes, or what is to be
// decided, and how the filter does without the data that it lacked, for
// strategies that want that; each is "" when it is not known.
func GuardHint(submission string, line int, nativeError string) (hint, without string) {
	_, change := against(submission, line, nativeError)
	switch {
	case change == nil:
		return hintOnly(submission, line, nativeError), ""
	case change.isOpen:
		return change.hint + ", unless the strategy wants something else then", change.without
	}
	return change.hint, change.without
}

// hintOnly is what is known of an error that no guard is for.
func hintOnly(submission string, line int, nativeError string) string {
	if g := newGuardian(submission); g != nil && strings.Contains(nativeError, "index out of range") {
		return cmp.Or(g.hintApart(line), g.hintRecursion(line))
	}
	return ""
}

// ways are the guards against an error. Go has no words of its own for what a
// filter says when it panics by itself.
func (g *guardian) ways(nativeError string) []guard {
	if nativeError == "" {
		return []guard{replacePanic, callsOfPanics}
	}
	for _, candidate := range guards {
		if strings.Contains(nativeError, candidate.nativeError) {
			return candidate.ways
		}
	}
	return nil
}

// guardLengths puts a check of all lengths that a statement needs in any case
// before it.
func guardLengths(g *guardian, statement ast.Stmt) *Change {
	if !g.takesReturn(statement) {
		return nil
	}
	needs := g.withChain(statement, g.needsOf(statement, g.seriesNeeds), g.seriesNeeds)
	if change := g.raiseCheck(statement, needs); change != nil {
		return change
	}
	return g.checkBefore(statement, needs)
}

// guardDivisors puts a check of all divisors before a statement.
func guardDivisors(g *guardian, statement ast.Stmt) *Change {
	if !g.takesReturn(statement) {
		return nil
	}
	return g.checkBefore(statement, g.withChain(statement, g.needsOf(statement, g.divisorNeeds), g.divisorNeeds))
}

// checkBefore inserts the check of what a statement needs.
func (g *guardian) checkBefore(statement ast.Stmt, needs []need) *Change {
	needs = g.unchecked(statement, needs)
	if len(needs) == 0 {
		return nil
	}
	if !slices.ContainsFunc(needs, g.isRequired) && g.isOfOneTurn(statement, needs) {
		return g.withoutTurn(statement, needs)
	}
	needs, edits := g.pullUp(statement, needs)
	return g.givingUp(statement, needs, append(edits, g.insert(g.inList(statement).Pos(), giveUp(needs))))
}

// givingUp is a change by which what lacks its data does not match.
func (g *guardian) givingUp(statement ast.Stmt, needs []need, edits []edit) *Change {
	problems := joined(needs, need.problem, ", ")
	return &Change{
		Message: problems + ": the filter does not match then",
		hint:    problems + ": before this line, if " + joined(needs, need.missing, " || ") + " { return false }",
		without: g.without(statement, needs),
		Guard:   true,
		isOpen:  g.isOpen(statement, needs) || !slices.ContainsFunc(needs, g.isRequired),
		edits:   edits,
	}
}

// giveUp is the statement that gives up when a need is not met.
func giveUp(needs []need) string {
	return "if " + joined(needs, need.missing, " || ") + " {\n\treturn false\n}\n"
}

func joined(needs []need, text func(need) string, between string) string {
	texts := make([]string, len(needs))
	for i, n := range needs {
		texts[i] = text(n)
	}
	return strings.Join(texts, between)
}
