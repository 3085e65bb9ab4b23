package intent

import (
	"go/ast"
	"go/token"
	"go/types"

	"filtermend/screener/internal/candidate"
	"filtermend/screener/internal/validate"
)

// tree is a code that parses, what cannot be reached in it, and its answer.
type tree struct {
	candidate candidate.Candidate
	fset      *token.FileSet
	info      *types.Info
	first     map[types.Object]ast.Expr // what a variable begins with
	changed   map[types.Object]bool
	dead      []span
	returns   []ast.Expr
	answer    answer
}

// parse finds out what can be reached; nothing is known of what does not parse.
func parse(c candidate.Candidate) *tree {
	t := &tree{candidate: c, fset: token.NewFileSet(), first: map[types.Object]ast.Expr{}, changed: map[types.Object]bool{}}
	file, problems := c.Parse(t.fset)
	if problems != nil || file == nil {
		return t
	}
	t.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{},
		Defs:  map[*ast.Ident]types.Object{},
		Uses:  map[*ast.Ident]types.Object{},
	}
	broken := len(validate.TypeCheck(t.fset, file, t.info)) > 0
	body := file.Decls[len(file.Decls)-1].(*ast.FuncDecl).Body
	ast.Inspect(body, func(node ast.Node) bool {
		t.noteVariables(node)
		return true
	})
	if complete := t.list(body.List); complete || !broken {
		t.answer = t.answerOf()
	}
	return t
}

func (t *tree) line(at token.Pos) int { return t.candidate.Line(t.fset.PositionFor(at, false).Line) }

func (t *tree) noteVariables(node ast.Node) {
	switch node := node.(type) {
	case *ast.AssignStmt:
		for i, left := range node.Lhs {
			name, ok := left.(*ast.Ident)
			switch {
			case ok && t.info.Defs[name] != nil && len(node.Lhs) == len(node.Rhs):
				t.first[t.info.Defs[name]] = node.Rhs[i]
			case ok:
				t.changed[t.info.Uses[name]] = true
			}
		}
	case *ast.ValueSpec:
		for i, name := range node.Names {
			if len(node.Values) == len(node.Names) {
				t.first[t.info.Defs[name]] = node.Values[i]
			} else if isNamed(node.Type, "bool") && node.Values == nil {
				t.first[t.info.Defs[name]] = ast.NewIdent("false")
			}
		}
	case *ast.UnaryExpr:
		if name, ok := node.X.(*ast.Ident); ok && node.Op == token.AND {
			t.changed[t.info.Uses[name]] = true
		}
	}
}

// kill notes that a node cannot be reached.
func (t *tree) kill(node ast.Node) {
	t.dead = append(t.dead, span{t.offset(node.Pos()), t.offset(node.End())})
}

func (t *tree) offset(at token.Pos) int {
	return t.candidate.BodyOffset(t.fset.PositionFor(at, false).Offset)
}

// list goes through statements up to one that does not go on, and tells
// whether there is one. A label can be jumped to.
func (t *tree) list(statements []ast.Stmt) (ends bool) {
	for _, s := range statements {
		if _, isLabel := s.(*ast.LabeledStmt); ends && !isLabel {
			t.kill(s)
			continue
		}
		ends = t.statement(s)
	}
	return ends
}

// statement tells whether what follows is never reached.
func (t *tree) statement(s ast.Stmt) (ends bool) {
	switch s := s.(type) {
	case *ast.ReturnStmt:
		t.returns = append(t.returns, s.Results...)
		return true
	case *ast.BranchStmt:
		return s.Tok != token.FALLTHROUGH
	case *ast.LabeledStmt:
		t.statement(s.Stmt)
	case *ast.BlockStmt:
		return t.list(s.List)
	case *ast.ExprStmt:
		call, ok := s.X.(*ast.CallExpr)
		return ok && isNamed(call.Fun, "panic")
	case *ast.IfStmt:
		return t.branches(s)
	default:
		t.inside(s)
	}
	return false
}

// inside goes into a statement after which the next one can be reached.
func (t *tree) inside(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.ForStmt:
		if s.Cond != nil && t.truth(s.Cond) == no {
			t.kill(s.Body)
			return
		}
		t.list(s.Body.List)
	case *ast.RangeStmt:
		t.list(s.Body.List)
	case *ast.SwitchStmt:
		t.list(s.Body.List)
	case *ast.TypeSwitchStmt:
		t.list(s.Body.List)
	case *ast.SelectStmt:
		t.list(s.Body.List)
	case *ast.CaseClause:
		t.list(s.Body)
	case *ast.CommClause:
		t.list(s.Body)
	}
}

// branches goes into the branches of an if that can be taken.
func (t *tree) branches(s *ast.IfStmt) (ends bool) {
	condition := t.truth(s.Cond)
	ends = true
	if condition == no {
		t.kill(s.Body)
	} else {
		ends = t.list(s.Body.List)
	}
	switch {
	case s.Else == nil:
		return ends && condition == yes
	case condition == yes:
		t.kill(s.Else)
		return ends
	}
	return t.statement(s.Else) && ends
}
