package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strings"
)

// latest is a variable that is declared with the last element of a list, or
// with a field of it.
type latest struct {
	declaration ast.Stmt
	name        string // without what says that it is the last, in small letters
	list        string
	element     types.Type
}

var (
	previousName = regexp.MustCompile(`^(?:last)?prev(?:ious)?`)
	latestName   = regexp.MustCompile(`^(?:last|latest|current|curr|cur|newest)`)
	candleWord   = regexp.MustCompile(`^(?:candlestick|candle|kline|bar|k|c)?(open|high|low|close|volume)?$`)
)

// plainName is a name in small letters, without underscores.
func plainName(name string) string { return strings.ReplaceAll(strings.ToLower(name), "_", "") }

// previousElement finds a name for the candle before the last that is not
// declared, beside a variable for the last: it is declared behind that.
func previousElement(s *source) *Change {
	return find(s, func(ident *ast.Ident) *Change {
		rest := plainName(ident.Name)
		if !s.tree().unknown[ident] || !previousName.MatchString(rest) {
			return nil
		}
		rest = rest[len(previousName.FindString(rest)):]
		last := s.latestFor(ident, rest)
		if last == nil {
			return nil
		}
		value := fmt.Sprintf("%s[len(%[1]s)-2]", last.list)
		field := fieldMeant(structOf(last.element), candleField(rest))
		if field != nil {
			value += "." + field.Name()
		}
		if !s.meansPrevious(ident.Name, last, field != nil) {
			return nil
		}
		return s.change(ident, fmt.Sprintf("%s is the element before the last of %s", ident.Name, last.list),
			s.after(last.declaration, ident.Name+" := "+value))
	})
}

// candleField is the field that a name ends with; "" when it names a candle.
func candleField(rest string) string {
	if found := candleWord.FindStringSubmatch(rest); found != nil {
		return found[1]
	}
	return ""
}

// latestFor is the one variable for a last element that a name for the one
// before it belongs to, or nil.
func (s *source) latestFor(ident *ast.Ident, rest string) *latest {
	all := s.latestBefore(ident)
	var named []latest
	isOneList := len(all) > 0
	for _, last := range all {
		isOneList = isOneList && last.list == all[0].list
		if rest != "" && last.name == rest {
			named = append(named, last)
		}
	}
	switch {
	case len(named) == 1:
		return &named[0]
	case isOneList && isNamed(all[0].element, "Kline") && candleWord.MatchString(rest):
		return &all[0]
	}
	return nil
}

// latestBefore are the variables for last elements that a place sees.
func (s *source) latestBefore(ident *ast.Ident) (found []latest) {
	for _, node := range s.tree().ordered {
		assignment, ok := node.(*ast.AssignStmt)
		if !ok || assignment.Tok != token.DEFINE || len(assignment.Lhs) != 1 || assignment.End() > ident.Pos() {
			continue
		}
		block := s.tree().parent[assignment]
		if listOf(block) == nil || !within(ident, block) {
			continue
		}
		value := assignment.Rhs[0]
		if field, ok := value.(*ast.SelectorExpr); ok {
			value = field.X
		}
		index, ok := value.(*ast.IndexExpr)
		if !ok || !s.isSliceType(index.X) || !s.isLasting(index.X) || !s.isLastIndex(index) && !s.isLastByLength(index) {
			continue
		}
		name := plainName(s.code(assignment.Lhs[0]))
		name = name[len(latestName.FindString(name)):]
		element := under(s.info.TypeOf(index.X)).(*types.Slice).Elem()
		found = append(found, latest{assignment, name, s.code(index.X), element})
	}
	return found
}

// isLastByLength is for x[n-1], where n is the length of x.
func (s *source) isLastByLength(index *ast.IndexExpr) bool {
	minus, ok := index.Index.(*ast.BinaryExpr)
	if !ok || minus.Op != token.SUB || !s.isOne(minus.Y) {
		return false
	}
	length, ok := minus.X.(*ast.Ident)
	if !ok || s.info.Uses[length] == nil || s.assigned(s.info.Uses[length]) {
		return false
	}
	declaration, ok := s.tree().parent[s.tree().idents[s.info.Uses[length].Pos()]].(*ast.AssignStmt)
	return ok && len(declaration.Rhs) == 1 && s.code(declaration.Rhs[0]) == "len("+s.code(index.X)+")"
}

// isLasting tells lists that are plain variables, or fields of such, which
// stay what they are.
func (s *source) isLasting(list ast.Expr) bool {
	if field, ok := list.(*ast.SelectorExpr); ok {
		list = field.X
	}
	name, ok := list.(*ast.Ident)
	return ok && s.info.Uses[name] != nil && !s.assigned(s.info.Uses[name])
}

// meansPrevious tells whether all uses of an undeclared name see a last
// element's variable, in no loop of their own, and read what that one has.
func (s *source) meansPrevious(name string, last *latest, isField bool) bool {
	block := s.tree().parent[last.declaration]
	for used := range s.tree().unknown {
		if used.Name != name {
			continue
		}
		if used.Pos() < last.declaration.End() || !within(used, block) || s.written(used) {
			return false
		}
		selector, isSelected := s.tree().parent[used].(*ast.SelectorExpr)
		structure := structOf(last.element)
		if isSelected != (structure != nil && !isField) || isSelected && fieldMeant(structure, selector.Sel.Name) == nil {
			return false
		}
		for node := s.tree().parent[used]; node != block; node = s.tree().parent[node] {
			switch node.(type) {
			case *ast.ForStmt, *ast.RangeStmt, *ast.FuncLit:
				return false
			}
		}
	}
	return true
}
