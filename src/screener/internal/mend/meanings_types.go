package mend

import (
	"go/ast"
	"go/token"
	"go/types"
)

func isPointer(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// isNumberPointer is for *float64, what most helpers return.
func isNumberPointer(t types.Type) bool {
	pointer, ok := t.(*types.Pointer)
	return ok && isFloat(pointer.Elem())
}

func isFloat(t types.Type) bool { return isBasic(t, types.IsFloat) }

func isNumber(t types.Type) bool { return isBasic(t, types.IsNumeric) }

func isInteger(t types.Type) bool { return isBasic(t, types.IsInteger) }

func isString(t types.Type) bool { return isBasic(t, types.IsString) }

func isBoolean(t types.Type) bool { return isBasic(t, types.IsBoolean) }

func isBasic(t types.Type, info types.BasicInfo) bool {
	if t == nil {
		return false
	}
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&info != 0
}

// isSeries is for []float64.
func isSeries(t types.Type) bool {
	if t == nil {
		return false
	}
	slice, ok := t.Underlying().(*types.Slice)
	return ok && isFloat(slice.Elem())
}

// isKlines is for []types.Kline.
func isKlines(t types.Type) bool {
	slice, ok := t.(*types.Slice)
	return ok && isNamed(slice.Elem(), "Kline")
}

// isNamed is for a type of the contract.
func isNamed(t types.Type, name string) bool {
	named, ok := t.(*types.Named)
	return ok && named.Obj().Name() == name && named.Obj().Pkg() != nil && named.Obj().Pkg().Name() != "main"
}

// structOf is the structure that a value has or points to.
func structOf(t types.Type) *types.Struct {
	if t == nil {
		return nil
	}
	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}
	structure, _ := t.Underlying().(*types.Struct)
	return structure
}

// wanted is the type that a place asks of a value, or nil when it asks for none.
func (s *source) wanted(place, value ast.Node) types.Type {
	switch node := place.(type) {
	case *ast.CallExpr:
		return s.wantedByCall(node, value)
	case *ast.AssignStmt:
		return s.wantedByAssignment(node, value)
	case *ast.ValueSpec:
		if node.Type != nil {
			return s.info.TypeOf(node.Type)
		}
	case *ast.KeyValueExpr:
		if literal, ok := s.tree().parent[node].(*ast.CompositeLit); ok && node.Value == value {
			return s.wanted(literal, value)
		}
	case *ast.CompositeLit:
		switch list := under(s.info.TypeOf(node)).(type) {
		case *types.Slice:
			return list.Elem()
		case *types.Map:
			return list.Elem()
		case *types.Struct:
			return s.wantedByField(list, value)
		}
	case *ast.ReturnStmt:
		return s.wantedByReturn(node)
	}
	return nil
}

// wantedByField is the type of the field that a structure's literal gives a value.
func (s *source) wantedByField(structure *types.Struct, value ast.Node) types.Type {
	given, ok := s.tree().parent[value].(*ast.KeyValueExpr)
	for i := 0; ok && i < structure.NumFields(); i++ {
		if structure.Field(i).Name() == s.code(given.Key) {
			return structure.Field(i).Type()
		}
	}
	return nil
}

func (s *source) wantedByCall(call *ast.CallExpr, argument ast.Node) types.Type {
	fun := s.info.Types[call.Fun]
	if fun.IsType() {
		return fun.Type
	}
	if function, ok := call.Fun.(*ast.Ident); ok && function.Name == "append" && len(call.Args) > 0 {
		if list, ok := s.info.TypeOf(call.Args[0]).(*types.Slice); ok && call.Args[0] != argument {
			return list.Elem()
		}
		return nil
	}
	signature, ok := fun.Type.(*types.Signature)
	if !ok || signature.Variadic() {
		return nil
	}
	for i, given := range call.Args {
		if given == argument && i < signature.Params().Len() {
			return signature.Params().At(i).Type()
		}
	}
	return nil
}

func (s *source) wantedByAssignment(assignment *ast.AssignStmt, value ast.Node) types.Type {
	if assignment.Tok == token.DEFINE || len(assignment.Lhs) != len(assignment.Rhs) {
		return nil
	}
	for i, given := range assignment.Rhs {
		if given == value {
			return s.info.TypeOf(assignment.Lhs[i])
		}
	}
	return nil
}

// wantedByReturn is for functions of one result.
func (s *source) wantedByReturn(statement ast.Node) types.Type {
	for node := s.tree().parent[statement]; node != nil; node = s.tree().parent[node] {
		if literal, ok := node.(*ast.FuncLit); ok {
			if signature, ok := s.info.TypeOf(literal).(*types.Signature); ok && signature.Results().Len() == 1 {
				return signature.Results().At(0).Type()
			}
			return nil
		}
	}
	return types.Typ[types.Bool]
}
