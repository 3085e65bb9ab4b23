package mend

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"filtermend/screener/internal/validate"
)

// probeName is the variable that shows a value's type.
const probeName = "probe__"

// typeOf is the type that a value has in front of the i-th token, which begins
// a statement; nil when what is before it says nothing of it. What comes after
// may be broken.
func (s *source) typeOf(i int, value string) types.Type {
	return s.probe(i, probeName+" := "+value)
}

// takes tells whether a variable of a type can have a value.
func (s *source) takes(i int, typ, value string) bool {
	return s.probe(i, "var "+probeName+" "+typ+" = "+value) != nil
}

// probe is the type of the variable that a statement declares, if it is right.
func (s *source) probe(i int, statement string) types.Type {
	text := understood(s.text[:s.at(i).from]+"\n"+statement) + "\n"
	from := len(text) - len(understood(statement)) - 1
	for _, bracket := range s.open(i) {
		text += bracket
	}
	probed := analyse(text, validate.Report{})
	if probed.file == nil {
		return nil
	}
	for _, e := range probed.errors {
		at := probed.offset(e.Pos)
		if at >= from && at <= from+len(statement) && !strings.Contains(e.Msg, "declared and not used") {
			return nil
		}
	}
	for identifier, object := range probed.info.Defs {
		if identifier.Name == probeName && object != nil && object.Type() != types.Typ[types.Invalid] {
			return object.Type()
		}
	}
	return nil
}

// open are the brackets that close what is open in front of a token.
func (s *source) open(i int) []string {
	var closing []string
	for _, t := range s.tokens[:i] {
		switch t.kind {
		case token.LBRACE:
			closing = append([]string{"\n}"}, closing...)
		case token.LPAREN:
			closing = append([]string{")"}, closing...)
		case token.LBRACK:
			closing = append([]string{"]"}, closing...)
		case token.RBRACE, token.RPAREN, token.RBRACK:
			closing = closing[min(1, len(closing)):]
		}
	}
	return closing
}

// common is the type that a variable needs which has one of some values, as it
// is written; "" when that is not plain.
func (s *source) common(i int, values []string) string {
	var typ string
	for _, value := range values {
		found := s.typeOf(i, value)
		if found == nil {
			continue
		}
		written := types.TypeString(found, func(p *types.Package) string {
			if p.Name() == "main" {
				return ""
			}
			return p.Name()
		})
		if typ == "" || typ == "int" && written == "float64" { // 1 is a float64 too, where it stands beside one
			typ = written
		}
	}
	for _, value := range values {
		if typ == "" || !s.takes(i, typ, value) {
			return ""
		}
	}
	return typ
}

// isSimple tells values that cost nothing and change nothing, however often
// they are asked for: variables, fields and elements.
func isSimple(value ast.Expr) bool {
	switch value := value.(type) {
	case *ast.Ident, *ast.BasicLit:
		return true
	case *ast.SelectorExpr:
		return isSimple(value.X)
	case *ast.IndexExpr:
		return isSimple(value.X) && isSimple(value.Index)
	case *ast.StarExpr:
		return isSimple(value.X)
	}
	return false
}
