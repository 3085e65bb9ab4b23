package mend

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// unused takes away a variable that nothing reads. It does so only when no
// other defect is left: a variable may be unused because its name is misspelt
// where it is read.
func unused(s *source) *Change {
	for _, e := range s.errors {
		if !strings.HasPrefix(e.Msg, "declared and not used: ") {
			return nil
		}
	}
	for _, e := range s.errors {
		name := s.tree().idents[e.Pos]
		if name == nil || s.info.Defs[name] == nil {
			continue
		}
		if edits := s.dropVariable(name); edits != nil {
			return s.change(name, name.Name+" is not used", edits...)
		}
	}
	return nil
}

// dropVariable is the edits that take a variable away, and what was assigned
// to it; nil when that is not possible.
func (s *source) dropVariable(name *ast.Ident) []edit {
	edits := s.dropDeclaration(name)
	if edits == nil {
		return nil
	}
	for _, ident := range s.tree().uses[s.info.Defs[name]] {
		assignment, ok := s.tree().parent[ident].(*ast.AssignStmt)
		if !ok {
			return nil
		}
		if overlap(edits, s.replace(assignment, "")) {
			return nil
		}
		edits = append(edits, s.dropAssigned(assignment, ident)...)
	}
	return edits
}

// dropDeclaration takes away a name where it is declared.
func (s *source) dropDeclaration(name *ast.Ident) []edit {
	switch node := s.tree().parent[name].(type) {
	case *ast.AssignStmt:
		return s.dropAssigned(node, name)
	case *ast.RangeStmt:
		return s.dropFromRange(node, name)
	case *ast.ValueSpec:
		return s.dropFromSpec(node, name)
	}
	return nil
}

// dropAssigned takes a name out of an assignment; all of it, when nothing is
// left that matters.
func (s *source) dropAssigned(assignment *ast.AssignStmt, name *ast.Ident) []edit {
	rest, fresh := 0, 0
	for _, other := range assignment.Lhs {
		ident, isName := other.(*ast.Ident)
		if other == name || (isName && ident.Name == "_") {
			continue
		}
		rest++
		if isName && s.info.Defs[ident] != nil {
			fresh++
		}
	}
	isPure := s.pure(assignment.Rhs...)
	switch {
	case rest == 0 && isPure:
		return s.dropStatement(assignment)
	case rest == 0 || (fresh == 0 && assignment.Tok == token.DEFINE):
		return []edit{s.replace(name, "_"), {s.offset(assignment.TokPos), s.offset(assignment.TokPos) + len(assignment.Tok.String()), "="}}
	case len(assignment.Lhs) == 2 && len(assignment.Rhs) == 1 && assignment.Lhs[1] == name && s.isCommaOK(assignment.Rhs[0]):
		return []edit{{s.offset(assignment.Lhs[0].End()), s.offset(name.End()), ""}}
	case len(assignment.Lhs) == 2 && len(assignment.Rhs) == 2 && isPure:
		return s.keepOne(assignment, name)
	}
	return []edit{s.replace(name, "_")}
}

// keepOne keeps the other of two names with its value.
func (s *source) keepOne(assignment *ast.AssignStmt, name *ast.Ident) []edit {
	kept := 0
	if assignment.Lhs[0] == name {
		kept = 1
	}
	return []edit{s.replace(assignment, s.code(assignment.Lhs[kept])+" "+assignment.Tok.String()+" "+s.code(assignment.Rhs[kept]))}
}

// isCommaOK is for values that may also be asked for alone.
func (s *source) isCommaOK(value ast.Expr) bool {
	switch node := ast.Unparen(value).(type) {
	case *ast.IndexExpr, *ast.TypeAssertExpr:
		return true
	case *ast.UnaryExpr:
		return node.Op == token.ARROW
	}
	return false
}

// dropStatement takes a whole statement away: of a list, or before an if's condition.
func (s *source) dropStatement(statement ast.Stmt) []edit {
	parent := s.tree().parent[statement]
	if listOf(parent) != nil {
		return []edit{s.remove(statement)}
	}
	if check, ok := parent.(*ast.IfStmt); ok && check.Init == statement {
		return []edit{{s.offset(statement.Pos()), s.offset(check.Cond.Pos()), ""}}
	}
	return nil
}

func (s *source) dropFromRange(loop *ast.RangeStmt, name *ast.Ident) []edit {
	key, _ := loop.Key.(*ast.Ident)
	isBlank := key != nil && key.Name == "_"
	switch {
	case loop.Value == name && isBlank, loop.Key == name && loop.Value == nil:
		return []edit{{s.offset(loop.Key.Pos()), s.offset(loop.Range), ""}}
	case loop.Value == name:
		return []edit{{s.offset(loop.Key.End()), s.offset(name.End()), ""}}
	}
	if value, ok := loop.Value.(*ast.Ident); ok && value.Name == "_" {
		return []edit{{s.offset(loop.Key.Pos()), s.offset(loop.Range), ""}}
	}
	return []edit{s.replace(name, "_")}
}

func (s *source) dropFromSpec(spec *ast.ValueSpec, name *ast.Ident) []edit {
	general := s.tree().parent[spec].(*ast.GenDecl)
	statement := s.tree().parent[general].(ast.Stmt)
	switch {
	case len(spec.Names) > 1 && len(spec.Values) == 0:
		from, to := s.offset(name.Pos()), s.offset(name.End())
		if spec.Names[0] == name {
			return []edit{{from, s.offset(spec.Names[1].Pos()), ""}}
		}
		return []edit{{from - len(s.text[:from]) + len(strings.TrimRight(s.text[:from], ", ")), to, ""}}
	case len(spec.Names) > 1 || !s.pure(spec.Values...):
		return nil
	case len(general.Specs) == 1:
		return []edit{s.remove(statement)}
	}
	return []edit{s.remove(spec)}
}

// pure tells whether expressions do nothing but give a value.
func (s *source) pure(exprs ...ast.Expr) bool {
	isPure := true
	for _, expr := range exprs {
		ast.Inspect(expr, func(node ast.Node) bool {
			switch inner := node.(type) {
			case *ast.FuncLit:
				return false
			case *ast.UnaryExpr:
				isPure = isPure && inner.Op != token.ARROW
			case *ast.CallExpr:
				isPure = isPure && s.isPureCall(inner)
			}
			return isPure
		})
	}
	return isPure
}

// isPureCall is for helpers, conversions and what Go has built in, but for those
// that change something.
func (s *source) isPureCall(call *ast.CallExpr) bool {
	if helper, _ := s.helper(call); helper != "" || s.info.Types[call.Fun].IsType() {
		return true
	}
	ident, ok := call.Fun.(*ast.Ident)
	if !ok {
		return false
	}
	_, builtIn := s.info.Uses[ident].(*types.Builtin)
	return builtIn && (ident.Name == "len" || ident.Name == "cap" || ident.Name == "make")
}
