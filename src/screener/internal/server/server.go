// Package server is the screener's HTTP face.
package server

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"

	"filtermend/screener/internal/candidate"
	"filtermend/screener/internal/contract"
	"filtermend/screener/internal/replay"
	"filtermend/screener/internal/sandbox"
	"filtermend/screener/internal/validate"
	"filtermend/screener/types"
)

// Sandbox compiles and runs what the server would not dare to.
type Sandbox interface {
	Validate(ctx context.Context, code string) (validate.Report, error)
	Replay(ctx context.Context, code string, inputs []types.MarketData) (validate.Report, []replay.Result, error)
	Intent(ctx context.Context, failed, code string) ([]candidate.Diagnostic, error)
	Mend(ctx context.Context, asked sandbox.MendRequest) (sandbox.Mending, error)
}

type server struct {
	sandbox  Sandbox
	contract string
	version  string
}

// New is the handler of all endpoints.
func New(sandbox Sandbox, version string, log *slog.Logger) (http.Handler, error) {
	text, err := contract.Text()
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	s := &server{sandbox: sandbox, contract: text, version: version}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/validate-filter", s.validateFilter)
	mux.HandleFunc("POST /api/test-filter", s.testFilter)
	mux.HandleFunc("POST /api/mend-filter", s.mendFilter)
	mux.HandleFunc("GET /api/filter-contract", s.filterContract)
	mux.HandleFunc("GET /health", s.health)
	return logged(log, mux), nil
}

func (s *server) validateFilter(w http.ResponseWriter, r *http.Request) {
	request, err := decode[validateRequest](w, r, maxValidateBody)
	if err != nil {
		refuse(w, r, err)
		return
	}
	note(r, codeAttributes(*request.Code)...)
	report, err := s.sandbox.Validate(r.Context(), *request.Code)
	if err != nil {
		refuse(w, r, err)
		return
	}
	note(r, slog.Bool("valid", report.Valid))
	var intent []candidate.Diagnostic
	if report.Valid && request.comparable() {
		if intent, err = s.sandbox.Intent(r.Context(), *request.Replaces, *request.Code); err != nil {
			refuse(w, r, err)
			return
		}
		note(r, slog.Int("intent", len(intent)))
	}
	answerReport(w, r, report, intent)
}

func (s *server) testFilter(w http.ResponseWriter, r *http.Request) {
	request, err := decode[testRequest](w, r, maxTestBody)
	if err != nil {
		refuse(w, r, err)
		return
	}
	inputs, samples := request.inputs()
	note(r, append(codeAttributes(*request.Code), slog.Int("inputs", len(inputs)))...)
	report, results, err := s.sandbox.Replay(r.Context(), *request.Code, inputs)
	if err != nil {
		refuse(w, r, err)
		return
	}
	note(r, slog.Bool("valid", report.Valid))
	if !report.Valid {
		answerReport(w, r, report, nil)
		return
	}
	nameSamples(results, 0, samples)
	writeJSON(w, http.StatusOK, testAnswer{Results: results, NormalizedCode: report.NormalizedCode})
}

// mendFilter answers with JSON whatever the verdict: a filter that cannot be
// mended is an answer too.
func (s *server) mendFilter(w http.ResponseWriter, r *http.Request) {
	request, err := decode[mendRequest](w, r, maxTestBody)
	if err != nil {
		refuse(w, r, err)
		return
	}
	inputs, samples := request.inputs()
	note(r, append(codeAttributes(*request.Code), slog.Int("inputs", len(inputs)), slog.Bool("reported", request.Error != ""))...)
	mending, err := s.sandbox.Mend(r.Context(), sandbox.MendRequest{
		Code: *request.Code, Reported: request.Error, Inputs: inputs, NoGuards: request.noGuards(),
		Optional: request.without(), Strategy: request.Strategy,
	})
	if err != nil {
		refuse(w, r, err)
		return
	}
	own := len(inputs) - len(samples)
	nameSamples(mending.Before.Results, own, samples)
	nameSamples(mending.After.Results, own, samples)
	note(r, slog.Bool("valid", mending.Before.Report.Valid), slog.Bool("mended_valid", mending.After.Report.Valid),
		slog.Int("changes", len(mending.Changes)))
	writeJSON(w, http.StatusOK, mendAnswerOf(mending))
}

func (s *server) filterContract(w http.ResponseWriter, _ *http.Request) {
	writeText(w, http.StatusOK, s.contract)
}

func (s *server) health(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok", "version": s.version})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // an error means that the client has gone
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}
