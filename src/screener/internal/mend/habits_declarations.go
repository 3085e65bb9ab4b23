package mend

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// declarationWord is `let x = value`. Several at once stay: Go has another order.
func declarationWord(s *source) *Change {
	for i, t := range s.tokens {
		if !t.is("let") || !s.starts(i) || s.at(i+1).kind != token.IDENT || s.at(i+2).kind != token.ASSIGN {
			continue
		}
		if slices.ContainsFunc(s.flat(i+3, s.end(i)), func(t tok) bool { return t.kind == token.COMMA }) {
			continue
		}
		name, assign := s.at(i+1), s.at(i+2)
		return changed(t.line, fmt.Sprintf("%s is declared with :=", name.text),
			edit{t.from, name.from, ""}, edit{assign.from, assign.to, ":="})
	}
	return nil
}

// flat are the tokens from i up to j that stand in no brackets.
func (s *source) flat(i, j int) []tok {
	var found []tok
	for ; i < j; i++ {
		found = append(found, s.at(i))
		switch s.at(i).kind {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			if closing := s.closing(i); closing > 0 {
				i = closing
			}
		}
	}
	return found
}

// typeNames are other languages' names of the types that Go also has.
var typeNames = map[string]string{
	"float64": "float64", "double": "float64", "float": "float64", "int": "int", "bool": "bool", "boolean": "bool",
	"string": "string", "String": "string",
}

// typeBeforeName is `float64 x = value`.
func typeBeforeName(s *source) *Change {
	for i, t := range s.tokens {
		name := s.at(i + 1)
		if t.kind != token.IDENT || typeNames[t.text] == "" || !s.starts(i) || name.kind != token.IDENT ||
			s.at(i+2).kind != token.ASSIGN || name.line != t.line {
			continue
		}
		return changed(t.line, fmt.Sprintf("the type of %s stands behind its name", name.text),
			edit{t.from, name.to, "var " + name.text + " " + typeNames[t.text]})
	}
	return nil
}

// changingConstant is a const whose value is not known before the filter runs.
func changingConstant(s *source) *Change {
	for _, e := range s.errors {
		if !strings.Contains(e.Msg, "is not constant") {
			continue
		}
		for _, declaration := range s.declarations(token.CONST) {
			if e.Pos < declaration.Pos() || e.Pos >= declaration.End() {
				continue
			}
			edits := []edit{{s.offset(declaration.Pos()), s.offset(declaration.Pos()) + len("const"), "var"}}
			spec := declaration.Specs[0].(*ast.ValueSpec)
			if !declaration.Lparen.IsValid() && spec.Type == nil && len(spec.Names) == 1 && len(spec.Values) == 1 {
				value := s.code(spec.Values[0])
				edits = []edit{s.replace(declaration, spec.Names[0].Name+" := "+value)}
			}
			return changed(s.line(e.Pos), spec.Names[0].Name+" is no constant: it is declared with :=", edits...)
		}
	}
	return nil
}

func (s *source) declarations(kind token.Token) (found []*ast.GenDecl) {
	if s.file == nil {
		return nil
	}
	ast.Inspect(s.file.Decls[len(s.file.Decls)-1], func(node ast.Node) bool {
		if declaration, ok := node.(*ast.GenDecl); ok && declaration.Tok == kind && len(declaration.Specs) > 0 {
			found = append(found, declaration)
		}
		return true
	})
	return found
}

// unusedLabel is a label that nothing jumps to.
func unusedLabel(s *source) *Change {
	for _, e := range s.errors {
		name, found := strings.CutPrefix(e.Msg, "label ")
		name, found = strings.CutSuffix(name, " declared and not used")
		if !found {
			continue
		}
		from := s.offset(e.Pos)
		colon := strings.IndexByte(s.text[from:], ':')
		if colon < 0 || strings.TrimSpace(s.text[from:from+colon]) != name {
			continue
		}
		return changed(s.line(e.Pos), "nothing jumps to the label "+name, edit{from, from + colon + 1, ""})
	}
	return nil
}
