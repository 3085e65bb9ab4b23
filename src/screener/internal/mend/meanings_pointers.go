package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// pointersAsNumbers finds variables that are used as numbers and point to one.
// Where nothing has checked them, the filter does not match without them.
func pointersAsNumbers(s *source) *Change {
	return find(s, func(ident *ast.Ident) *Change {
		variable := s.info.Uses[ident]
		edits, unguarded := s.dereferences(variable)
		if len(edits) == 0 {
			return nil
		}
		if !unguarded {
			return s.change(ident, fmt.Sprintf("%s is a pointer: its number is *%[1]s", ident.Name), edits...)
		}
		if change := s.checkAfterInit(variable, edits); change != nil {
			return change
		}
		return s.guardRow(variable)
	})
}

// dereferences are the edits that read a pointer's number where it is used as
// one, and whether it may be nil at one of them.
func (s *source) dereferences(variable types.Object) (edits []edit, unguarded bool) {
	if variable == nil || !isNumberPointer(variable.Type()) {
		return nil, false
	}
	for _, ident := range s.tree().uses[variable] {
		if s.useOf(ident) != number || s.written(ident) {
			continue
		}
		edits = append(edits, s.star(ident))
		unguarded = unguarded || !s.guarded(ident)
	}
	return edits, unguarded
}

// star is the edit that dereferences; `a/*b` would begin a comment.
func (s *source) star(ident ast.Expr) edit {
	text := "*" + s.code(ident)
	if at := s.offset(ident.Pos()); at > 0 && s.text[at-1] == '/' {
		text = " " + text
	}
	return s.replace(ident, text)
}

// guardRow dereferences the variables that are declared in a row from one on,
// and checks them all behind it.
func (s *source) guardRow(first types.Object) *Change {
	declaration := s.declaration(first)
	if declaration == nil || !s.mayEnd(declaration) {
		return nil
	}
	var names []string
	var edits []edit
	last := declaration
	for _, statement := range listOf(s.tree().parent[declaration]) {
		if statement.Pos() < declaration.Pos() {
			continue
		}
		found, more := s.needGuards(statement)
		if len(found) == 0 || overlap(edits, s.replace(statement, "")) {
			break
		}
		names, edits, last = append(names, found...), append(edits, more...), statement
	}
	if len(names) == 0 {
		return nil
	}
	edits = append(edits, s.after(last, "if "+strings.Join(names, " == nil || ")+" == nil {\n"+s.ending(declaration)+"\n}"))
	return s.change(declaration, s.withoutThem(declaration, names), edits...)
}

// checkAfterInit checks a variable that is declared before an if's condition:
// that is not met without it.
func (s *source) checkAfterInit(variable types.Object, edits []edit) *Change {
	init := s.tree().parent[s.tree().idents[variable.Pos()]]
	check, ok := s.tree().parent[init].(*ast.IfStmt)
	if !ok || check.Init != init || !decidesMatch(check) || s.isChecked(variable) || s.assigned(variable) {
		return nil
	}
	before, behind := variable.Name()+" != nil && ", ""
	if operation, ok := check.Cond.(*ast.BinaryExpr); ok && operation.Op == token.LOR {
		before, behind = before+"(", ")"
	}
	edits = append(edits, s.insert(check.Cond.Pos(), before), s.insert(check.Cond.End(), behind))
	return s.change(check, fmt.Sprintf("%s may be nil: without it the condition is not met", variable.Name()), edits...)
}

// withoutThem is what a guard's message says.
func (s *source) withoutThem(at ast.Node, names []string) string {
	consequence := "the filter does not match"
	if s.inFunctionValue(at) {
		consequence = "the function answers as it does without candles"
	}
	if len(names) == 1 {
		return names[0] + " may be nil: without it " + consequence
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1] +
		" may be nil: without them " + consequence
}

// needGuards are the variables of a declaration that are used as numbers and
// never checked.
func (s *source) needGuards(statement ast.Stmt) (names []string, edits []edit) {
	for _, name := range declaredNames(statement) {
		variable := s.info.Defs[name]
		if variable == nil || s.isChecked(variable) || s.assigned(variable) {
			continue
		}
		if more, unguarded := s.dereferences(variable); unguarded {
			names, edits = append(names, name.Name), append(edits, more...)
		}
	}
	return names, edits
}

// declaration is the statement of a list that declares a variable with a value.
func (s *source) declaration(variable types.Object) ast.Stmt {
	statement := s.statement(s.tree().idents[variable.Pos()])
	for _, name := range declaredNames(statement) {
		if s.info.Defs[name] == variable {
			return statement
		}
	}
	return nil
}

// declaredNames are the names that a statement itself declares with values.
func declaredNames(statement ast.Stmt) []*ast.Ident {
	switch node := statement.(type) {
	case *ast.AssignStmt:
		if node.Tok == token.DEFINE && len(node.Lhs) == len(node.Rhs) {
			var names []*ast.Ident
			for _, name := range node.Lhs {
				if ident, ok := name.(*ast.Ident); ok {
					names = append(names, ident)
				}
			}
			return names
		}
	case *ast.DeclStmt:
		general := node.Decl.(*ast.GenDecl)
		if spec, ok := general.Specs[0].(*ast.ValueSpec); ok && len(general.Specs) == 1 && len(spec.Values) == len(spec.Names) {
			return spec.Names
		}
	}
	return nil
}

// overlap tells whether an edit lies inside a place.
func overlap(edits []edit, place edit) bool {
	for _, e := range edits {
		if e.from >= place.from && e.from < place.to {
			return true
		}
	}
	return false
}

// pointersAsConditions finds pointers that are taken as true when they are there.
func pointersAsConditions(s *source) *Change {
	return find(s, func(expr ast.Expr) *Change {
		switch expr.(type) {
		case *ast.Ident, *ast.SelectorExpr:
		default:
			return nil
		}
		if !isPointer(s.info.TypeOf(expr)) || s.useOf(expr) != condition {
			return nil
		}
		message := fmt.Sprintf("whether %s is there is asked with nil", s.code(expr))
		parent, _ := s.around(expr)
		if not, ok := parent.(*ast.UnaryExpr); ok {
			return s.change(expr, message, s.replace(not, s.code(expr)+" == nil"))
		}
		return s.change(expr, message, s.replace(expr, s.code(expr)+" != nil"))
	})
}
