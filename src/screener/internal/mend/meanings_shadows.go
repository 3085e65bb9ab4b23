package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// shadowed finds := in an inner block for a variable that is declared around
// it, where nothing reads the new one: the outer one gets the value.
func shadowed(s *source) *Change {
	if s.file == nil {
		return nil
	}
	var first *ast.Ident
	var edits []edit
	for _, node := range s.tree().ordered {
		name, ok := node.(*ast.Ident)
		if !ok || !s.servesNothing(name) || s.outerOf(name) == nil {
			continue
		}
		more := s.assignOuter(name)
		if more == nil || overlap(edits, more[0]) {
			continue
		}
		if first == nil {
			first = name
		}
		edits = append(edits, more...)
	}
	if first == nil {
		return nil
	}
	return s.change(first, fmt.Sprintf("%s is declared before this block: it gets a value with =", first.Name), edits...)
}

// assignOuter is the edits that make a declaration an assignment. What else it
// declares is declared before it.
func (s *source) assignOuter(name *ast.Ident) []edit {
	assignment := s.tree().parent[name].(*ast.AssignStmt)
	edits := []edit{s.token(assignment, "=")}
	for _, other := range assignment.Lhs {
		ident, ok := other.(*ast.Ident)
		if !ok {
			return nil
		}
		declared := s.info.Defs[ident]
		if ident.Name == "_" || declared == nil || s.servesNothing(ident) && s.outerOf(ident) != nil {
			continue
		}
		typ := s.typeText(declared.Type())
		if typ == "" || s.isUnused(s.info.Defs[ident]) {
			return nil
		}
		edits = append(edits, s.insert(assignment.Pos(), "var "+ident.Name+" "+typ+"\n"))
	}
	return edits
}

// servesNothing tells names that are declared and only read for their own next value.
func (s *source) servesNothing(name *ast.Ident) bool {
	variable := s.info.Defs[name]
	if variable == nil || s.isUnused(variable) {
		return variable != nil
	}
	for _, used := range s.tree().uses[variable] {
		switch step := s.statement(used).(type) {
		case *ast.IncDecStmt:
			continue
		case *ast.AssignStmt:
			if len(step.Lhs) == 1 && s.code(step.Lhs[0]) == name.Name && s.functionOf(step) == s.functionOf(name) {
				continue
			}
		}
		return false
	}
	return len(s.tree().uses[variable]) > 0
}

// outerOf is the variable of the same function that a declaration in a block
// hides, when it takes the value and is read later; nil otherwise.
func (s *source) outerOf(name *ast.Ident) types.Object {
	inner := s.info.Defs[name]
	assignment, ok := s.tree().parent[name].(*ast.AssignStmt)
	if !ok || inner == nil || inner.Parent() == nil || assignment.Tok != token.DEFINE || listOf(s.tree().parent[assignment]) == nil {
		return nil
	}
	_, found := inner.Parent().Parent().LookupParent(name.Name, name.Pos())
	outer, ok := found.(*types.Var)
	if !ok || s.tree().idents[outer.Pos()] == nil || s.functionOf(name) != s.functionOf(s.tree().idents[outer.Pos()]) {
		return nil
	}
	if !s.takesValue(outer, assignment, name) || !s.gathers(outer, assignment) {
		return nil
	}
	for _, used := range s.tree().uses[outer] {
		if !s.written(used) && !within(used, assignment) && s.mayFollow(used, assignment, outer) {
			return outer
		}
	}
	return nil
}

// takesValue tells whether a variable can have what a declaration gives to a name.
func (s *source) takesValue(outer types.Object, assignment *ast.AssignStmt, name *ast.Ident) bool {
	if types.Identical(outer.Type(), s.info.Defs[name].Type()) {
		return true
	}
	if len(assignment.Lhs) != 1 || len(assignment.Rhs) != 1 || !isFloat(outer.Type()) {
		return false
	}
	_, isNumber := numberLiteral(assignment.Rhs[0])
	return isNumber
}

// gathers tells variables that take up what is found on the way: a number, a
// text or a truth, what has no value yet, or what the new value is made from.
func (s *source) gathers(outer types.Object, assignment *ast.AssignStmt) bool {
	if _, isBasic := under(outer.Type()).(*types.Basic); isBasic {
		return true
	}
	for _, used := range s.tree().uses[outer] {
		if within(used, assignment) {
			return true
		}
	}
	spec, ok := s.tree().parent[s.tree().idents[outer.Pos()]].(*ast.ValueSpec)
	return ok && len(spec.Values) == 0
}

// functionOf is the function's value that a node is in; nil for the filter's own.
func (s *source) functionOf(node ast.Node) *ast.FuncLit {
	for ; node != nil; node = s.tree().parent[node] {
		if literal, ok := node.(*ast.FuncLit); ok {
			return literal
		}
	}
	return nil
}

// mayFollow tells whether what uses a variable may run after a statement: it
// stands behind it, in a loop around both, or in a function of its own.
func (s *source) mayFollow(used *ast.Ident, statement ast.Stmt, variable types.Object) bool {
	if used.Pos() > statement.End() || s.functionOf(used) != s.functionOf(statement) {
		return true
	}
	for node := s.tree().parent[statement]; node != nil && node.Pos() > variable.Pos(); node = s.tree().parent[node] {
		switch node.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if within(used, node) {
				return true
			}
		}
	}
	return false
}
