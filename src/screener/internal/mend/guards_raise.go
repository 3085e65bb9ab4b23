package mend

import "go/ast"

func (g *guardian) raiseCheck(statement ast.Stmt, needs []need) *Change { return nil }

func (g *guardian) unchecked(statement ast.Stmt, needs []need) []need { return needs }

func guardLoop(g *guardian, statement ast.Stmt) *Change            { return nil }
func guardLengthsInPlace(g *guardian, statement ast.Stmt) *Change  { return nil }
func guardPointers(g *guardian, statement ast.Stmt) *Change        { return nil }
func guardPointersInPlace(g *guardian, statement ast.Stmt) *Change { return nil }
func guardDivisorsInPlace(g *guardian, statement ast.Stmt) *Change { return nil }
func makeMap(g *guardian, statement ast.Stmt) *Change              { return nil }
