package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"filtermend/screener/internal/candidate"
	"filtermend/screener/internal/intent"
	"filtermend/screener/internal/mend"
	"filtermend/screener/internal/replay"
	"filtermend/screener/internal/sandbox"
	"filtermend/screener/internal/server"
	"filtermend/screener/internal/validate"
	"filtermend/screener/types"
)

// inProcess validates for real and pretends to replay.
type inProcess struct {
	err      error
	inputs   []types.MarketData
	reported string
	asked    sandbox.MendRequest
}

func (s *inProcess) Validate(_ context.Context, code string) (validate.Report, error) {
	return validate.Check(code), s.err
}

func (s *inProcess) Intent(_ context.Context, failed, code string) ([]candidate.Diagnostic, error) {
	return intent.Compare(failed, code), s.err
}

func (s *inProcess) Replay(_ context.Context, code string, inputs []types.MarketData) (validate.Report, []replay.Result, error) {
	s.inputs = inputs
	results := make([]replay.Result, len(inputs))
	for i, input := range inputs {
		results[i].Symbol = input.Symbol
	}
	return validate.Check(code), results, s.err
}

func (s *inProcess) Mend(ctx context.Context, asked sandbox.MendRequest) (sandbox.Mending, error) {
	s.reported, s.asked = asked.Reported, asked
	report, results, err := s.Replay(ctx, asked.Code, asked.Inputs)
	before := sandbox.Outcome{Report: report, Results: results}
	if !report.Valid {
		before.Results = nil
		mended, changes, after := mend.Compile(asked.Code)
		return sandbox.Mending{Before: before, Code: mended, Changes: changes, After: sandbox.Outcome{Report: after}}, err
	}
	return sandbox.Mending{Before: before, Code: report.NormalizedCode, After: before}, err
}

// ask sends a request to a server around a sandbox; logs go to log.
func ask(t *testing.T, box *inProcess, log *bytes.Buffer, method, path, body, accept string) *httptest.ResponseRecorder {
	t.Helper()
	handler, err := server.New(box, "v1.2.3", slog.New(slog.NewJSONHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	if accept != "" {
		request.Header.Set("Accept", accept)
	}
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	return answer
}

func withCode(code string) string {
	body, _ := json.Marshal(map[string]string{"code": code})
	return string(body)
}

const asJSON = "application/json"

func TestValidateFilter(t *testing.T) {
	for name, test := range map[string]struct {
		body, accept string
		status       int
		contentType  string
		answer       string // contained in it
	}{
		"valid":             {withCode("return true"), "", 200, "text/plain", "ok"},
		"valid, JSON":       {withCode("return  true"), asJSON, 200, asJSON, `{"valid":true,"normalized_code":"return true","diagnostics":[],"intent":[]}`},
		"invalid":           {withCode("x := 1\nreturn y"), "", 400, "text/plain", "line 2, column 8: undefined: y\n    return y\n"},
		"invalid, JSON":     {withCode("return y"), asJSON, 400, asJSON, `{"valid":false,"normalized_code":"return y","diagnostics":[{"line":1,"column":8,"message":"undefined: y","source_line":"return y","hint":""}],"intent":[]}`},
		"hint":              {withCode("x := 1\nreturn true"), "*/*", 400, "text/plain", "hint: use x or remove it"},
		"one of several":    {withCode("return true"), "text/html, application/json;q=0.9", 200, asJSON, `"valid":true`},
		"no HTML escapes":   {withCode("return 1 < true"), asJSON, 400, asJSON, "1 < true"},
		"empty code":        {withCode(""), asJSON, 400, asJSON, `"message":"the filter is empty"`},
		"largest code":      {withCode("return true //" + strings.Repeat("x", 64<<10-14)), "", 200, "text/plain", "ok"},
		"code too large":    {withCode(strings.Repeat("x", 64<<10+1)), "", 413, "text/plain", "65537 bytes, the limit is 65536"},
		"the same, JSON":    {withCode(strings.Repeat("x", 64<<10+1)), asJSON, 413, asJSON, `"valid":false`},
		"body too large":    {withCode(strings.Repeat("x", 1<<20)), "", 413, "text/plain", "the request is too large"},
		"not JSON":          {"return true", "", 400, "text/plain", "not the JSON expected: invalid character"},
		"not JSON, JSON":    {"{", asJSON, 400, asJSON, `{"error":"the request is not the JSON expected`},
		"no body":           {"", "", 400, "text/plain", "the body is empty"},
		"something after":   {`{"code":"return true"} x`, "", 400, "text/plain", "not the JSON expected"},
		"another value":     {`{"code":"return true"}{}`, "", 400, "text/plain", "something follows"},
		"code not a string": {`{"code":3}`, "", 400, "text/plain", "cannot unmarshal number"},
		"code null":         {`{"code":null}`, "", 400, "text/plain", `needs "code"`},
		"misspelt":          {`{"cod":"return true"}`, "", 400, "text/plain", `needs "code"`},
		"one field more":    {`{"code":"return true","trader_id":"7"}`, "", 200, "text/plain", "ok"},
	} {
		t.Run(name, func(t *testing.T) {
			answer := ask(t, &inProcess{}, &bytes.Buffer{}, "POST", "/api/validate-filter", test.body, test.accept)
			if answer.Code != test.status || !strings.HasPrefix(answer.Header().Get("Content-Type"), test.contentType) {
				t.Errorf("status %d %s, want %d %s", answer.Code, answer.Header().Get("Content-Type"), test.status, test.contentType)
			}
			if !strings.Contains(answer.Body.String(), test.answer) {
				t.Errorf("answer %s\nwant %s", answer.Body, test.answer)
			}
		})
	}
}

func TestValidateFilterComparesWithTheFailedCode(t *testing.T) {
	const failed = "rsi := indicators.GetRSI(data.Klines[\"5m\"], 14)\nreturn rsi < 30"
	for name, test := range map[string]struct {
		code, replaces string
		status         int
		answer         string
	}{
		"a repair":            {"rsi := indicators.GetLatestRSI(data.Klines[\"5m\"], 14)\nreturn rsi != nil && *rsi < 30", failed, 200, `"diagnostics":[],"intent":[]`},
		"giving up":           {"return false", failed, 200, `"diagnostics":[],"intent":[{"line":1,"column":0,"message":"the filter always answers false`},
		"what does not count": {"return y", failed, 400, `"intent":[]`},
		"too large":           {"return false", failed + strings.Repeat(" ", 64<<10), 200, `"intent":[]`},
	} {
		t.Run(name, func(t *testing.T) {
			body, _ := json.Marshal(map[string]string{"code": test.code, "replaces": test.replaces})
			answer := ask(t, &inProcess{}, &bytes.Buffer{}, "POST", "/api/validate-filter", string(body), asJSON)
			if answer.Code != test.status || !strings.Contains(answer.Body.String(), test.answer) {
				t.Errorf("%d %s\nwant %d %s", answer.Code, answer.Body, test.status, test.answer)
			}
		})
	}
}

func TestTestFilterRunsOnTheRequestsData(t *testing.T) {
	box := &inProcess{}
	data := replay.Samples()[0].Data
	body, _ := json.Marshal(map[string]any{"code": "return  true", "market_data": []types.MarketData{data, {Symbol: "ETHUSDT"}}})
	answer := ask(t, box, &bytes.Buffer{}, "POST", "/api/test-filter", string(body), "")
	want := `{"results":[{"symbol":"NORMALUSDT","matched":false,"error":"","error_type":"","native_error":"","hint":"","line":0,"source_line":"","stack_trace":"","duration_ms":0},` +
		`{"symbol":"ETHUSDT","matched":false,"error":"","error_type":"","native_error":"","hint":"","line":0,"source_line":"","stack_trace":"","duration_ms":0}],` +
		`"normalized_code":"return true"}`
	if answer.Code != 200 || strings.TrimSpace(answer.Body.String()) != want {
		t.Errorf("%d %s\nwant %s", answer.Code, answer.Body, want)
	}
	if !reflect.DeepEqual(box.inputs[0], data) {
		t.Error("the data did not arrive as it was sent")
	}
}

func TestTestFilterHasSamples(t *testing.T) {
	answer := ask(t, &inProcess{}, &bytes.Buffer{}, "POST", "/api/test-filter", withCode("return true"), "")
	var got struct{ Results []replay.Result }
	if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	var samples []string
	for _, result := range got.Results {
		samples = append(samples, result.Sample)
	}
	want := []string{"normal", "short history", "missing timeframe", "nil ticker", "zero volume", "empty series", "one candle",
		"some history", "flat prices", "halted trading", "falling market", "spike", "only 1m", "only 3m", "only 5m", "only 15m", "only 30m",
		"only 1h", "only 2h", "only 4h", "only 6h", "only 12h", "only 1d", "only 1w"}
	if !reflect.DeepEqual(samples, want) {
		t.Errorf("samples %v, want %v", samples, want)
	}
}

func TestTestFilterRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		body   string
		status int
		answer string
	}{
		"what does not compile": {withCode("return 1"), 400, `"valid":false`},
		"no code":               {`{"market_data":[]}`, 400, `needs \"code\"`},
		"wrong data":            {`{"code":"return true","market_data":[{"symbol":3}]}`, 400, "market_data.symbol of type string"},
		"too many inputs":       {`{"code":"return true","market_data":[{}` + strings.Repeat(",{}", 100) + `]}`, 400, "101 inputs, the limit is 100"},
		"too large a body":      {`{"code":"` + strings.Repeat(" ", 9<<20) + `"}`, 413, "too large"},
	} {
		t.Run(name, func(t *testing.T) {
			answer := ask(t, &inProcess{}, &bytes.Buffer{}, "POST", "/api/test-filter", test.body, asJSON)
			if answer.Code != test.status || !strings.Contains(answer.Body.String(), test.answer) {
				t.Errorf("%d %s, want %d %s", answer.Code, answer.Body, test.status, test.answer)
			}
		})
	}
}

// ofSamples are the results of the built-in inputs, behind those of the request's own.
var ofSamples = regexp.MustCompile(`,\{"symbol":"[^}]*"sample":"[^"]*"\}`)

func TestMendFilterAnswersWithJSONWhateverTheVerdict(t *testing.T) {
	const result = `{"symbol":"A","matched":false,"error":"","error_type":"","native_error":"","hint":"","line":0,"source_line":"","stack_trace":"","duration_ms":0}`
	const undefined = `"diagnostics":[{"line":1,"column":8,"message":"undefined: y","source_line":"return y","hint":""}],"results":[]`
	for name, test := range map[string]struct{ body, answer string }{
		"valid": {`{"code":"return true","market_data":[{"symbol":"A"}]}`,
			`{"before":{"valid":true,"diagnostics":[],"results":[` + result + `]},` +
				`"code":"return true","changes":[],"valid":true,"diagnostics":[],"results":[` + result + `]}`},
		"not to be mended": {withCode("return y"),
			`{"before":{"valid":false,` + undefined + `},"code":"return y","changes":[],"valid":false,` + undefined + `}`},
	} {
		t.Run(name, func(t *testing.T) {
			answer := ask(t, &inProcess{}, &bytes.Buffer{}, "POST", "/api/mend-filter", test.body, "")
			if got := ofSamples.ReplaceAllString(answer.Body.String(), ""); answer.Code != 200 || strings.TrimSpace(got) != test.answer {
				t.Errorf("%d %s\nwant %s", answer.Code, got, test.answer)
			}
		})
	}
	samples := ask(t, &inProcess{}, &bytes.Buffer{}, "POST", "/api/mend-filter", withCode("return true"), "")
	if got := strings.Count(samples.Body.String(), `"sample":"nil ticker"`); got != 2 {
		t.Errorf("the sample is named %d times: %s", got, samples.Body)
	}
}

func TestMendFilterTakesTheReportedError(t *testing.T) {
	for body, want := range map[string]string{
		`{"code":"return true","error":"line 1: divide by zero"}`: "line 1: divide by zero",
		`{"code":"return true","error":null}`:                     "",
		`{"code":"return true"}`:                                  "",
	} {
		box := &inProcess{}
		if answer := ask(t, box, &bytes.Buffer{}, "POST", "/api/mend-filter", body, ""); answer.Code != 200 || box.reported != want {
			t.Errorf("%s: %d, reported %q", body, answer.Code, box.reported)
		}
	}
}

func TestMendFilterTakesWhatTheStrategyCanDoWithout(t *testing.T) {
	for body, want := range map[string]sandbox.MendRequest{
		`{"code":"return true"}`:                                    {},
		`{"code":"return true","guards":false,"optional":["1d"]}`:   {NoGuards: true, Optional: []string{"1d"}},
		`{"code":"return true","fewer":true}`:                       {NoGuards: true, Optional: []string{mend.OptionalOlder}},
		`{"code":"return true","fewer":true,"optional":["ticker"]}`: {NoGuards: true, Optional: []string{"ticker", mend.OptionalOlder}},
		`{"code":"return true","fewer":false,"guards":true}`:        {},
	} {
		box := &inProcess{}
		answer := ask(t, box, &bytes.Buffer{}, "POST", "/api/mend-filter", body, "")
		if answer.Code != 200 || box.asked.NoGuards != want.NoGuards || !slices.Equal(box.asked.Optional, want.Optional) {
			t.Errorf("%s: %d, asked %+v", body, answer.Code, box.asked)
		}
	}
}

func TestMendFilterRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		body   string
		status int
		answer string
	}{
		"no code":         {`{"market_data":[]}`, 400, `needs \"code\"`},
		"wrong data":      {`{"code":"return true","market_data":[{"symbol":3}]}`, 400, "market_data.symbol of type string"},
		"wrong error":     {`{"code":"return true","error":3}`, 400, "error of type string"},
		"too many inputs": {`{"code":"return true","market_data":[{}` + strings.Repeat(",{}", 100) + `]}`, 400, "101 inputs, the limit is 100"},
		"too much code":   {withCode(strings.Repeat("x", 64<<10+1)), 413, "65537 bytes, the limit is 65536"},
	} {
		t.Run(name, func(t *testing.T) {
			answer := ask(t, &inProcess{}, &bytes.Buffer{}, "POST", "/api/mend-filter", test.body, asJSON)
			if answer.Code != test.status || !strings.Contains(answer.Body.String(), test.answer) {
				t.Errorf("%d %s, want %d %s", answer.Code, answer.Body, test.status, test.answer)
			}
		})
	}
}

func TestTroubleOfTheServiceIsNoVerdict(t *testing.T) {
	for name, test := range map[string]struct {
		err        error
		status     int
		retryAfter string
	}{
		"busy":     {fmt.Errorf("wrapped: %w", sandbox.ErrBusy), 503, "1"},
		"broken":   {errors.New("fork: secret detail"), 500, ""},
		"given up": {context.Canceled, 499, ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/api/validate-filter", "/api/test-filter", "/api/mend-filter"} {
				answer := ask(t, &inProcess{err: test.err}, &bytes.Buffer{}, "POST", path, withCode("return true"), asJSON)
				if answer.Code != test.status || answer.Header().Get("Retry-After") != test.retryAfter {
					t.Errorf("%s: %d, retry after %q", path, answer.Code, answer.Header().Get("Retry-After"))
				}
				if body := answer.Body.String(); !strings.Contains(body, `{"error":`) || strings.Contains(body, "secret") {
					t.Errorf("%s: %s", path, body)
				}
			}
		})
	}
}

func TestContractAndHealth(t *testing.T) {
	contract := ask(t, &inProcess{}, &bytes.Buffer{}, "GET", "/api/filter-contract", "", "")
	if contract.Code != 200 || !strings.Contains(contract.Body.String(), "func CalculateEMA(klines []types.Kline, period int) *float64") {
		t.Errorf("contract: %d %s", contract.Code, contract.Body)
	}
	health := ask(t, &inProcess{}, &bytes.Buffer{}, "GET", "/health", "", "")
	if health.Code != 200 || strings.TrimSpace(health.Body.String()) != `{"status":"ok","version":"v1.2.3"}` {
		t.Errorf("health: %d %s", health.Code, health.Body)
	}
}

func TestOtherMethodsAndPaths(t *testing.T) {
	if answer := ask(t, &inProcess{}, &bytes.Buffer{}, "GET", "/api/validate-filter", "", ""); answer.Code != 405 {
		t.Errorf("GET: %d", answer.Code)
	}
	if answer := ask(t, &inProcess{}, &bytes.Buffer{}, "GET", "/api", "", ""); answer.Code != http.StatusNotFound {
		t.Errorf("/api: %d", answer.Code)
	}
}

func TestTheLogIdentifiesCodeWithoutShowingIt(t *testing.T) {
	var log bytes.Buffer
	ask(t, &inProcess{}, &log, "POST", "/api/validate-filter", withCode("return verySecretStrategy"), asJSON)
	var line map[string]any
	if err := json.Unmarshal(log.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(log.String(), "verySecretStrategy") {
		t.Errorf("the code is in the log: %s", &log)
	}
	if line["status"] != 400.0 || line["code_bytes"] != 25.0 || line["valid"] != false || len(line["code_sha256"].(string)) != 16 {
		t.Errorf("log: %s", &log)
	}
}
