package mend

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// durations are the time package's, in nanoseconds.
var durations = map[string]int64{
	"time.Nanosecond": 1, "time.Microsecond": 1e3, "time.Millisecond": 1e6, "time.Second": 1e9, "time.Minute": 60e9, "time.Hour": 3600e9,
}

// duration is a number that is written with the time package, which a filter
// does not have: in milliseconds beside candles' times, which count those, in
// nanoseconds beside a time.Duration.
func duration(s *source) *Change {
	return find(s, func(expr ast.Expr) *Change {
		if !s.namesTime(expr) {
			return nil
		}
		value, power, ok := s.timed(expr)
		if !ok {
			return nil
		}
		var whole ast.Node = expr
		switch unit := s.unit(expr, &whole); {
		case power == 1 && unit > 0 && value%unit == 0:
			value /= unit
		case power != 0:
			return nil
		}
		return s.change(expr, s.code(expr)+" is written out: a filter has no time package", s.replace(whole, strconv.FormatInt(value, 10)))
	})
}

// namesTime tells whether an expression has such a constant, while the package
// is not there.
func (s *source) namesTime(expr ast.Expr) (found bool) {
	ast.Inspect(expr, func(node ast.Node) bool {
		name, ok := node.(*ast.Ident)
		found = found || ok && name.Name == "time" && s.tree().unknown[name]
		return !found
	})
	return found
}

// timed is the value of an expression of whole numbers and durations, and how
// often it counts nanoseconds: 1 for a duration, 0 for a plain number.
func (s *source) timed(expr ast.Expr) (value int64, power int, ok bool) {
	switch node := expr.(type) {
	case *ast.ParenExpr:
		return s.timed(node.X)
	case *ast.BasicLit:
		value, err := strconv.ParseInt(node.Value, 10, 32)
		return value, 0, err == nil
	case *ast.SelectorExpr:
		value, ok = durations[s.code(node)]
		return value, 1, ok
	case *ast.BinaryExpr:
		x, powerX, okX := s.timed(node.X)
		y, powerY, okY := s.timed(node.Y)
		switch {
		case !okX || !okY:
		case node.Op == token.MUL && powerX+powerY < 2 && x < 1<<20*1e9 && y < 1<<20*1e9 && (x == 0 || x*y/x == y):
			return x * y, powerX + powerY, true
		case node.Op == token.QUO && y > 0 && powerX >= powerY && x%y == 0:
			return x / y, powerX - powerY, true
		}
	}
	return 0, 0, false
}

// unit is what a duration is counted in where it stands, in nanoseconds; 0
// when that is not plain. A call that counts it is replaced too.
func (s *source) unit(expr ast.Expr, whole *ast.Node) int64 {
	parent, child := s.around(expr)
	switch node := parent.(type) {
	case *ast.SelectorExpr:
		if call, ok := s.tree().parent[node].(*ast.CallExpr); ok && node.Sel.Name == "Milliseconds" && call.Fun == node {
			*whole = call
			return 1e6
		}
	case *ast.BinaryExpr:
		other := node.X
		if other == child {
			other = node.Y
		}
		kind := s.info.TypeOf(other)
		isTime := strings.Contains(s.code(other), "OpenTime") || strings.Contains(s.code(other), "CloseTime")
		switch {
		case !orders(node.Op):
		case kind != nil && kind.String() == "time.Duration":
			return 1
		case kind == types.Typ[types.Int64] && isTime:
			return 1e6
		}
	}
	return 0
}
