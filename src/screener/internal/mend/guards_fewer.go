package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// OptionalOlder is for strategies that take fewer candles where there are
// fewer: windows can do without the candles that are older than the chart.
const OptionalOlder = "older"

// takesFewer tells whether the strategy takes fewer candles where there are
// fewer.
func (g *guardian) takesFewer() bool { return slices.Contains(g.optional, OptionalOlder) }

// fewerWays are the guards for strategies that take fewer candles.
func (g *guardian) fewerWays(nativeError string) []guard {
	if g.takesFewer() && strings.Contains(nativeError, "out of range") {
		return []guard{guardFewer, guardNone}
	}
	return nil
}

// guardNone checks, before a statement that needs any candle at all, that there
// is one: the fewest that a strategy can take are not none.
func guardNone(g *guardian, statement ast.Stmt) *Change {
	if !g.takesReturn(statement) {
		return nil
	}
	needs := g.unchecked(statement, g.needsOf(statement, g.seriesNeeds))
	if slices.ContainsFunc(needs, func(n need) bool { return !n.isElement() }) || g.isOpen(statement, needs) {
		return nil
	}
	change := g.checkBefore(statement, needs)
	if change != nil {
		change.Guard = false
	}
	return change
}

// guardFewer lets a window begin at the first candle where the list is shorter
// than the window. Nothing else in the filter may count on the window's length.
func guardFewer(g *guardian, statement ast.Stmt) *Change {
	w := g.windowIn(statement)
	if w == nil {
		return nil
	}
	w = g.whole(w)
	checks, ok := g.hasAny(w)
	if !ok {
		return nil
	}
	if w.size != nil {
		if !g.isOnlySize(w) {
			return nil
		}
		most := "len(" + w.operand + ")"
		if w.behind > 0 {
			most = fmt.Sprintf("%s-%d", most, w.behind)
		}
		name := w.size.Name()
		cut := fmt.Sprintf("if %s > %s {\n\t%[1]s = %[2]s\n}\n", name, most)
		return g.takingFewer(w, name, append(checks, g.insert(w.before.Pos(), cut)))
	}
	others, ok := g.same(w)
	if !ok {
		return nil
	}
	start, edits := g.beginOf(w, others)
	counts, ok := g.recounted(w, others, start)
	if edits == nil || !ok {
		return nil
	}
	return g.takingFewer(w, fmt.Sprint(w.depth), slices.Concat(checks, edits, counts))
}

// takingFewer is a change by which a window is as long as its list allows.
func (g *guardian) takingFewer(w *window, depth string, edits []edit) *Change {
	message := fmt.Sprintf("%s may be shorter than %s: as many as there are count then", w.operand, depth)
	return changed(g.line(w.before.Pos()), message, edits...)
}

// hasAny makes sure that a window has an element at all: what has none does
// not match. ok is false where that is not certain.
func (g *guardian) hasAny(w *window) (edits []edit, ok bool) {
	n := need{kind: needLength, operand: w.operand, expr: w.list, key: w.key, least: w.behind + 1}
	for _, known := range g.knownAround(w.before) {
		if known.kind != needLength || known.key != w.key {
			continue
		}
		if w.size == nil && known.symbol == "" && known.least > w.depth/2 || known.symbol != "" {
			return nil, false // the filter asks for a length itself
		}
		ok = ok || known.least >= n.least
	}
	if ok || g.isRead(w.before, n) {
		return nil, true
	}
	if !g.takesReturn(w.before) || g.isOpen(w.before, []need{n}) {
		return nil, false
	}
	if e, raised := g.raise(w.before, n); raised {
		return []edit{e}, true
	}
	return []edit{g.insert(w.before.Pos(), giveUp([]need{n}))}, true
}

// knownAround is what is known before a statement, and before the functions
// around it of what lasts.
func (g *guardian) knownAround(statement ast.Stmt) []need {
	known := g.knownBefore(statement)
	for literal := g.literal(statement); literal != nil; literal = g.literal(literal) {
		for node := ast.Node(literal); node != nil; node = g.parents[node] {
			if s, ok := node.(ast.Stmt); ok {
				known = append(known, slices.DeleteFunc(g.knownBefore(s), func(n need) bool { return !n.lasting })...)
				break
			}
		}
	}
	return known
}

// isRead tells whether a statement before another fails where a need is not
// met.
func (g *guardian) isRead(statement ast.Stmt, n need) bool {
	return g.lasts(n.expr) && slices.ContainsFunc(g.before(statement), func(earlier ast.Stmt) bool {
		return ensured(g.needsOf(earlier, g.seriesNeeds), n)
	})
}

// beginOf is where a window begins, and the edits that let it begin at the
// first element where the list is shorter.
func (g *guardian) beginOf(w *window, others []*window) (start string, edits []edit) {
	if name, declaration := g.declaredStart(w); declaration != nil {
		if !g.isOnlyStart(name, others) {
			return "", nil
		}
		start = name.Name()
		return start, []edit{g.insert(declaration.End(), "\n"+strings.TrimSuffix(clamped(start), "\n"))}
	}
	start = g.fresh("start")
	edits = []edit{g.insert(w.before.Pos(), start+" := "+g.code(w.low)+"\n"+clamped(start))}
	for _, other := range others {
		edits = append(edits, g.replace(other.low, start))
	}
	return start, edits
}

func clamped(start string) string { return "if " + start + " < 0 {\n\t" + start + " = 0\n}\n" }

// declaredStart is the variable that holds a window's beginning, and the
// statement that declares it, if there is one.
func (g *guardian) declaredStart(w *window) (types.Object, ast.Stmt) {
	name, ok := w.low.(*ast.Ident)
	if !ok {
		return nil, nil
	}
	object := g.info.Uses[name]
	for node := range g.parents {
		if s, ok := node.(*ast.AssignStmt); ok && len(s.Lhs) == 1 && g.inList(s) == s {
			if left, ok := s.Lhs[0].(*ast.Ident); ok && object != nil && g.info.Defs[left] == object {
				return object, s
			}
		}
	}
	return nil, nil
}

// isOnlyStart tells whether a variable is used as the beginning of windows and
// for nothing else.
func (g *guardian) isOnlyStart(variable types.Object, windows []*window) bool {
	for use, object := range g.info.Uses {
		isLow := func(w *window) bool { return w.low == ast.Expr(use) || g.isRest(use, w) }
		if object == variable && !slices.ContainsFunc(windows, isLow) {
			return false
		}
	}
	return true
}

// isRest tells whether a name is taken from the length of a window's list.
func (g *guardian) isRest(use ast.Expr, w *window) bool {
	rest, ok := g.parents[use].(*ast.BinaryExpr)
	if !ok || rest.Op != token.SUB || rest.Y != use {
		return false
	}
	list := g.lengthOf(rest.X)
	return list != nil && g.isOneList(list, w.list)
}
