package mend

import (
	"go/ast"
	"go/types"
	"strings"
)

// isVolumes tells whether a list holds the candles' volumes: their moving
// average is the average volume.
func (s *source) isVolumes(list ast.Expr) bool {
	name, ok := list.(*ast.Ident)
	return ok && s.collectedFrom(s.info.Uses[name], "Volume") != ""
}

// collectedFrom is the candles whose field a series holds, for all of them in
// their order; "" when it does not.
func (s *source) collectedFrom(list types.Object, field string) string {
	if list == nil || !isSeries(list.Type()) || field == "" {
		return ""
	}
	var loop ast.Stmt
	for _, used := range s.tree().uses[list] {
		statement := s.statement(used)
		if !s.changes(used) {
			continue
		}
		block, _ := s.tree().parent[statement].(*ast.BlockStmt)
		around, _ := s.tree().parent[block].(ast.Stmt)
		if around == nil || block == nil || (loop != nil && loop != around) || len(block.List) != 1 {
			return ""
		}
		loop = around
	}
	if loop == nil {
		return ""
	}
	klines := s.collects(loop, list.Name(), field)
	if klines == nil || s.assigned(s.info.Uses[klines]) || !s.beginsEmpty(list, klines.Name) {
		return ""
	}
	return klines.Name
}

// changes tells whether a list or one of its elements gets a value here.
func (s *source) changes(used *ast.Ident) bool {
	index, ok := s.tree().parent[used].(*ast.IndexExpr)
	if !ok {
		return s.written(used)
	}
	assignment, ok := s.tree().parent[index].(*ast.AssignStmt)
	return ok && index.X == used && len(assignment.Lhs) == 1 && assignment.Lhs[0] == index
}

// collects is the candles of a loop that puts one field of each into a list, or nil.
func (s *source) collects(loop ast.Stmt, list, field string) *ast.Ident {
	klines, key, element, body := s.elements(loop)
	if klines == nil || !isKlines(s.info.TypeOf(klines)) {
		return nil
	}
	indexed := klines.Name + "[" + key + "]"
	for _, candle := range []string{element, indexed} {
		switch s.code(body.List[0]) {
		case list + " = append(" + list + ", " + candle + "." + field + ")",
			list + "[" + key + "] = " + candle + "." + field:
			return klines
		}
	}
	return nil
}

// elements is what a loop over all of a list goes through: the list, and the
// names of an index and of an element.
func (s *source) elements(loop ast.Stmt) (list *ast.Ident, key, element string, body *ast.BlockStmt) {
	switch node := loop.(type) {
	case *ast.RangeStmt:
		list, _ = node.X.(*ast.Ident)
		if node.Key != nil {
			key = s.code(node.Key)
		}
		if node.Value != nil {
			element = s.code(node.Value)
		}
		return list, key, element, node.Body
	case *ast.ForStmt:
		if node.Init == nil || node.Cond == nil || node.Post == nil {
			return nil, "", "", nil
		}
		key, _, _ = strings.Cut(s.code(node.Init), " ")
		compared, _ := node.Cond.(*ast.BinaryExpr)
		if compared == nil || s.code(node.Init) != key+" := 0" || s.code(node.Post) != key+"++" {
			return nil, "", "", nil
		}
		call, _ := compared.Y.(*ast.CallExpr)
		if call == nil || len(call.Args) != 1 || s.code(node.Cond) != key+" < len("+s.code(call.Args[0])+")" {
			return nil, "", "", nil
		}
		list, _ = call.Args[0].(*ast.Ident)
		return list, key, list.String() + "[" + key + "]", node.Body
	}
	return nil, "", "", nil
}

// beginsEmpty tells whether a list begins with no elements, or one for each candle.
func (s *source) beginsEmpty(list types.Object, klines string) bool {
	name := s.tree().idents[list.Pos()]
	switch node := s.tree().parent[name].(type) {
	case *ast.ValueSpec:
		return len(node.Values) == 0
	case *ast.AssignStmt:
		if len(node.Rhs) != 1 {
			return false
		}
		value := s.code(node.Rhs[0])
		return value == "[]float64{}" || value == "make([]float64, len("+klines+"))" ||
			strings.HasPrefix(value, "make([]float64, 0")
	}
	return false
}
