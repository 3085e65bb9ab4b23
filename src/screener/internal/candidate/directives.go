package candidate

import (
	"go/ast"
	"go/token"
	"strconv"
	"strings"
)

// compilerDirectives are the words after //go: that the compiler insists on
// seeing where they belong, which is never inside a function.
var compilerDirectives = map[string]bool{
	"build": true, "embed": true, "linkname": true, "nocheckptr": true, "noescape": true, "noinline": true,
	"nointerface": true, "norace": true, "nosplit": true, "notinheap": true, "nowritebarrier": true,
	"nowritebarrierrec": true, "registerparams": true, "systemstack": true, "uintptrescapes": true,
	"uintptrkeepalive": true, "wasmexport": true, "wasmimport": true, "yeswritebarrierrec": true,
}

// directiveErrors are the comments that Go reads as orders to the compiler,
// and refuses. The parser does not look at them.
func (c Candidate) directiveErrors(fset *token.FileSet, file *ast.File) []Diagnostic {
	var diagnostics []Diagnostic
	for _, group := range file.Comments {
		for _, comment := range group.List {
			at := fset.PositionFor(comment.Pos(), false)
			if problem := directiveProblem(comment.Text, at.Column); problem != "" {
				diagnostics = append(diagnostics, c.Diagnose(at, problem))
			}
		}
	}
	return diagnostics
}

func directiveProblem(comment string, column int) string {
	if order, found := strings.CutPrefix(comment, "//go:"); found {
		if word, _, _ := strings.Cut(order, " "); compilerDirectives[word] {
			return "misplaced compiler directive"
		}
		return ""
	}
	position, found := lineDirective(comment, column)
	colon := strings.LastIndexByte(position, ':')
	if !found || colon < 0 {
		return ""
	}
	if number, err := strconv.ParseUint(position[colon+1:], 10, 31); err != nil || number == 0 {
		return "invalid line number: " + position[colon+1:]
	}
	return ""
}

// lineDirective is what follows //line at the beginning of a line, or /*line anywhere.
func lineDirective(comment string, column int) (string, bool) {
	if column == 1 {
		if position, found := strings.CutPrefix(comment, "//line "); found {
			return strings.TrimSuffix(position, "\r"), true
		}
	}
	position, found := strings.CutPrefix(comment, "/*line ")
	return strings.TrimSuffix(position, "*/"), found
}
