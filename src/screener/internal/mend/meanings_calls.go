package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// callsAsNumbers finds calls that stand for a number and return a pointer to
// one. They get variables before the statement. Where the call always runs,
// the filter does not match without it; where it decides on a match only after
// other conditions, its own condition is not met.
func callsAsNumbers(s *source) *Change {
	return find(s, func(call *ast.CallExpr) *Change {
		if !s.isPointerCall(call) {
			return nil
		}
		statement := s.statement(call)
		if statement == nil || !s.mayEnd(call) || !s.inHead(call, statement) {
			return nil
		}
		if s.isConditional(call, statement) {
			return s.checkedInside(call, statement)
		}
		return s.checkedBefore(statement)
	})
}

func (s *source) isPointerCall(call *ast.CallExpr) bool {
	helper, _ := s.helper(call)
	return helper != "" && isNumberPointer(s.info.TypeOf(call)) && s.useOf(call) == number
}

// inHead tells whether an expression runs when its statement begins.
func (s *source) inHead(expr ast.Expr, statement ast.Stmt) bool {
	switch node := statement.(type) {
	case *ast.IfStmt:
		return node.Init == nil && within(expr, node.Cond)
	case *ast.AssignStmt, *ast.ReturnStmt, *ast.ExprStmt, *ast.DeclStmt:
		return true
	}
	return false
}

// isConditional tells whether an && or || may keep an expression from running.
func (s *source) isConditional(expr ast.Expr, statement ast.Stmt) bool {
	for node := ast.Node(expr); node != statement; node = s.tree().parent[node] {
		operation, ok := s.tree().parent[node].(*ast.BinaryExpr)
		if ok && operation.Y == node && (operation.Op == token.LAND || operation.Op == token.LOR) {
			return true
		}
	}
	return false
}

// checkedBefore declares all calls of a statement that always run.
func (s *source) checkedBefore(statement ast.Stmt) *Change {
	var lines, names []string
	var edits []edit
	given := map[string]string{}
	ast.Inspect(statement, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok || !s.isPointerCall(call) || !s.inHead(call, statement) || s.isConditional(call, statement) {
			return true
		}
		name, known := given[s.code(call)]
		if !known {
			name = s.newName(call, names)
			given[s.code(call)] = name
			names = append(names, name)
			lines = append(lines, name+" := "+s.code(call)+"\n")
		}
		edits = append(edits, s.number(call, name))
		return false
	})
	guard := "if " + strings.Join(names, " == nil || ") + " == nil {\n" + s.ending(statement) + "\n}\n"
	edits = append(edits, s.insert(statement.Pos(), strings.Join(lines, "")+guard))
	return s.change(statement, s.withoutThem(statement, names), edits...)
}

// number is the edit that reads the number of a new variable in a call's place.
func (s *source) number(call ast.Expr, name string) edit {
	at := s.star(call)
	at.text = strings.Replace(at.text, s.code(call), name, 1)
	return at
}

// checkedInside declares one call and checks it right before its comparison,
// when that leads to a match or to none.
func (s *source) checkedInside(call *ast.CallExpr, statement ast.Stmt) *Change {
	comparison := s.comparison(call, statement)
	if comparison == nil || s.ending(statement) != "return false" || !decidesMatch(statement) || !s.allHarmless(call.Args) {
		return nil
	}
	name := s.newName(call, nil)
	return s.change(call, fmt.Sprintf("%s may be nil: without it the condition is not met", name),
		s.insert(statement.Pos(), name+" := "+s.code(call)+"\n"),
		s.insert(comparison.Pos(), name+" != nil && "),
		s.number(call, name))
}

// comparison is the comparison around a call, when only && and || are around that.
func (s *source) comparison(call ast.Expr, statement ast.Stmt) *ast.BinaryExpr {
	var found *ast.BinaryExpr
	for node := s.tree().parent[call]; node != statement; node = s.tree().parent[node] {
		switch expr := node.(type) {
		case *ast.ParenExpr:
		case *ast.BinaryExpr:
			logical := expr.Op == token.LAND || expr.Op == token.LOR
			if !logical && found != nil {
				return nil
			}
			if expr.Op.Precedence() == token.LSS.Precedence() {
				found = expr
			}
		default:
			return nil
		}
	}
	return found
}

// decidesMatch tells whether a statement's condition being met means a match.
func decidesMatch(statement ast.Stmt) bool {
	switch node := statement.(type) {
	case *ast.ReturnStmt:
		return len(node.Results) == 1
	case *ast.IfStmt:
		return node.Else == nil && len(node.Body.List) == 1 && isReturnOf(node.Body.List[0], "true")
	}
	return false
}

// isReturnOf is for `return true` and `return false`.
func isReturnOf(statement ast.Stmt, word string) bool {
	result, ok := statement.(*ast.ReturnStmt)
	if !ok || len(result.Results) != 1 {
		return false
	}
	ident, ok := result.Results[0].(*ast.Ident)
	return ok && ident.Name == word
}

func (s *source) allHarmless(exprs []ast.Expr) bool {
	return !slices.ContainsFunc(exprs, func(expr ast.Expr) bool { return !s.isHarmless(expr) })
}

// isHarmless tells whether an expression can be read at any time.
func (s *source) isHarmless(expr ast.Expr) bool {
	switch node := expr.(type) {
	case *ast.Ident, *ast.BasicLit:
		return true
	case *ast.IndexExpr:
		return s.code(node.X) == "data.Klines"
	}
	return false
}

// newName is a name for a call's result that nothing else has: ema20.
func (s *source) newName(call *ast.CallExpr, taken []string) string {
	helper, _ := s.helper(call)
	for _, verb := range []string{"Calculate", "GetLatest", "Get"} {
		helper = strings.TrimPrefix(helper, verb)
	}
	name := strings.ToLower(helper)
	if helper != strings.ToUpper(helper) {
		letter, size := utf8.DecodeRuneInString(helper)
		name = string(unicode.ToLower(letter)) + helper[size:]
	}
	if structOf(s.info.TypeOf(call)) != nil {
		name += "Result"
	} else if period, ok := s.wholeNumber(call.Args[len(call.Args)-1]); ok && len(call.Args) == 2 {
		name += period.ExactString()
	}
	for _, ident := range s.tree().idents {
		taken = append(taken, ident.Name)
	}
	for slices.Contains(taken, name) {
		name += "Value"
	}
	return name
}
