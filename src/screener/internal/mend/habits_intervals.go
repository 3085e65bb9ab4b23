package mend

import (
	"go/ast"
	"go/token"
)

// intervalField is data.Klines.5m.
func intervalField(s *source) *Change {
	var edits []edit
	for i, t := range s.tokens {
		unit := s.at(i + 1)
		if t.kind != token.FLOAT || t.text[0] != '.' || !s.at(i-1).is("Klines", "klines") || s.at(i-1).to != t.from ||
			unit.kind != token.IDENT || unit.from != t.to || !isInterval(`"`+t.text[1:]+unit.text+`"`) {
			continue
		}
		edits = append(edits, edit{t.from, unit.to, `["` + t.text[1:] + unit.text + `"]`})
	}
	return changed(lineOf(s, edits), "data.Klines has the candles by interval", edits...)
}

// indexOfData is data["5m"].
func indexOfData(s *source) *Change {
	return find(s, func(index *ast.IndexExpr) *Change {
		name, ok := index.X.(*ast.Ident)
		if !ok || !isPointer(s.info.TypeOf(name)) || !isMarket(s.info.TypeOf(name)) || !isInterval(s.code(index.Index)) {
			return nil
		}
		return s.change(index, "data.Klines has the candles by interval", s.replace(name, name.Name+".Klines"))
	})
}
