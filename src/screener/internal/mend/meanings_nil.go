package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// nilOfPlain finds what is never nil and compared with nil. The outcome of that
// is known; for a text, nil stands for none.
func nilOfPlain(s *source) *Change {
	return find(s, func(comparison *ast.BinaryExpr) *Change {
		if (comparison.Op != token.EQL && comparison.Op != token.NEQ) || !s.isNil(comparison.Y) {
			return nil
		}
		kind := s.info.TypeOf(comparison.X)
		if isString(kind) {
			return s.change(comparison, fmt.Sprintf("%s is a text: none is \"\"", s.code(comparison.X)),
				s.replace(comparison.Y, `""`))
		}
		if !isPlain(kind) || !s.isNameOrHelper(comparison.X) {
			return nil
		}
		edits := s.fold(comparison, comparison.Op == token.NEQ)
		if edits == nil {
			return nil
		}
		return s.change(comparison, s.code(comparison.X)+" is never nil", edits...)
	})
}

// isPlain is for numbers and candles themselves.
func isPlain(t types.Type) bool { return isNumber(t) || isNamed(t, "Kline") }

// isNameOrHelper leaves out calculations such as len(x), where nil may stand for 0.
func (s *source) isNameOrHelper(expr ast.Expr) bool {
	switch node := ast.Unparen(expr).(type) {
	case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr:
		return true
	case *ast.CallExpr:
		helper, _ := s.helper(node)
		return helper != ""
	}
	return false
}

// fold is the edits that take a condition away whose outcome is known; nil
// when that is not possible.
func (s *source) fold(cond ast.Node, outcome bool) []edit {
	parent, child := s.around(cond)
	switch node := parent.(type) {
	case *ast.BinaryExpr:
		if node.Op != token.LAND && node.Op != token.LOR {
			break
		}
		if (node.Op == token.LAND) != outcome {
			return s.fold(node, outcome)
		}
		if node.X == child {
			return []edit{{s.offset(node.Pos()), s.offset(node.Y.Pos()), ""}}
		}
		return []edit{{s.offset(node.X.End()), s.offset(node.End()), ""}}
	case *ast.UnaryExpr:
		if node.Op == token.NOT {
			return s.fold(node, !outcome)
		}
	case *ast.IfStmt:
		return s.foldIf(node, outcome)
	}
	return []edit{s.replace(child, fmt.Sprint(outcome))}
}

// foldIf takes an if away whose condition is known, or puts its body in its place.
func (s *source) foldIf(check *ast.IfStmt, outcome bool) []edit {
	list := listOf(s.tree().parent[check])
	if check.Init != nil || check.Else != nil || list == nil {
		return nil
	}
	if !outcome {
		return []edit{s.remove(check)}
	}
	for _, statement := range check.Body.List {
		if _, declares := statement.(*ast.DeclStmt); declares || len(declaredNames(statement)) > 0 {
			return nil
		}
	}
	body := strings.TrimSpace(s.text[s.offset(check.Body.Lbrace)+1 : s.offset(check.Body.Rbrace)])
	edits := []edit{s.replace(check, body)}
	if last := list[len(list)-1]; endsEarly(check.Body) && len(list) > 1 && list[len(list)-2] == check && isReturnOf(last, "false") {
		edits = append(edits, s.remove(last))
	}
	return edits
}

// starOfPlain finds what is no pointer and dereferenced.
func starOfPlain(s *source) *Change {
	return find(s, func(star *ast.StarExpr) *Change {
		if value := s.info.Types[star.X]; !value.IsValue() || !isPlain(value.Type) {
			return nil
		}
		return s.change(star, s.code(star.X)+" is no pointer: it is read as it is",
			edit{s.offset(star.Star), s.offset(star.X.Pos()), ""})
	})
}
