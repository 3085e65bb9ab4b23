package mend

import "go/ast"

func guardLoop(g *guardian, statement ast.Stmt) *Change { return nil }
func makeMap(g *guardian, statement ast.Stmt) *Change   { return nil }
