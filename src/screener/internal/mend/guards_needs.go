package mend

import (
	"fmt"
	"go/ast"
	"strconv"
)

// The kinds of need.
const (
	needLength = iota
	needPointer
	needDivisor
)

// need is what an expression must find so that it does not panic.
type need struct {
	kind    int
	operand string // as written
	expr    ast.Expr
	least   int    // of a length, if it is a number
	symbol  string // of a length otherwise: a variable, plus least
	key     string // the same for all names of one thing
	lasting bool   // of what was checked: it stays as it is
}

func (n need) leastText() string {
	switch {
	case n.symbol == "":
		return strconv.Itoa(n.least)
	case n.least == 0:
		return n.symbol
	}
	return fmt.Sprintf("%s%+d", n.symbol, n.least)
}

// missing is the condition under which it is not met.
func (n need) missing() string {
	switch {
	case n.kind == needPointer:
		return n.operand + " == nil"
	case n.kind == needDivisor:
		return n.operand + " == 0"
	case n.isElement():
		return fmt.Sprintf("len(%s) == 0", n.operand)
	}
	return fmt.Sprintf("len(%s) < %s", n.operand, n.leastText())
}

// present is the condition under which it is met.
func (n need) present() string {
	switch {
	case n.kind == needPointer:
		return n.operand + " != nil"
	case n.kind == needDivisor:
		return n.operand + " != 0"
	case n.isElement():
		return fmt.Sprintf("len(%s) > 0", n.operand)
	}
	return fmt.Sprintf("len(%s) >= %s", n.operand, n.leastText())
}

// problem names what may be wrong.
func (n need) problem() string {
	switch {
	case n.kind == needPointer:
		return n.operand + " may be nil"
	case n.kind == needDivisor:
		return n.operand + " may be 0"
	case n.isElement():
		return n.operand + " may be empty"
	}
	return fmt.Sprintf("%s may be shorter than %s", n.operand, n.leastText())
}

// isElement tells the need of any element at all.
func (n need) isElement() bool {
	return n.kind == needLength && n.least == 1 && n.symbol == ""
}
