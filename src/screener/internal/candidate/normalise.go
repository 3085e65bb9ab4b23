package candidate

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"strconv"
	"strings"
)

// Normalise finds the body in a submission that may be a Markdown answer, a
// whole file or a whole function. Its diagnostics say why there is none; the
// candidate then holds what could be peeled off so far.
func Normalise(submission string) (Candidate, []Diagnostic) {
	submission = strings.TrimPrefix(submission, "\ufeff")
	c := Candidate{
		submitted: strings.Split(submission, "\n"),
		body:      unfenced(piece{submission, 1, 1}),
	}
	if len(c.body.text) < len(submission) {
		c.peel(max(1, c.body.line-1), "the text around the code is left out")
	}
	if strings.TrimSpace(c.body.text) == "" {
		return c, []Diagnostic{{Message: "the filter is empty"}}
	}
	isFile := c.body.startsWith(token.PACKAGE)
	if isFile || c.body.startsWith(token.IMPORT) {
		if diagnostics := c.dropHeader(isFile); diagnostics != nil {
			return c, diagnostics
		}
	}
	if isFile || c.body.startsWith(token.FUNC, token.IDENT) {
		return c, c.dropFunction()
	}
	return c, nil
}

// unfenced is the content of the first Markdown code fence, if there is one.
func unfenced(p piece) piece {
	if blocks := fenced(p); len(blocks) > 0 {
		return blocks[0]
	}
	return p
}

// Joined is what stands in all Markdown code fences of a submission, one after
// the other; "" when there are less than two.
func Joined(submission string) string {
	blocks := fenced(piece{submission, 1, 1})
	if len(blocks) < 2 {
		return ""
	}
	var text strings.Builder
	for _, block := range blocks {
		text.WriteString(block.text)
	}
	return text.String()
}

// fenced are the contents of the code fences; the last may lack its end.
func fenced(p piece) []piece {
	var blocks []piece
	mark, from, offset := "", 0, 0
	for line := range strings.Lines(p.text) {
		text := strings.TrimSpace(line)
		switch {
		case mark == "" && (strings.HasPrefix(text, "```") || strings.HasPrefix(text, "~~~")):
			mark, from = text[:3], offset+len(line)
		case mark != "" && strings.HasPrefix(text, mark):
			blocks, mark = append(blocks, p.cut(from, offset)), ""
		}
		offset += len(line)
	}
	if mark != "" {
		blocks = append(blocks, p.cut(from, len(p.text)))
	}
	return blocks
}

// dropHeader takes the package clause and the imports away; the screener
// writes its own. An import that it does not have is refused.
func (c *Candidate) dropHeader(hasPackage bool) []Diagnostic {
	head := ""
	if !hasPackage {
		head = "package main;"
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", c.body.padded(head, "\n"), parser.ImportsOnly)
	if err != nil {
		return c.parseErrors(err)
	}
	var diagnostics []Diagnostic
	for _, spec := range file.Imports {
		if problem := importProblem(spec); problem != "" {
			diagnostics = append(diagnostics, c.Diagnose(fset.Position(spec.Path.Pos()), problem))
		}
	}
	end := file.Name.End()
	if len(file.Decls) > 0 {
		end = file.Decls[len(file.Decls)-1].End()
	}
	from := max(0, fset.Position(end).Offset-len(c.body.indent(head)))
	rest := c.body.cut(from, len(c.body.text))
	if strings.HasPrefix(rest.text, ";") {
		rest = rest.cut(1, len(rest.text))
	}
	c.peel(c.body.line, "the package and import lines are left out: a filter needs none")
	c.body = rest
	return diagnostics
}

// importProblem allows the two packages of the contract, from whatever module.
func importProblem(spec *ast.ImportSpec) string {
	name, _ := strconv.Unquote(spec.Path.Value)
	base := path.Base(name)
	if (base != "types" && base != "indicators") || name == "go/types" {
		return fmt.Sprintf("import %q is not available: a filter has the packages types and indicators, nothing else", name)
	}
	if spec.Name != nil && spec.Name.Name != base {
		return fmt.Sprintf("import of %s as %s: the screener imports it under its own name", base, spec.Name.Name)
	}
	return ""
}

// dropFunction takes the function around the body away; there must be one
// function, and nothing else.
func (c *Candidate) dropFunction() []Diagnostic {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", c.body.padded("package main", "\n"), parser.SkipObjectResolution)
	if err != nil {
		return c.functionErrors(fset, file, err)
	}
	function, diagnostics := c.onlyFunction(fset, file)
	if diagnostics != nil {
		return diagnostics
	}
	start := len(c.body.indent("package main"))
	from := fset.Position(function.Body.Lbrace).Offset + 1 - start
	to := fset.Position(function.Body.Rbrace).Offset - start
	c.peel(fset.Position(function.Pos()).Line-1, "the function around the code is left out: a filter is its body alone")
	c.body = c.body.cut(from, to)
	return nil
}

// functionErrors are the parser's, unless they come from a body that begins
// with a helper function: then the helper is the mistake.
func (c *Candidate) functionErrors(fset *token.FileSet, file *ast.File, err error) []Diagnostic {
	diagnostics := c.parseErrors(err)
	found, isStatement := strings.CutPrefix(diagnostics[0].Message, "expected declaration, found ")
	if isStatement && found != "'}'" && len(file.Decls) > 0 {
		return []Diagnostic{c.Diagnose(fset.Position(file.Decls[0].Pos()), outsideBody)}
	}
	return diagnostics
}

// onlyFunction is the function of a file that declares nothing else.
func (c *Candidate) onlyFunction(fset *token.FileSet, file *ast.File) (*ast.FuncDecl, []Diagnostic) {
	function := findEvaluate(file)
	if function == nil {
		return nil, []Diagnostic{{Message: "the file has no function to take the body from"}}
	}
	var diagnostics []Diagnostic
	for _, decl := range file.Decls {
		if decl != function {
			diagnostics = append(diagnostics, c.Diagnose(fset.Position(decl.Pos()), outsideBody))
		}
	}
	if !isEvaluate(function) {
		diagnostics = append(diagnostics, c.Diagnose(fset.Position(function.Pos()),
			"the function must be func evaluate(data *types.MarketData) bool"))
	}
	return function, diagnostics
}

// findEvaluate is the function with the right signature, or the first one.
func findEvaluate(file *ast.File) (found *ast.FuncDecl) {
	for _, decl := range file.Decls {
		function, ok := decl.(*ast.FuncDecl)
		if ok && (found == nil || isEvaluate(function) && !isEvaluate(found)) {
			found = function
		}
	}
	return found
}

const outsideBody = "a filter is the body of one function: declare this inside it (a helper as name := func(...) ... { ... })"

// isEvaluate compares the signature; the name may be another.
func isEvaluate(function *ast.FuncDecl) bool {
	params, results := function.Type.Params.List, function.Type.Results
	return function.Recv == nil && function.Type.TypeParams == nil && function.Body != nil &&
		len(params) == 1 && len(params[0].Names) == 1 && params[0].Names[0].Name == "data" &&
		types.ExprString(params[0].Type) == "*types.MarketData" &&
		results != nil && len(results.List) == 1 && len(results.List[0].Names) == 0 &&
		types.ExprString(results.List[0].Type) == "bool"
}
