package mend

import (
	"go/ast"
	"go/token"
	"go/types"
)

// use is what a value is used as.
type use int

const (
	otherwise  use = iota
	number         // calculated with, compared with a number
	checked        // compared with nil
	starred        // dereferenced
	lastOf         // x[len(x)-1], and the x in that len
	series         // indexed by its own length, measured, ranged over
	misaligned     // indexed by another length: a series is shorter than its candles
	member         // a field of it is used
	text           // compared with a string
	condition      // used as true or false
)

// occurrences are an expression, or, when a variable is declared with it and
// never assigned again, that variable's uses. Each stands without parentheses
// around it.
func (s *source) occurrences(expr ast.Expr) []ast.Expr {
	name := s.declaredWith(expr)
	if name == nil {
		return []ast.Expr{expr}
	}
	var found []ast.Expr
	for _, ident := range s.tree().uses[s.info.Defs[name]] {
		found = append(found, ident)
	}
	return found
}

// declaredWith is the variable that an expression is the only value of, or nil.
func (s *source) declaredWith(expr ast.Expr) *ast.Ident {
	parent, child := s.around(expr)
	var names, values []ast.Expr
	switch declaration := parent.(type) {
	case *ast.AssignStmt:
		if declaration.Tok != token.DEFINE {
			return nil
		}
		names, values = declaration.Lhs, declaration.Rhs
	case *ast.ValueSpec:
		if declaration.Type != nil {
			return nil
		}
		for _, name := range declaration.Names {
			names = append(names, name)
		}
		values = declaration.Values
	}
	for i, value := range values {
		if value != child || i >= len(names) {
			continue
		}
		name, ok := names[i].(*ast.Ident)
		if !ok || s.info.Defs[name] == nil || s.assigned(s.info.Defs[name]) {
			return nil
		}
		return name
	}
	return nil
}

// assigned tells whether a variable gets another value after its declaration,
// or may get it elsewhere because its address is taken.
func (s *source) assigned(variable types.Object) bool {
	for _, ident := range s.tree().uses[variable] {
		if s.written(ident) {
			return true
		}
	}
	return false
}

func (s *source) written(ident *ast.Ident) bool {
	parent, child := s.around(ident)
	switch node := parent.(type) {
	case *ast.AssignStmt:
		for _, name := range node.Lhs {
			if name == child {
				return true
			}
		}
	case *ast.IncDecStmt:
		return true
	case *ast.UnaryExpr:
		return node.Op == token.AND
	case *ast.RangeStmt:
		return node.Key == child || node.Value == child
	}
	return false
}

// useOf tells what one occurrence is used as.
func (s *source) useOf(expr ast.Expr) use {
	parent, child := s.around(expr)
	switch node := parent.(type) {
	case *ast.BinaryExpr:
		return s.useInOperation(node, child)
	case *ast.UnaryExpr:
		switch node.Op {
		case token.SUB, token.ADD:
			return number
		case token.NOT:
			return condition
		}
	case *ast.StarExpr:
		return starred
	case *ast.IndexExpr:
		if node.X == child {
			return s.useAsList(node)
		}
	case *ast.SliceExpr:
		if node.X == child {
			return series
		}
	case *ast.RangeStmt:
		return series
	case *ast.SelectorExpr:
		return member
	case *ast.IfStmt, *ast.ForStmt:
		return condition
	case *ast.CallExpr:
		return s.useAsArgument(node, child)
	}
	return useAs(s.wanted(parent, child))
}

func (s *source) useAsList(index *ast.IndexExpr) use {
	switch {
	case s.isLastIndex(index):
		return lastOf
	case s.isOwnIndex(index):
		return series
	}
	return misaligned
}

func (s *source) useInOperation(operation *ast.BinaryExpr, operand ast.Node) use {
	other := operation.X
	if other == operand {
		other = operation.Y
	}
	if s.isNil(other) {
		return checked
	}
	equality := operation.Op == token.EQL || operation.Op == token.NEQ
	switch kind := s.info.TypeOf(other); {
	case operation.Op == token.LAND || operation.Op == token.LOR:
		return condition
	case isString(kind):
		return text
	case isBoolean(kind), equality && isPointer(kind):
		return otherwise
	}
	return number
}

func (s *source) useAsArgument(call *ast.CallExpr, argument ast.Node) use {
	if call.Fun == argument {
		return otherwise
	}
	if function, ok := call.Fun.(*ast.Ident); ok && function.Name == "len" {
		parent, _ := s.around(call)
		if minus, ok := parent.(*ast.BinaryExpr); ok {
			if index, ok := s.tree().parent[minus].(*ast.IndexExpr); ok && s.isLastIndex(index) {
				return lastOf
			}
		}
		return series
	}
	return useAs(s.wanted(call, argument))
}

// useAs is the use of a value where a type is wanted.
func useAs(wanted types.Type) use {
	switch {
	case wanted == nil:
		return otherwise
	case isNumber(wanted):
		return number
	case isSeries(wanted):
		return series
	}
	return otherwise
}

// isNil tells whether an expression is the word nil.
func (s *source) isNil(expr ast.Expr) bool {
	ident, ok := ast.Unparen(expr).(*ast.Ident)
	return ok && s.info.Uses[ident] == types.Universe.Lookup("nil")
}
