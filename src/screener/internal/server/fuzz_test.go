package server_test

import (
	"encoding/json"
	"go/token"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"filtermend/screener/internal/candidate"
	"filtermend/screener/internal/replay"
	"filtermend/screener/internal/sandbox"
	"filtermend/screener/internal/screenertest"
	"filtermend/screener/internal/server"
	"filtermend/screener/internal/validate"
)

var executable string

func TestMain(m *testing.M) {
	os.Exit(screenertest.Run(m, func(path string) { executable = path }))
}

// answerLimit is longer than any answer should take with fuzzing's short limits.
const answerLimit = 20 * time.Second

// fuzzed is a handler with real workers, whose limits are short so that a loop
// costs the fuzzer little.
func fuzzed(f *testing.F) http.Handler {
	f.Helper()
	pool, err := sandbox.NewPool(sandbox.Config{
		Executable: executable, Workers: 2,
		InputLimit: 100 * time.Millisecond, ReplayLimit: 10 * time.Second, // the fuzzer starves them
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(pool.Close)
	handler, err := server.New(pool, "fuzz", slog.New(slog.NewJSONHandler(io.Discard, nil)))
	if err != nil {
		f.Fatal(err)
	}
	return handler
}

// addFilters seeds with files of the truth table.
func addFilters(f *testing.F, pattern string) {
	f.Helper()
	files, err := filepath.Glob("../validate/testdata/truth/" + pattern)
	if err != nil || len(files) == 0 {
		f.Fatal("no truth table", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range strings.Split("\n"+string(text), "\n=== ")[1:] {
			_, code, _ := strings.Cut(part, "\n")
			f.Add(code)
		}
	}
}

// answerTo sends a body and checks what is true of every answer.
func answerTo(t *testing.T, handler http.Handler, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequest("POST", path, strings.NewReader(body))
	request.Header.Set("Accept", asJSON)
	answer := httptest.NewRecorder()
	start := time.Now()
	handler.ServeHTTP(answer, request)
	if took := time.Since(start); took > answerLimit {
		t.Errorf("it took %s", took)
	}
	switch answer.Code {
	case http.StatusOK, http.StatusBadRequest, http.StatusRequestEntityTooLarge:
	default:
		t.Errorf("status %d: %s", answer.Code, answer.Body)
	}
	if !json.Valid(answer.Body.Bytes()) {
		t.Errorf("not JSON: %s", answer.Body)
	}
	if goroutines := runtime.NumGoroutine(); goroutines > 300 {
		t.Errorf("%d goroutines: they leak", goroutines)
	}
	return answer
}

// checkReport checks what is true of every verdict, and returns it.
func checkReport(t *testing.T, code string, answer *httptest.ResponseRecorder) validate.Report {
	t.Helper()
	var report validate.Report
	if err := json.Unmarshal(answer.Body.Bytes(), &report); err != nil {
		t.Fatal(err)
	}
	if (answer.Code == http.StatusOK) != report.Valid || report.Valid != (len(report.Diagnostics) == 0) {
		t.Errorf("status %d: %+v", answer.Code, report)
	}
	lines := strings.Split(code, "\n")
	for _, d := range report.Diagnostics {
		if d.Line < 0 || d.Line > len(lines) || d.Column < 0 || d.Message == "" {
			t.Errorf("diagnostic %+v of %d lines", d, len(lines))
		}
	}
	return report
}

// FuzzValidateFilter: every submission gets a verdict, and what is valid is
// valid again in its normalised form.
func FuzzValidateFilter(f *testing.F) {
	addFilters(f, "*.txt")
	handler := fuzzed(f)
	f.Fuzz(func(t *testing.T, code string) {
		code = strings.ToValidUTF8(code, "?")    // as JSON makes it
		c, problems := candidate.Normalise(code) // here too, which shows the fuzzer what its changes reach
		if problems == nil {
			_, _ = c.Parse(token.NewFileSet())
		}
		report := checkReport(t, code, answerTo(t, handler, "/api/validate-filter", withCode(code)))
		if !report.Valid {
			return
		}
		if formatted := c.Formatted(); formatted != report.NormalizedCode {
			t.Errorf("normalised here %q, there %q", formatted, report.NormalizedCode)
		}
		again := checkReport(t, report.NormalizedCode,
			answerTo(t, handler, "/api/validate-filter", withCode(report.NormalizedCode)))
		if !again.Valid || again.NormalizedCode != report.NormalizedCode {
			t.Errorf("normalised: %+v\nafter %+v", again, report)
		}
	})
}

// FuzzTestFilter: every submission that is valid has a result for each sample.
func FuzzTestFilter(f *testing.F) {
	addFilters(f, "valid.txt")
	handler := fuzzed(f)
	f.Fuzz(func(t *testing.T, code string) {
		code = strings.ToValidUTF8(code, "?")
		if c, problems := candidate.Normalise(code); problems == nil {
			_, _ = c.Parse(token.NewFileSet())
		}
		answer := answerTo(t, handler, "/api/test-filter", withCode(code))
		if answer.Code != http.StatusOK {
			checkReport(t, code, answer)
			return
		}
		var got struct{ Results []replay.Result }
		if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Results) != len(replay.Samples()) {
			t.Errorf("%d results: %s", len(got.Results), answer.Body)
		}
		for _, result := range got.Results {
			if result.Line < 0 || result.Line > strings.Count(code, "\n")+1 || (result.Error == "") != (result.ErrorType == "") {
				t.Errorf("result %+v", result)
			}
		}
	})
}

// FuzzRequestBody: whatever arrives is answered.
func FuzzRequestBody(f *testing.F) {
	f.Add(false, withCode("return true"))
	f.Add(true, `{"code":"return data.Ticker.LastPrice > 3","market_data":[{"symbol":"A","ticker":{"lastPrice":1e300},"klines":{"5m":[{"close":1}]},"timestamp":"2026-01-01T00:00:00Z"}]}`)
	f.Add(true, `{"code":"return true","market_data":[null,{}]}`)
	f.Add(false, `{"code":null}`)
	f.Add(false, strings.Repeat("[", 10001))
	f.Add(true, `{"code":"\ud800","market_data":[]}`)
	handler := fuzzed(f)
	f.Fuzz(func(t *testing.T, isTest bool, body string) {
		path := "/api/validate-filter"
		if isTest {
			path = "/api/test-filter"
		}
		answerTo(t, handler, path, body)
	})
}
