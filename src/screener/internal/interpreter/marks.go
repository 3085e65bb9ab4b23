package interpreter

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

const (
	marksPath = "filtermend/screener/marks"
	marksName = "marks__"
	clause    = "package main;"
)

// edit is text to insert at an offset.
type edit struct {
	offset int
	text   string
}

// mark puts before each statement of a program, on the statement's own line,
// an assignment of that line's number.
func mark(program string) (string, error) {
	rest, found := strings.CutPrefix(program, clause)
	if !found {
		return "", fmt.Errorf("mark statements: the program does not begin with %q", clause)
	}
	program = clause + fmt.Sprintf(" import %s %q;", marksName, marksPath) + rest
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", program, parser.SkipObjectResolution)
	if err != nil {
		return "", fmt.Errorf("mark statements: %w", err)
	}
	var edits []edit
	ast.Inspect(file, func(node ast.Node) bool {
		edits = append(edits, marksFor(fset, node)...)
		return true
	})
	return insert(program, edits), nil
}

// marksFor are the marks inside one node: in front of each statement of a
// list, and of the condition of an else-if, which needs a block for that.
func marksFor(fset *token.FileSet, node ast.Node) []edit {
	before := func(statement ast.Stmt, opening string) edit {
		at := fset.PositionFor(statement.Pos(), false)
		return edit{at.Offset, fmt.Sprintf("%s%s.At.Line = %d; ", opening, marksName, at.Line)}
	}
	var list []ast.Stmt
	switch node := node.(type) {
	case *ast.BlockStmt:
		list = node.List
	case *ast.CaseClause:
		list = node.Body
	case *ast.CommClause:
		list = node.Body
	case *ast.IfStmt:
		if chained, ok := node.Else.(*ast.IfStmt); ok {
			end := fset.PositionFor(chained.End(), false).Offset
			return []edit{before(chained, "{ "), {end, " }"}}
		}
	}
	var edits []edit
	for _, statement := range list {
		if !isClause(statement) {
			edits = append(edits, before(statement, ""))
		}
	}
	return edits
}

// isClause tells the parts of a switch or select, which only look like statements of a block.
func isClause(statement ast.Stmt) bool {
	switch statement.(type) {
	case *ast.CaseClause, *ast.CommClause:
		return true
	}
	return false
}

func insert(program string, edits []edit) string {
	slices.SortStableFunc(edits, func(a, b edit) int { return a.offset - b.offset })
	var marked strings.Builder
	done := 0
	for _, e := range edits {
		marked.WriteString(program[done:e.offset])
		marked.WriteString(e.text)
		done = e.offset
	}
	marked.WriteString(program[done:])
	return marked.String()
}
