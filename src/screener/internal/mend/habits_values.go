package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// foreign are other languages' words for values that Go has.
var foreign = map[string]string{
	"null": "nil", "None": "nil", "NULL": "nil", "Nil": "nil", "undefined": "nil",
	"True": "true", "TRUE": "true", "False": "false", "FALSE": "false",
}

// foreignConstant is such a word, where the code declares nothing by that name.
func foreignConstant(s *source) *Change {
	var edits []edit
	message := ""
	for _, e := range s.errors {
		name, found := strings.CutPrefix(e.Msg, "undefined: ")
		if word := foreign[name]; found && word != "" {
			from := s.offset(e.Pos)
			edits = append(edits, edit{from, from + len(name), word})
			message = name + " is written " + word
		}
	}
	return changed(lineOf(s, edits), message, edits...)
}

// letterAsText is 'A' beside a text, or as its new value: text stands in
// double quotes.
func letterAsText(s *source) *Change {
	var edits []edit
	s.inspect(func(node ast.Node) bool {
		var sides [][2]ast.Expr
		switch node := node.(type) {
		case *ast.BinaryExpr:
			sides = [][2]ast.Expr{{node.X, node.Y}, {node.Y, node.X}}
		case *ast.AssignStmt:
			if len(node.Lhs) == 1 && len(node.Rhs) == 1 && node.Tok != token.DEFINE {
				sides = [][2]ast.Expr{{node.Rhs[0], node.Lhs[0]}}
			}
		}
		for _, side := range sides {
			letter, ok := side[0].(*ast.BasicLit)
			if ok && letter.Kind == token.CHAR && isText(s.info.TypeOf(side[1])) && !strings.ContainsAny(letter.Value, `\"`) {
				edits = append(edits, s.replace(letter, `"`+strings.Trim(letter.Value, "'")+`"`))
			}
		}
		return true
	})
	return changed(lineOf(s, edits), "text stands in double quotes", edits...)
}

func isText(t types.Type) bool {
	basic, ok := under(t).(*types.Basic)
	return ok && basic.Info()&types.IsString != 0
}

// inspect goes through the body's nodes, as long as visit says so.
func (s *source) inspect(visit func(node ast.Node) bool) {
	for _, statement := range s.body() {
		ast.Inspect(statement, func(node ast.Node) bool { return node == nil || visit(node) })
	}
}

// lengthField is list.length, and list.length() and the like.
func lengthField(s *source) *Change {
	var edits []edit
	s.inspect(func(node ast.Node) bool {
		called, isCall := node.(*ast.CallExpr)
		if isCall && len(called.Args) == 0 {
			node = called.Fun
		} else if isCall {
			return true
		}
		field, ok := node.(*ast.SelectorExpr)
		if !ok || !isLength(field.Sel.Name) || !isList(s.info.TypeOf(field.X)) {
			return true
		}
		end := field.End()
		if isCall {
			end = called.End()
		}
		edits = append(edits, edit{s.offset(field.Pos()), s.offset(end), "len(" + s.code(field.X) + ")"})
		return false
	})
	return changed(lineOf(s, edits), "the length of a list is len(list)", edits...)
}

func isLength(name string) bool {
	switch strings.ToLower(name) {
	case "length", "len", "size", "count":
		return true
	}
	return false
}

// isList tells types that have a length.
func isList(t types.Type) bool {
	switch under(t).(type) {
	case *types.Slice, *types.Map, *types.Array:
		return true
	}
	return isText(t)
}

// elementCall is map.get(key), or list.at(-1).
func elementCall(s *source) *Change {
	var edits []edit
	s.inspect(func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 {
			return true
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		_, isMap := under(s.info.TypeOf(method.X)).(*types.Map)
		_, isSlice := under(s.info.TypeOf(method.X)).(*types.Slice)
		if name := strings.ToLower(method.Sel.Name); isMap && name == "get" || isSlice && name == "at" {
			edits = append(edits, s.replace(call, s.code(method.X)+"["+s.code(call.Args[0])+"]"))
			return false
		}
		return true
	})
	return changed(lineOf(s, edits), "an element is written list[index]", edits...)
}

// negativeIndex is list[-1], which counts from the end.
func negativeIndex(s *source) *Change {
	var edits []edit
	s.inspect(func(node ast.Node) bool {
		element, ok := node.(*ast.IndexExpr)
		if !ok || !isSimple(element.X) {
			return true
		}
		index, negative := element.Index.(*ast.UnaryExpr)
		if _, isSlice := under(s.info.TypeOf(element.X)).(*types.Slice); !isSlice || !negative || index.Op != token.SUB {
			return true
		}
		if number, ok := index.X.(*ast.BasicLit); ok && number.Kind == token.INT && number.Value != "0" {
			edits = append(edits, s.insert(index.Pos(), "len("+s.code(element.X)+")"))
		}
		return true
	})
	return changed(lineOf(s, edits), "an index from the end is written len(list)-1", edits...)
}

// rangeOverNumber is `for i := range 10`, which the interpreter does not have.
// The block must leave the counter and the number alone.
func rangeOverNumber(s *source) *Change {
	var found *Change
	s.inspect(func(node ast.Node) bool {
		loop, ok := node.(*ast.RangeStmt)
		if !ok || found != nil || loop.Value != nil || !isInt(s.info.TypeOf(loop.X)) || !s.isSteady(loop.X) ||
			loop.Key != nil && loop.Tok != token.DEFINE {
			return found == nil
		}
		name := ""
		if key, ok := loop.Key.(*ast.Ident); ok {
			name = key.Name
		}
		if name == "" || name == "_" {
			name = s.fresh("i")
		}
		if s.mayChange(loop.Body, name) || s.mayChange(loop.Body, s.code(loop.X)) || strings.Contains(s.code(loop.Body), "func") {
			return true
		}
		found = changed(s.line(loop.Pos()), "a loop that counts is written for i := 0; i < n; i++",
			edit{s.offset(loop.Pos()), s.offset(loop.Body.Pos()), fmt.Sprintf("for %s := 0; %[1]s < %s; %[1]s++ ", name, s.code(loop.X))})
		return false
	})
	return found
}

func isInt(t types.Type) bool {
	basic, ok := t.(*types.Basic)
	return ok && (basic.Kind() == types.Int || basic.Kind() == types.UntypedInt)
}

// isSteady tells numbers that are the same each time: literals, variables and
// lengths of variables.
func (s *source) isSteady(value ast.Expr) bool {
	switch value := value.(type) {
	case *ast.BasicLit, *ast.Ident:
		return true
	case *ast.CallExpr:
		name, ok := value.Fun.(*ast.Ident)
		if !ok || name.Name != "len" || len(value.Args) != 1 {
			return false
		}
		_, isVariable := value.Args[0].(*ast.Ident)
		return isVariable
	case *ast.BinaryExpr:
		return s.isSteady(value.X) && s.isSteady(value.Y)
	}
	return false
}

// mayChange tells whether a block may change a variable that a text names.
func (s *source) mayChange(block *ast.BlockStmt, text string) bool {
	named := map[string]bool{}
	for _, t := range tokens(text) {
		named[t.text] = t.kind == token.IDENT
	}
	changes := false
	note := func(target ast.Expr) {
		if name, ok := target.(*ast.Ident); ok && named[name.Name] {
			changes = true
		}
	}
	ast.Inspect(block, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.AssignStmt:
			for _, target := range node.Lhs {
				note(target)
			}
		case *ast.IncDecStmt:
			note(node.X)
		case *ast.UnaryExpr:
			if node.Op == token.AND {
				note(node.X)
			}
		}
		return !changes
	})
	return changes
}
