package mend

import (
	"go/ast"
	"go/types"

	"filtermend/screener/internal/validate"
)

// guardian knows a filter that compiles: how its nodes hang together and what
// its variables are set to.
type guardian struct {
	*source
	parents  map[ast.Node]ast.Node
	first    map[types.Object]ast.Expr // what a variable is declared with, if that is one expression
	changed  map[types.Object]bool     // set again after its declaration, or by others
	shared   map[types.Object]bool     // changed inside a function literal
	names    map[string]bool           // all that are in use
	reading  reading                   // which reads of series are looked at
	optional []string                  // data that the strategy can do without
}

// newGuardian is nil for what does not compile, and for filters that recover
// from panics: these may count on them.
func newGuardian(submission string) *guardian {
	g := &guardian{
		source:  analyse(submission, validate.Report{}),
		parents: map[ast.Node]ast.Node{},
		first:   map[types.Object]ast.Expr{},
		changed: map[types.Object]bool{},
		shared:  map[types.Object]bool{},
		names:   map[string]bool{},
	}
	if g.file == nil || len(g.errors) > 0 {
		return nil
	}
	g.text = g.candidate.Body()
	g.connect()
	if g.names["recover"] {
		return nil
	}
	return g
}

// connect notes parents, names and variables.
func (g *guardian) connect() {
	var path []ast.Node
	ast.Inspect(g.file, func(node ast.Node) bool {
		if node == nil {
			path = path[:len(path)-1]
			return true
		}
		if len(path) > 0 {
			g.parents[node] = path[len(path)-1]
		}
		path = append(path, node)
		g.noteVariables(node)
		return true
	})
}

// root is the variable that a chain of fields and elements begins with.
func (g *guardian) root(e ast.Expr) types.Object {
	switch e := e.(type) {
	case *ast.Ident:
		if object := g.info.Uses[e]; object != nil {
			return object
		}
		return g.info.Defs[e]
	case *ast.SelectorExpr:
		return g.root(e.X)
	case *ast.IndexExpr:
		return g.root(e.X)
	case *ast.SliceExpr:
		return g.root(e.X)
	case *ast.StarExpr:
		return g.root(e.X)
	case *ast.ParenExpr:
		return g.root(e.X)
	}
	return nil
}

// literal is the innermost function literal around a node, or nil.
func (g *guardian) literal(node ast.Node) *ast.FuncLit {
	for node = g.parents[node]; node != nil; node = g.parents[node] {
		if literal, ok := node.(*ast.FuncLit); ok {
			return literal
		}
	}
	return nil
}

// statementsOn are the statements that begin on a line, and after them the
// loops around: their conditions run after their bodies, which is where the
// line was noted last.
func (g *guardian) statementsOn(line int) []ast.Stmt {
	if line == 0 {
		return g.body()[:min(1, len(g.body()))]
	}
	var found, loops []ast.Stmt
	for _, statement := range g.body() {
		ast.Inspect(statement, func(node ast.Node) bool {
			if s, ok := node.(ast.Stmt); ok && g.line(s.Pos()) == line && g.isStatement(s) {
				found = append(found, s)
			}
			if loop, ok := node.(*ast.ForStmt); ok && g.line(loop.Body.Pos()) <= line && line <= g.line(loop.Body.End()) {
				loops = append(loops, loop)
			}
			return true
		})
	}
	return append(found, loops...)
}

// isStatement tells what stands in a list, or after an else.
func (g *guardian) isStatement(s ast.Stmt) bool {
	switch s.(type) {
	case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
		return false
	}
	return g.inList(s) != nil || g.isElse(s)
}

// isElse tells an else-if from other ifs.
func (g *guardian) isElse(s ast.Stmt) bool {
	outer, ok := g.parents[s].(*ast.IfStmt)
	return ok && outer.Else == s
}

// inList is a statement as it stands in its block: with its label. It is nil
// for those that stand in no list.
func (g *guardian) inList(s ast.Stmt) ast.Stmt {
	switch parent := g.parents[s].(type) {
	case *ast.LabeledStmt:
		return g.inList(parent)
	case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
		return s
	}
	return nil
}

// takesReturn tells where `return false` can be put before a statement.
func (g *guardian) takesReturn(s ast.Stmt) bool {
	return g.inList(s) != nil && g.takesFalse(s)
}
