package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"filtermend/screener/internal/candidate"
	"filtermend/screener/internal/mend"
	"filtermend/screener/internal/replay"
	"filtermend/screener/internal/sandbox"
	"filtermend/screener/internal/validate"
)

// statusClientGone is what the log shows for requests that nobody waits for any more.
const statusClientGone = 499

type testAnswer struct {
	Results        []replay.Result `json:"results"`
	NormalizedCode string          `json:"normalized_code"`
}

// mendAnswer is a filter as it was, and after the certain changes.
type mendAnswer struct {
	Before  outcome       `json:"before"`
	Code    string        `json:"code"` // the body alone
	Changes []mend.Change `json:"changes"`
	outcome
}

type outcome struct {
	Valid       bool                   `json:"valid"`
	Diagnostics []candidate.Diagnostic `json:"diagnostics"`
	Results     []replay.Result        `json:"results"` // none when it is not valid
}

func mendAnswerOf(m sandbox.Mending) mendAnswer {
	return mendAnswer{
		Before:  outcomeOf(m.Before),
		Code:    m.Code,
		Changes: append([]mend.Change{}, m.Changes...),
		outcome: outcomeOf(m.After),
	}
}

// outcomeOf has lists, never nulls.
func outcomeOf(o sandbox.Outcome) outcome {
	return outcome{
		Valid:       o.Report.Valid,
		Diagnostics: append([]candidate.Diagnostic{}, o.Report.Diagnostics...),
		Results:     append([]replay.Result{}, o.Results...),
	}
}

// nameSamples says which of the built-in inputs each result is of.
func nameSamples(results []replay.Result, own int, samples []replay.Sample) {
	for i, sample := range samples {
		if own+i < len(results) {
			results[own+i].Sample = sample.Name
		}
	}
}

// reportAnswer is a verdict, and what the code gave up of the one it replaces.
type reportAnswer struct {
	validate.Report
	Intent []candidate.Diagnostic `json:"intent"`
}

func reportAnswerOf(report validate.Report, intent []candidate.Diagnostic) reportAnswer {
	return reportAnswer{report, append([]candidate.Diagnostic{}, intent...)}
}

// answerReport sends a verdict as JSON to those who accept it, otherwise as text.
func answerReport(w http.ResponseWriter, r *http.Request, report validate.Report, intent []candidate.Diagnostic) {
	status := http.StatusOK
	if !report.Valid {
		status = http.StatusBadRequest
	}
	if wantsJSON(r) {
		writeJSON(w, status, reportAnswerOf(report, intent))
		return
	}
	writeText(w, status, reportText(report))
}

// refuse answers a request that got no verdict.
func refuse(w http.ResponseWriter, r *http.Request, err error) {
	status, message := http.StatusInternalServerError, "the screener failed to look at the filter"
	var wrong problem
	switch {
	case errors.As(err, &wrong):
		status, message = wrong.status, wrong.message
	case errors.Is(err, sandbox.ErrBusy):
		w.Header().Set("Retry-After", "1")
		status, message = http.StatusServiceUnavailable, err.Error()
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		status, message = statusClientGone, "the request was given up"
	}
	note(r, errorAttribute(err))
	switch {
	case !wantsJSON(r):
		writeText(w, status, message)
	case status == http.StatusRequestEntityTooLarge:
		writeJSON(w, status, reportAnswerOf(validate.Refuse(message), nil)) // a verdict on the code, in a way
	default:
		writeJSON(w, status, map[string]string{"error": message})
	}
}

func wantsJSON(r *http.Request) bool {
	return strings.Contains(strings.Join(r.Header.Values("Accept"), ","), "application/json")
}

// reportText is a report for people: a line per diagnostic, with its hint.
func reportText(report validate.Report) string {
	if report.Valid {
		return "ok\n"
	}
	var text strings.Builder
	for _, d := range report.Diagnostics {
		if d.Line > 0 {
			fmt.Fprintf(&text, "line %d, column %d: ", d.Line, d.Column)
		}
		text.WriteString(d.Message)
		if d.SourceLine != "" {
			fmt.Fprintf(&text, "\n    %s", strings.TrimSpace(d.SourceLine))
		}
		if d.Hint != "" {
			fmt.Fprintf(&text, "\n    hint: %s", d.Hint)
		}
		text.WriteString("\n")
	}
	return text.String()
}
