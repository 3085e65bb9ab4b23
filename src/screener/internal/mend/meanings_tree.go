package mend

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// tree is how a body's nodes hang together.
type tree struct {
	parent  map[ast.Node]ast.Node
	idents  map[token.Pos]*ast.Ident
	uses    map[types.Object][]*ast.Ident // where a name is used, without its declaration
	unknown map[*ast.Ident]bool           // names that nothing declares
	ordered []ast.Node                    // as they are read
}

// tree is made once for each source.
func (s *source) tree() *tree {
	if s.nodes == nil {
		s.nodes = newTree(s)
	}
	return s.nodes
}

func newTree(s *source) *tree {
	t := &tree{map[ast.Node]ast.Node{}, map[token.Pos]*ast.Ident{}, map[types.Object][]*ast.Ident{}, map[*ast.Ident]bool{}, nil}
	var path []ast.Node
	ast.Inspect(s.file.Decls[len(s.file.Decls)-1], func(node ast.Node) bool {
		if node == nil {
			path = path[:len(path)-1]
			return true
		}
		if len(path) > 0 {
			t.parent[node] = path[len(path)-1]
		}
		path = append(path, node)
		t.ordered = append(t.ordered, node)
		if ident, ok := node.(*ast.Ident); ok {
			t.idents[ident.Pos()] = ident
			if object := s.info.Uses[ident]; object != nil {
				t.uses[object] = append(t.uses[object], ident)
			}
		}
		return true
	})
	for _, e := range s.errors {
		name, found := strings.CutPrefix(e.Msg, "undefined: ")
		if ident := t.idents[e.Pos]; found && ident != nil && ident.Name == name {
			t.unknown[ident] = true
		}
	}
	return t
}

// find returns the first change that a node of one kind leads to.
func find[N ast.Node](s *source, look func(node N) *Change) *Change {
	if s.file == nil {
		return nil
	}
	for _, node := range s.tree().ordered {
		if wanted, ok := node.(N); ok {
			if change := look(wanted); change != nil {
				return change
			}
		}
	}
	return nil
}

// around is a node's parent, and the child of it that the node is in, parentheses aside.
func (s *source) around(node ast.Node) (parent, child ast.Node) {
	parent, child = s.tree().parent[node], node
	for {
		paren, ok := parent.(*ast.ParenExpr)
		if !ok {
			return parent, child
		}
		parent, child = s.tree().parent[paren], paren
	}
}

// statement is the statement of a list that a node is in, or nil.
func (s *source) statement(node ast.Node) ast.Stmt {
	for node != nil {
		parent := s.tree().parent[node]
		if statement, ok := node.(ast.Stmt); ok && listOf(parent) != nil {
			return statement
		}
		node = parent
	}
	return nil
}

// outermost is the body's own statement that a node is in.
func (s *source) outermost(node ast.Node) ast.Stmt {
	for _, statement := range s.body() {
		if within(node, statement) {
			return statement
		}
	}
	return nil
}

// listOf is a block's or a case's statements.
func listOf(node ast.Node) []ast.Stmt {
	switch block := node.(type) {
	case *ast.BlockStmt:
		return block.List
	case *ast.CaseClause:
		return block.Body
	}
	return nil
}

// within tells whether one node is part of another.
func within(inner, outer ast.Node) bool {
	return outer.Pos() <= inner.Pos() && inner.End() <= outer.End()
}

// after is the edit that puts lines behind a statement, and behind a comment on its line.
func (s *source) after(statement ast.Stmt, text string) edit {
	at := s.offset(statement.End())
	rest, _, _ := strings.Cut(s.text[at:], "\n")
	if trimmed := strings.TrimSpace(rest); strings.HasPrefix(trimmed, "//") {
		at += len(rest)
	}
	return edit{at, at, "\n" + text}
}

// remove is the edit that takes a statement away, with the lines it has for itself.
func (s *source) remove(statement ast.Node) edit {
	from, to := s.offset(statement.Pos()), s.offset(statement.End())
	before := s.text[:from]
	lineStart := strings.LastIndexByte(before, '\n') + 1
	rest, _, ended := strings.Cut(s.text[to:], "\n")
	trimmed := strings.TrimSpace(rest)
	if strings.TrimSpace(before[lineStart:]) == "" && (trimmed == "" || strings.HasPrefix(trimmed, "//")) {
		from, to = lineStart, to+len(rest)
		if ended {
			to++
		}
	} else if strings.HasPrefix(trimmed, ";") {
		to += strings.IndexByte(rest, ';') + 1
	}
	return edit{from, to, ""}
}

// change is what a rule returns.
func (s *source) change(at ast.Node, message string, edits ...edit) *Change {
	return &Change{Line: s.line(at.Pos()), Message: message, edits: edits}
}
