package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// redeclared finds := where everything on its left is declared already.
func redeclared(s *source) *Change {
	return find(s, func(assignment *ast.AssignStmt) *Change {
		if assignment.Tok != token.DEFINE {
			return nil
		}
		for _, name := range assignment.Lhs {
			ident, ok := name.(*ast.Ident)
			if !ok || (ident.Name != "_" && s.info.Uses[ident] == nil) {
				return nil
			}
		}
		return s.change(assignment, "it is declared already: it gets a value with =", s.token(assignment, "="))
	})
}

func (s *source) token(assignment *ast.AssignStmt, text string) edit {
	at := s.offset(assignment.TokPos)
	return edit{at, at + len(assignment.Tok.String()), text}
}

// undeclared finds = for a name that is not declared, where everything that
// uses it comes later in the same block.
func undeclared(s *source) *Change {
	return find(s, func(assignment *ast.AssignStmt) *Change {
		if assignment.Tok != token.ASSIGN {
			return nil
		}
		var names []string
		for _, name := range assignment.Lhs {
			ident, ok := name.(*ast.Ident)
			if !ok || (ident.Name != "_" && !s.isDeclarable(ident, assignment)) {
				return nil
			}
			if ident.Name != "_" {
				names = append(names, ident.Name)
			}
		}
		if len(names) == 0 {
			return nil
		}
		return s.change(assignment, strings.Join(names, " and ")+" is declared with :=", s.token(assignment, ":="))
	})
}

// isDeclarable tells whether an unknown name's first use is in a statement, and
// the rest in what could see it.
func (s *source) isDeclarable(ident *ast.Ident, statement ast.Stmt) bool {
	scope := s.tree().parent[statement]
	if !s.tree().unknown[ident] || (listOf(scope) == nil && !begins(scope, statement)) {
		return false
	}
	for other := range s.tree().unknown {
		if other.Name == ident.Name && (other.Pos() < ident.Pos() || !within(other, scope)) {
			return false
		}
	}
	return true
}

// begins tells whether a statement is what a loop or an if begins with.
func begins(node ast.Node, statement ast.Stmt) bool {
	switch outer := node.(type) {
	case *ast.ForStmt:
		return outer.Init == statement
	case *ast.IfStmt:
		return outer.Init == statement
	}
	return false
}

// otherCase finds a name that is declared in other capital and small letters.
func otherCase(s *source) *Change {
	return find(s, func(ident *ast.Ident) *Change {
		if !s.tree().unknown[ident] {
			return nil
		}
		var found []types.Object
		for name, object := range s.info.Defs {
			if isVisible(object, ident) && name.Name != "_" && strings.EqualFold(name.Name, ident.Name) {
				found = append(found, object)
			}
		}
		if len(found) != 1 {
			return nil
		}
		return s.change(ident, fmt.Sprintf("%s is written %s", ident.Name, found[0].Name()),
			s.replace(ident, found[0].Name()))
	})
}

// isVisible tells whether what is declared before a name can be seen where that stands.
func isVisible(object types.Object, ident *ast.Ident) bool {
	return object != nil && object.Parent() != nil && object.Pos() < ident.Pos() && object.Parent().Contains(ident.Pos())
}

// otherNameOfData finds the market data by another name: only it has these fields.
func otherNameOfData(s *source) *Change {
	return find(s, func(selector *ast.SelectorExpr) *Change {
		name, ok := selector.X.(*ast.Ident)
		field := selector.Sel.Name
		if !ok || !s.tree().unknown[name] || (field != "Klines" && field != "Ticker" && field != "Symbol") {
			return nil
		}
		return s.change(name, fmt.Sprintf("the market data is called data, not %s", name.Name), s.replace(name, "data"))
	})
}

// klinesOfInterval finds candles that are asked of a function, or of a name of
// their own, by their interval.
func klinesOfInterval(s *source) *Change {
	change := find(s, func(call *ast.CallExpr) *Change {
		method, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || len(call.Args) != 1 || !isString(s.info.TypeOf(call.Args[0])) || s.code(method.X) != "data" {
			return nil
		}
		field := fieldMeant(structOf(s.info.TypeOf(method.X)), strings.TrimPrefix(method.Sel.Name, "Get"))
		if field == nil || field.Name() != "Klines" {
			return nil
		}
		return s.change(call, "data.Klines has the candles by interval",
			s.replace(call, "data.Klines["+s.code(call.Args[0])+"]"))
	})
	if change != nil {
		return change
	}
	return find(s, func(index *ast.IndexExpr) *Change {
		name, ok := index.X.(*ast.Ident)
		if !ok || !s.tree().unknown[name] || !isInterval(s.code(index.Index)) {
			return nil
		}
		return s.change(index, "data.Klines has the candles by interval", s.replace(name, "data.Klines"))
	})
}

// contractTypes are the contract's types by other names, in lower case.
var contractTypes = map[string]string{
	"kline": "Kline", "candle": "Kline", "candlestick": "Kline", "marketdata": "MarketData",
	"simplifiedticker": "SimplifiedTicker", "ticker": "SimplifiedTicker",
}

// unknownType finds a type of the contract by another name.
func unknownType(s *source) *Change {
	return find(s, func(expr ast.Expr) *Change {
		written, isMissing := "", false
		switch node := expr.(type) {
		case *ast.SelectorExpr:
			from, ok := node.X.(*ast.Ident)
			if !ok {
				return nil
			}
			_, isPackage := s.info.Uses[from].(*types.PkgName)
			written, isMissing = node.Sel.Name, isPackage && s.isInvalid(node)
		case *ast.Ident:
			written, isMissing = node.Name, s.tree().unknown[node] && s.isTypePlace(node)
		}
		name := contractTypes[strings.ToLower(written)]
		if !isMissing || name == "" {
			return nil
		}
		return s.change(expr, fmt.Sprintf("the type %s is types.%s", written, name), s.replace(expr, "types."+name))
	})
}

// isTypePlace tells whether only a type can stand where an expression does.
func (s *source) isTypePlace(expr ast.Expr) bool {
	switch node := s.tree().parent[expr].(type) {
	case *ast.ArrayType, *ast.MapType, *ast.Field:
		return true
	case *ast.ValueSpec:
		return node.Type == expr
	case *ast.CompositeLit:
		return node.Type == expr
	}
	return false
}
