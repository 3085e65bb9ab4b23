package mend

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameBefore is the name of the variable for the result so many candles before.
func (n *scalars) nameBefore(back int) string {
	if n.names[back] == "" {
		letter, size := utf8.DecodeRuneInString(n.name.Name)
		n.names[back] = n.fresh("prev" + string(unicode.ToUpper(letter)) + n.name.Name[size:] + strings.Repeat("2", back-1))
	}
	return n.names[back]
}

// declareBefore declares the results of fewer candles, behind the check that
// the one of all candles is there. That has candles, so that one less is safe.
func (n *scalars) declareBefore() bool {
	if len(n.before) == 0 {
		return true
	}
	if !n.mayHaveFewer() {
		return false
	}
	place, text := n.statement(n.name), ""
	ending := n.ending(place)
	if check := n.leavesWithout(place); check != nil {
		place, ending = check, n.code(check.Body.List[0])
	} else if n.isChecked(n.info.Defs[n.name]) {
		return false
	} else {
		text = "if " + n.name.Name + " == nil {\n" + ending + "\n}\n"
	}
	isLater := func(e *ast.IndexExpr) bool { return e.Pos() > place.End() }
	if ending == "" || slices.ContainsFunc(n.before, func(e *ast.IndexExpr) bool { return !isLater(e) }) {
		return false
	}
	list := n.code(n.call.Args[0])
	for back := 1; back <= maxBack; back++ {
		if n.names[back] == "" {
			continue
		}
		fewer := list + "[:len(" + list + ")-" + string(rune('0'+back)) + "]"
		rest := n.text[n.offset(n.call.Args[0].End()):n.offset(n.call.End())]
		text += n.names[back] + " := " + n.code(n.call.Fun) + "(" + fewer + rest + "\nif " + n.names[back] + " == nil {\n" + ending + "\n}\n"
	}
	n.edits = append(n.edits, n.after(place, strings.TrimSuffix(text, "\n")))
	return true
}

// mayHaveFewer tells whether a call can be made again with fewer candles: its
// arguments stay what they are, and it needs more candles than are left out.
func (n *scalars) mayHaveFewer() bool {
	for i, argument := range n.call.Args {
		_, isLiteral := numberLiteral(argument)
		_, isElement := argument.(*ast.IndexExpr)
		if !isLiteral && !n.isLasting(argument) && !(i == 0 && isElement && n.isHarmless(argument)) {
			return false
		}
	}
	if n.names[2] == "" || len(n.call.Args) < 2 {
		return len(n.call.Args) > 1
	}
	period, ok := n.call.Args[1].(*ast.BasicLit)
	return ok && period.Kind == token.INT && (len(period.Value) > 1 || period.Value > "2")
}

// leavesWithout is the check behind a declaration that leaves when its result
// is nil, or nil.
func (n *scalars) leavesWithout(declaration ast.Stmt) *ast.IfStmt {
	for _, statement := range listOf(n.tree().parent[declaration]) {
		check, ok := statement.(*ast.IfStmt)
		if !ok || check.Pos() < declaration.End() || check.Init != nil || check.Else != nil || len(check.Body.List) != 1 || !endsEarly(check.Body) {
			continue
		}
		for _, asked := range operands(check.Cond, token.LOR) {
			comparison, ok := ast.Unparen(asked).(*ast.BinaryExpr)
			if ok && comparison.Op == token.EQL && n.code(comparison.X) == n.name.Name && n.isNil(comparison.Y) {
				return check
			}
		}
	}
	return nil
}

// asksForFew tells questions for a small number of elements, and whether they
// ask for too few.
func (s *source) asksForFew(comparison *ast.BinaryExpr) (isLack, ok bool) {
	literal, isLiteral := ast.Unparen(comparison.Y).(*ast.BasicLit)
	if !isLiteral || len(literal.Value) != 1 || literal.Value > "5" {
		return false, false
	}
	switch comparison.Op {
	case token.LSS:
		return true, literal.Value > "0"
	case token.LEQ:
		return true, true
	case token.EQL:
		return true, literal.Value == "0"
	case token.GTR:
		return false, true
	case token.GEQ:
		return false, literal.Value > "0"
	case token.NEQ:
		return false, literal.Value == "0"
	}
	return false, false
}

// askForResult is the edits that ask whether a result is there in place of how
// many elements its numbers have; that is left out where it is asked anyway.
func (s *source) askForResult(comparison *ast.BinaryExpr, isLack bool, name *ast.Ident) []edit {
	variable := s.info.Uses[name]
	if variable == nil {
		variable = s.info.Defs[name]
	}
	switch {
	case s.isChecked(variable):
		return s.fold(comparison, !isLack)
	case isLack:
		return []edit{s.replace(comparison, name.Name+" == nil")}
	}
	return []edit{s.replace(comparison, name.Name+" != nil")}
}
