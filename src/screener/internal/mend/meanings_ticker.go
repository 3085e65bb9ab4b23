package mend

import (
	"go/ast"
	"go/types"
	"strings"
)

// tickerField finds a field of the ticker that is asked of the market data, or
// of a ticker that is not declared. Without a ticker the filter does not match.
func tickerField(s *source) *Change {
	return find(s, func(selector *ast.SelectorExpr) *Change {
		if !s.isInvalid(selector) || !s.isDataOrTicker(selector.X) {
			return nil
		}
		field := s.fieldMeant(structOf(s.tickerType()), selector.Sel.Name)
		if field == nil {
			return nil
		}
		edits := []edit{s.replace(selector, "data.Ticker."+field.Name())}
		if !strings.Contains(s.text, "data.Ticker == nil") && !strings.Contains(s.text, "data.Ticker != nil") {
			edits = append(edits, s.insert(s.outermost(selector).Pos(), "if data.Ticker == nil {\nreturn false\n}\n"))
		}
		return s.change(selector, field.Name()+" is in data.Ticker, which may be missing: then the filter does not match", edits...)
	})
}

func (s *source) isDataOrTicker(expr ast.Expr) bool {
	name, ok := expr.(*ast.Ident)
	if !ok {
		return false
	}
	_, isPointer := s.info.TypeOf(name).(*types.Pointer)
	return (name.Name == "data" && isPointer && isMarket(s.info.TypeOf(name))) ||
		(s.tree().unknown[name] && strings.EqualFold(name.Name, "ticker"))
}

// tickerType is the type of data.Ticker; nil when data is another's name.
func (s *source) tickerType() types.Type {
	for name, object := range s.info.Defs {
		if name.Name == "data" && object != nil && isMarket(object.Type()) {
			if ticker := fieldMeant(structOf(object.Type()), "Ticker"); ticker != nil {
				return ticker.Type()
			}
		}
	}
	return nil
}
