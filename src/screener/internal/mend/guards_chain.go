package mend

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// endChain ends a function that goes from one interval to the next by a map,
// and behind the last calls itself for no interval for ever: without the next
// it has no result. A run that ended did not come behind the last, because no
// interval without a name has candles.
func (g *guardian) endChain(call *ast.CallExpr, literal *ast.FuncLit) *Change {
	answer, ok := g.parents[call].(*ast.ReturnStmt)
	if !ok || len(answer.Results) != 1 || len(call.Args) != 1 || g.parents[answer] != literal.Body {
		return nil
	}
	step, ok := call.Args[0].(*ast.IndexExpr)
	if !ok || !g.mayBeNil(literal) || !g.isChain(step) {
		return nil
	}
	key, ok := step.Index.(*ast.Ident)
	if !ok || g.info.Uses[key] != g.onlyParameter(literal) || g.changed[g.info.Uses[key]] || !g.endsWithCandles(literal, answer, key) {
		return nil
	}
	message := fmt.Sprintf("%s has no next one for the last: then there is none", g.code(step.X))
	return &Change{
		Message: message,
		hint:    message,
		Guard:   true,
		edits:   []edit{g.insert(answer.Pos(), "if _, ok := "+g.code(step)+"; !ok {\n\treturn nil\n}\n")},
	}
}

// mayBeNil tells a function whose result is a list or a pointer.
func (g *guardian) mayBeNil(literal *ast.FuncLit) bool {
	if literal.Type.Results.NumFields() != 1 {
		return false
	}
	switch g.info.TypeOf(literal.Type.Results.List[0].Type).Underlying().(type) {
	case *types.Slice, *types.Pointer:
		return true
	}
	return false
}

// isChain tells an element of a map from names to names that stays as it is
// written, and has none for no name.
func (g *guardian) isChain(step *ast.IndexExpr) bool {
	name, ok := step.X.(*ast.Ident)
	if !ok || g.changed[g.info.Uses[name]] {
		return false
	}
	literal, ok := g.first[g.info.Uses[name]].(*ast.CompositeLit)
	if !ok {
		return false
	}
	if kind, isMap := g.info.TypeOf(literal).Underlying().(*types.Map); !isMap || !isString(kind.Key()) || !isString(kind.Elem()) {
		return false
	}
	for _, element := range literal.Elts {
		key := g.info.Types[element.(*ast.KeyValueExpr).Key].Value
		if key == nil || constant.StringVal(key) == "" {
			return false
		}
	}
	return true
}

// onlyParameter is the parameter of a function that has one.
func (g *guardian) onlyParameter(literal *ast.FuncLit) types.Object {
	if parameters := literal.Type.Params.List; len(parameters) == 1 && len(parameters[0].Names) == 1 {
		return g.info.Defs[parameters[0].Names[0]]
	}
	return nil
}

// endsWithCandles tells whether all that a function does before an answer is to
// take an interval's candles, and to answer when there are some.
func (g *guardian) endsWithCandles(literal *ast.FuncLit, answer ast.Stmt, interval *ast.Ident) bool {
	for _, statement := range g.before(answer) {
		switch s := statement.(type) {
		case *ast.AssignStmt:
			if len(s.Rhs) != 1 || s.Tok != token.DEFINE || !g.isCandlesOf(s.Rhs[0], interval) {
				return false
			}
		case *ast.IfStmt:
			if s.Init != nil || s.Else != nil || !g.asksForCandles(s.Cond, interval) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// isCandlesOf tells an interval's candles, of a variable or the market data.
func (g *guardian) isCandlesOf(e ast.Expr, interval *ast.Ident) bool {
	if name, ok := e.(*ast.Ident); ok && !g.changed[g.info.Uses[name]] && g.first[g.info.Uses[name]] != nil {
		e = g.first[g.info.Uses[name]]
	}
	element, ok := e.(*ast.IndexExpr)
	return ok && isMarket(g.info.TypeOf(element.X)) && g.root(element.Index) == g.root(interval)
}

// asksForCandles tells a condition that no interval without candles meets.
func (g *guardian) asksForCandles(condition ast.Expr, interval *ast.Ident) bool {
	for _, part := range operands(condition, token.LAND) {
		comparison, ok := ast.Unparen(part).(*ast.BinaryExpr)
		if !ok || g.lengthOf(comparison.X) == nil || !g.isCandlesOf(g.lengthOf(comparison.X), interval) {
			continue
		}
		least, ok := g.linear(comparison.Y)
		isAny := comparison.Op == token.GEQ && least.number > 0 || comparison.Op == token.GTR && least.number >= 0
		if ok && len(least.terms) == 0 && isAny {
			return true
		}
	}
	return false
}
