package mend

import (
	"go/token"
	"go/types"
)

// optional is a?.b and a ?? b: of what is never missing it is a.b and a; of a
// pointer, the other value stands for what is missing, and a comparison with
// what is missing is not met.
func optional(s *source) *Change {
	for i := range s.tokens {
		switch {
		case s.isMark(i) && s.isMark(i+1) && s.at(i+1).from == s.at(i).to:
			if change := s.orNothing(i); change != nil {
				return change
			}
		case s.isMark(i) && s.at(i+1).kind == token.PERIOD && s.at(i+1).from == s.at(i).to:
			if change := s.ofPointer(i); change != nil {
				return change
			}
		}
	}
	return nil
}

func (s *source) isMark(i int) bool {
	return s.at(i).kind == token.ILLEGAL && s.at(i).text == "?"
}

// ofPointer is a?.b, where i is the question mark.
func (s *source) ofPointer(i int) *Change {
	first := s.operand(i)
	if first == i {
		return nil
	}
	owner := s.between(first, i)
	kind := under(s.typeOf(s.start(first), owner))
	switch kind.(type) {
	case *types.Map, *types.Struct, *types.Slice:
		dot := s.at(i + 1)
		_, isMap := kind.(*types.Map)
		if s.at(i+2).kind == token.LBRACK && isMap {
			return changed(dot.line, "an element is written list[index]", edit{s.at(i).from, dot.to, ""})
		}
		return changed(dot.line, "a field is written with a point", edit{s.at(i).from, dot.to, "."})
	case *types.Pointer:
		return s.fieldOfPointer(first, i)
	}
	return nil
}

// fieldOfPointer is a?.b ?? c and a?.b > c, of a pointer.
func (s *source) fieldOfPointer(first, i int) *Change {
	owner, field := s.between(first, i), s.at(i+2)
	if field.kind != token.IDENT || !bounds(s.at(first-1)) && !s.joins(first-1) {
		return nil
	}
	value, from := owner+"."+field.text, s.at(first).from
	if s.isMark(i+3) && s.isMark(i+4) && s.isConstant(i+5) {
		last := s.afterConstant(i + 5)
		if !endsExpression(s.at(last)) {
			return nil
		}
		text := "(" + owner + " == nil ? " + s.between(i+5, last) + " : " + value + ")"
		return changed(field.line, "what stands for a missing value is written with a condition", edit{from, s.at(last - 1).to, text})
	}
	if !orders(s.at(i+3).kind) || !s.isConstant(i+4) && s.at(i+4).kind != token.IDENT {
		return nil
	}
	last := i + 4
	for !endsExpression(s.at(last)) && !s.joins(last) {
		last++
	}
	if s.isConstant(i+4) && s.afterConstant(i+4) != last || !s.isConstant(i+4) && s.operand(last) != i+4 {
		return nil
	}
	text := "(" + owner + " != nil && " + value + " " + s.between(i+3, last) + ")"
	return changed(field.line, "what may be missing is asked for first", edit{from, s.at(last - 1).to, text})
}

// joins tells tokens that stand between conditions.
func (s *source) joins(i int) bool {
	return s.at(i).kind == token.LAND || s.at(i).kind == token.LOR
}

// isConstant is for a number, also with its sign.
func (s *source) isConstant(i int) bool {
	return s.afterConstant(i) > i
}

func (s *source) afterConstant(i int) int {
	at := i
	if s.at(at).kind == token.SUB {
		at++
	}
	if kind := s.at(at).kind; kind != token.INT && kind != token.FLOAT {
		return i
	}
	return at + 1
}

// orNothing is `list ?? []`, where i is the first question mark: a list that is
// missing has no elements. What is plain is never missing.
func (s *source) orNothing(i int) *Change {
	first := s.operand(i)
	if first == i {
		return nil
	}
	last := i + 4
	_, isSlice := under(s.typeOf(s.start(first), s.between(first, i))).(*types.Slice)
	if !isSlice || s.at(i+2).kind != token.LBRACK || s.at(i+3).kind != token.RBRACK || !endsExpression(s.at(last)) {
		return nil
	}
	return changed(s.at(i).line, "a list that is missing has no elements", edit{s.at(i - 1).to, s.at(last - 1).to, ""})
}
