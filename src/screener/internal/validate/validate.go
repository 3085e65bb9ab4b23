// Package validate finds out whether a filter compiles, without running any of
// it, and explains what is wrong in terms of the submitted lines.
package validate

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	"filtermend/screener/internal/candidate"
	"filtermend/screener/internal/interpreter"
)

// maxDiagnostics is how many are worth reading.
const maxDiagnostics = 20

// language is the Go release whose language the interpreter has: no min, max,
// clear, and no range over a number.
const language = "go1.20"

// Report is the verdict on one submission.
type Report struct {
	Valid          bool                   `json:"valid"`
	NormalizedCode string                 `json:"normalized_code"`
	Diagnostics    []candidate.Diagnostic `json:"diagnostics"`
}

// Refuse is the report on a submission that could not be looked at in detail.
func Refuse(message string) Report {
	return Report{Diagnostics: []candidate.Diagnostic{{Message: message}}}
}

// Check validates a submission: shape, then types, then the interpreter.
func Check(submission string) Report {
	report, _ := Prepare(submission)
	return report
}

// Prepare is Check for those who go on to run the candidate.
func Prepare(submission string) (Report, candidate.Candidate) {
	c, diagnostics := candidate.Normalise(submission)
	if diagnostics == nil {
		diagnostics = check(c)
	}
	diagnostics = explain(diagnostics[:min(len(diagnostics), maxDiagnostics)])
	return Report{
		Valid:          len(diagnostics) == 0,
		NormalizedCode: c.Formatted(),
		Diagnostics:    diagnostics,
	}, c
}

func check(c candidate.Candidate) []candidate.Diagnostic {
	i, err := interpreter.New()
	if err != nil {
		return []candidate.Diagnostic{{Message: err.Error()}}
	}
	file, diagnostics := c.Parse(i.FileSet())
	if diagnostics != nil {
		return diagnostics
	}
	if diagnostics := checkTypes(c, i.FileSet(), file); diagnostics != nil {
		return diagnostics
	}
	if err := i.Compile(file); err != nil {
		return []candidate.Diagnostic{interpreterError(c, err)}
	}
	return nil
}

// checkTypes is the Go compiler's opinion, which is stricter than the
// interpreter's and better worded.
func checkTypes(c candidate.Candidate, fset *token.FileSet, file *ast.File) []candidate.Diagnostic {
	var diagnostics []candidate.Diagnostic
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	for _, e := range TypeCheck(fset, file, info) {
		at := fset.PositionFor(e.Pos, false)
		switch {
		case at.Line == 1:
			diagnostics = append(diagnostics, candidate.Diagnostic{Message: e.Msg})
		case isContinued(e) && len(diagnostics) > 0:
			d := &diagnostics[len(diagnostics)-1]
			d.Message += fmt.Sprintf(" (%s at line %d)", strings.TrimSpace(e.Msg), c.Diagnose(at, "").Line)
		default:
			diagnostics = append(diagnostics, c.Diagnose(at, e.Msg))
		}
	}
	if diagnostics == nil {
		diagnostics = sizeErrors(c, fset, file, info, sizes)
	}
	return diagnostics
}

var sizes = types.SizesFor("gc", runtime.GOARCH)

// TypeCheck checks a program's types against the contract, notes in info what
// is asked for there, and lists all errors in the order of their discovery.
func TypeCheck(fset *token.FileSet, file *ast.File, info *types.Info) []types.Error {
	var found []types.Error
	config := types.Config{
		GoVersion: language,
		Importer:  libraryImporter{},
		Sizes:     sizes,
		Error: func(err error) {
			e := err.(types.Error)
			if e.Soft && fset.PositionFor(e.Pos, false).Line == 1 {
				return // the body need not use what is imported for it
			}
			found = append(found, e)
		},
	}
	_, _ = config.Check("main", fset, []*ast.File{file}, info) // its error is the first of those found
	return found
}

// isContinued tells a second place of the error before, such as an earlier declaration.
func isContinued(e types.Error) bool { return strings.HasPrefix(e.Msg, "\t") }

// position is how the interpreter begins a message.
var position = regexp.MustCompile(`^(\d+):(\d+): `)

func interpreterError(c candidate.Candidate, err error) candidate.Diagnostic {
	message := strings.TrimPrefix(err.Error(), "_.go:")
	found := position.FindStringSubmatch(message)
	if found == nil {
		return candidate.Diagnostic{Message: message}
	}
	line, _ := strconv.Atoi(found[1])
	column, _ := strconv.Atoi(found[2])
	return c.Diagnose(token.Position{Line: line, Column: column}, message[len(found[0]):])
}
