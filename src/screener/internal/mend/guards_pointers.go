package mend

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// guardPointers puts a check of all pointers that a statement looks into in
// any case before it. A helper's result that has no name gets one.
func guardPointers(g *guardian, statement ast.Stmt) *Change {
	if !g.takesReturn(statement) {
		return nil
	}
	needs := g.unchecked(statement, g.needsOf(statement, g.resultNeeds))
	naming, edits := "", []edit(nil)
	for _, named := range g.nameResults(statement) {
		naming += named.declaration
		needs = append(needs, named.need)
		edits = append(edits, named.edits...)
	}
	needs = withoutFilled(g.withChain(statement, needs, g.resultNeeds))
	if len(needs) == 0 {
		return nil
	}
	before := g.insert(g.inList(statement).Pos(), naming+giveUp(needs))
	return g.givingUp(statement, needs, append([]edit{before}, edits...))
}

// withoutFilled leaves out that the series of a result is not empty: helpers
// without an answer return nil.
func withoutFilled(needs []need) []need {
	return slices.DeleteFunc(slices.Clone(needs), func(n need) bool {
		of := func(p need) bool { return p.kind == needPointer && strings.HasPrefix(n.key, p.key+".") }
		return n.isElement() && slices.ContainsFunc(needs, of)
	})
}

// namedResult is a call that a variable takes the place of.
type namedResult struct {
	call        string // as written
	declaration string
	need        need
	edits       []edit
}

// nameResults names the results of helpers that a statement looks into
// directly. Helpers have no effects, so that calling them before the statement
// is the same.
func (g *guardian) nameResults(statement ast.Stmt) []namedResult {
	if _, isLoop := statement.(*ast.ForStmt); isLoop {
		return nil
	}
	var named []namedResult
	own := g.declaredBy(statement)
	for _, e := range g.heads(statement) {
		for _, part := range unconditional(e) {
			call, ok := g.pointed(part).(*ast.CallExpr)
			if ok && g.isPlainHelper(call) && !g.mentions(call, own) {
				named = g.nameResult(named, call)
			}
		}
	}
	return named
}

func (g *guardian) nameResult(named []namedResult, call *ast.CallExpr) []namedResult {
	text := g.code(call)
	for i := range named {
		if named[i].call == text {
			named[i].edits = append(named[i].edits, g.replace(call, named[i].need.operand))
			return named
		}
	}
	name := g.freeName(call)
	return append(named, namedResult{
		call:        text,
		declaration: name + " := " + text + "\n",
		need:        need{kind: needPointer, operand: name, expr: call, key: text},
		edits:       []edit{g.replace(call, name)},
	})
}

// isPlainHelper tells a call of a helper whose arguments are values that can
// be read at any time.
func (g *guardian) isPlainHelper(call *ast.CallExpr) bool {
	function, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	if pkg, ok := function.X.(*ast.Ident); !ok || pkg.Name != "indicators" || g.info.Types[pkg].IsValue() {
		return false
	}
	for _, argument := range call.Args {
		if _, ok := g.key(argument); !ok {
			return false
		}
	}
	return true
}

// prefixes say what a helper does, not what its result is.
var prefixes = []string{"Calculate", "GetLatest", "Get", "Detect"}

// freeName is a name for a helper's result: ema, or ema20 when there is one.
func (g *guardian) freeName(call *ast.CallExpr) string {
	about := call.Fun.(*ast.SelectorExpr).Sel.Name
	for _, prefix := range prefixes {
		if rest, found := strings.CutPrefix(about, prefix); found {
			about = rest
			break
		}
	}
	name := lowerFirst(about)
	if g.names[name] || token.IsKeyword(name) {
		for _, argument := range call.Args[1:] {
			if value := g.info.Types[argument].Value; value != nil {
				name += strings.NewReplacer(".", "", "-", "").Replace(value.ExactString())
				break
			}
		}
	}
	for g.names[name] {
		name += "Value"
	}
	g.names[name] = true
	return name
}

// lowerFirst writes a name as a variable's: EMA is ema, BollingerBands is
// bollingerBands.
func lowerFirst(name string) string {
	if strings.ToUpper(name) == name {
		return strings.ToLower(name)
	}
	return strings.ToLower(name[:1]) + name[1:]
}
