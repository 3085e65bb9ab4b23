// Package replay runs a compiled filter on market data and says what happened
// in the words of the live screener and in Go's own.
package replay

import (
	"fmt"
	"strings"
	"time"

	"filtermend/screener/internal/candidate"
	"filtermend/screener/internal/interpreter"
	"filtermend/screener/types"
)

// The kinds of error that a run can end with.
const (
	Runtime = "runtime" // the process had to end: memory, recursion, a crash
	Panic   = "panic"   // the filter panicked: index, nil, division
	Timeout = "timeout"
)

// Result is what one input led to. Line and SourceLine are the submission's.
type Result struct {
	Symbol      string `json:"symbol"`
	Matched     bool   `json:"matched"`
	Error       string `json:"error"`             // "" when it ran through
	ErrorType   string `json:"error_type"`        // "", runtime, panic or timeout
	NativeError string `json:"native_error"`      // what compiled Go would say, "" when that is not plain
	Hint        string `json:"hint"`              // what would mend it, "" when there is nothing to say
	Without     string `json:"without,omitempty"` // how to do without the data it lacked, "" when that is not plain
	Line        int    `json:"line"`              // 0 when unknown
	SourceLine  string `json:"source_line"`
	StackTrace  string `json:"stack_trace"`
	DurationMS  int64  `json:"duration_ms"`
	Sample      string `json:"sample,omitempty"` // which of the built-in inputs, if it is one
}

// Run evaluates one input. After a timeout the filter still runs: the process
// has to end.
func Run(filter *interpreter.Filter, c candidate.Candidate, data types.MarketData, limit time.Duration) Result {
	type outcome struct {
		matched bool
		fault   any
	}
	result := Result{Symbol: data.Symbol}
	done := make(chan outcome, 1)
	start := time.Now()
	go func() {
		var o outcome
		defer func() {
			o.fault = recover()
			done <- o
		}()
		o.matched = filter.Evaluate(&data)
	}()
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	select {
	case o := <-done:
		result.Matched = o.matched
		if o.fault != nil {
			result.fail(Panic, faultMessage(o.fault))
		}
	case <-deadline.C:
		result.fail(Timeout, TimeoutMessage(limit))
	}
	result.DurationMS = time.Since(start).Milliseconds()
	if result.ErrorType != "" {
		result.place(c, filter.Line())
	}
	return result
}

// Killed is the result of an input that cost the process its life.
func Killed(symbol, errorType, message string, after time.Duration) Result {
	result := Result{Symbol: symbol, DurationMS: after.Milliseconds()}
	result.fail(errorType, message)
	return result
}

// TimeoutMessage is how the live screener words it.
func TimeoutMessage(limit time.Duration) string {
	return fmt.Sprintf("filter execution timed out after %s", limit)
}

func (r *Result) fail(errorType, message string) {
	r.Error, r.ErrorType, r.NativeError = message, errorType, nativeError(message)
	r.Hint = r.hint()
	r.StackTrace = errorType + ": " + message
}

// place adds where it happened.
func (r *Result) place(c candidate.Candidate, programLine int) {
	r.Line = c.Line(programLine)
	if r.Line == 0 {
		return
	}
	r.SourceLine = c.SourceLine(r.Line)
	r.StackTrace += fmt.Sprintf("\n\nmain.%s(...)\n\tfilter.go:%d\n\t\t%s",
		candidate.Name, r.Line, strings.TrimSpace(r.SourceLine))
}
