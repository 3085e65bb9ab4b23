package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// extraResult finds a helper that is asked for an error or an ok beside its
// value. Whether the value is there says the same.
func extraResult(s *source) *Change {
	return find(s, func(assignment *ast.AssignStmt) *Change {
		if len(assignment.Lhs) != 2 || len(assignment.Rhs) != 1 {
			return nil
		}
		call, ok := ast.Unparen(assignment.Rhs[0]).(*ast.CallExpr)
		value, isName := assignment.Lhs[0].(*ast.Ident)
		extra, isName2 := assignment.Lhs[1].(*ast.Ident)
		if !ok || !isName || !isName2 || value.Name == "_" {
			return nil
		}
		helper, signature := s.helper(call)
		if helper == "" {
			return nil
		}
		edits, understood := s.withoutExtra(assignment, value, extra, signature.Results().At(0).Type())
		if !understood {
			return nil
		}
		edits = append(edits, edit{s.offset(value.End()), s.offset(extra.End()), ""})
		if assignment.Tok == token.DEFINE && s.info.Defs[value] == nil {
			edits = append(edits, edit{s.offset(assignment.TokPos), s.offset(assignment.TokPos) + 2, "="})
		}
		return s.change(assignment, helper+" returns one value", edits...)
	})
}

// withoutExtra is the edits that ask the value instead of the second result;
// false when something else is done with that.
func (s *source) withoutExtra(assignment *ast.AssignStmt, value, extra *ast.Ident, result types.Type) ([]edit, bool) {
	var edits []edit
	for _, used := range s.usesUntilNext(extra, assignment) {
		question, isThere, understood := s.question(used)
		if !understood {
			return nil, false
		}
		more := s.askValue(question, isThere, value, result)
		if more == nil || overlap(edits, more[0]) {
			return nil, false
		}
		edits = append(edits, more...)
	}
	return edits, true
}

// usesUntilNext are the uses of a name after an assignment and before the next.
func (s *source) usesUntilNext(name *ast.Ident, assignment ast.Node) []*ast.Ident {
	variable := s.info.Defs[name]
	if variable == nil {
		variable = s.info.Uses[name]
	}
	var found []*ast.Ident
	for _, used := range s.tree().uses[variable] {
		if variable == nil || used.Pos() < assignment.End() {
			continue
		}
		if s.written(used) {
			break
		}
		found = append(found, used)
	}
	return found
}

// question is the condition that a second result is used in, and whether it is
// met when the first is there: err == nil, ok.
func (s *source) question(used *ast.Ident) (asked ast.Node, isThere, understood bool) {
	parent, child := s.around(used)
	switch s.useOf(used) {
	case checked:
		return parent, parent.(*ast.BinaryExpr).Op == token.EQL, true
	case condition:
		if not, ok := parent.(*ast.UnaryExpr); ok {
			return not, false, true
		}
		return child, true, true
	}
	return nil, false, false
}

// askValue is the edits that put the value's own check in a question's place.
// It is left out where the value has one anyway, or cannot be missing.
func (s *source) askValue(question ast.Node, isThere bool, value *ast.Ident, result types.Type) []edit {
	variable := s.info.Defs[value]
	if variable == nil {
		variable = s.info.Uses[value]
	}
	switch {
	case isPointer(result) && s.isChecked(variable), !isPointer(result) && !isSeries(result):
		return s.fold(question, isThere)
	case isPointer(result) && isThere:
		return []edit{s.replace(question, value.Name+" != nil")}
	case isPointer(result):
		return []edit{s.replace(question, value.Name+" == nil")}
	case isThere:
		return []edit{s.replace(question, fmt.Sprintf("len(%s) > 0", value.Name))}
	}
	return []edit{s.replace(question, fmt.Sprintf("len(%s) == 0", value.Name))}
}

// extraReturn finds a verdict that is returned with an error of nil.
func extraReturn(s *source) *Change {
	return find(s, func(statement *ast.ReturnStmt) *Change {
		if len(statement.Results) != 2 || !s.isNil(statement.Results[1]) ||
			!isBoolean(s.info.TypeOf(statement.Results[0])) || s.inFunctionValue(statement) {
			return nil
		}
		return s.change(statement, "a filter returns true or false, without an error",
			edit{s.offset(statement.Results[0].End()), s.offset(statement.Results[1].End()), ""})
	})
}

func (s *source) inFunctionValue(node ast.Node) bool {
	for ; node != nil; node = s.tree().parent[node] {
		if _, ok := node.(*ast.FuncLit); ok {
			return true
		}
	}
	return false
}

// severalResults finds a helper's structure that is taken apart where it is
// called: macd, signal, histogram := .... The names must be those of its
// fields, in their order.
func severalResults(s *source) *Change {
	return find(s, func(assignment *ast.AssignStmt) *Change {
		if assignment.Tok != token.DEFINE || len(assignment.Rhs) != 1 || len(assignment.Lhs) < 2 {
			return nil
		}
		call, ok := ast.Unparen(assignment.Rhs[0]).(*ast.CallExpr)
		if !ok || !s.mayEnd(assignment) || listOf(s.tree().parent[assignment]) == nil {
			return nil
		}
		helper, signature := s.helper(call)
		if helper == "" {
			return nil
		}
		name := s.newName(call, nil)
		fields := s.fieldsInOrder(assignment.Lhs, structOf(signature.Results().At(0).Type()), name)
		if fields == "" {
			return nil
		}
		before := fmt.Sprintf("%[1]s := %[2]s\nif %[1]s == nil {\n%[3]s\n}\n", name, s.code(call), s.ending(assignment))
		return s.change(assignment, fmt.Sprintf("%s returns one value with fields; %s", helper, s.withoutThem(assignment, []string{name})),
			s.insert(assignment.Pos(), before), s.replace(call, fields))
	})
}

// fieldsInOrder is all fields of a structure, when names stand for them one by one.
func (s *source) fieldsInOrder(names []ast.Expr, structure *types.Struct, name string) string {
	if structure == nil || structure.NumFields() != len(names) {
		return ""
	}
	text := ""
	for i, written := range names {
		field := structure.Field(i)
		if meant := fieldMeant(structure, s.code(written)); s.code(written) != "_" && meant != field {
			return ""
		}
		text += ", " + name + "." + field.Name()
	}
	return text[len(", "):]
}
