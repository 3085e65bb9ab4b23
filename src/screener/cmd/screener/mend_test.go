package main_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"filtermend/screener/internal/candidate"
	"filtermend/screener/internal/mend"
	"filtermend/screener/internal/replay"
)

// mended is the answer to a filter that was to be mended.
type mended struct {
	Before struct {
		Valid       bool
		Diagnostics []candidate.Diagnostic
		Results     []replay.Result
	}
	Code        string
	Changes     []mend.Change
	Valid       bool
	Diagnostics []candidate.Diagnostic
	Results     []replay.Result
}

func askMend(t *testing.T, address, code string, limit time.Duration) mended {
	t.Helper()
	var answer mended
	if status := askJSON(t, address+"/api/mend-filter", map[string]string{"code": code}, &answer, limit); status != 200 {
		t.Errorf("status %d: %+v", status, answer)
	}
	return answer
}

func TestMendFilterLeavesAValidFilterAlone(t *testing.T) {
	_, address := serve(t, nil, "-port", "0")
	got := askMend(t, address, "return  len(data.Klines) > 0", runLimit)
	if !got.Before.Valid || !got.Valid || got.Code != "return len(data.Klines) > 0" || len(got.Changes) != 0 ||
		len(got.Results) != len(replay.Samples()) || len(got.Before.Results) != len(got.Results) {
		t.Errorf("%+v", got)
	}
}

func TestMendFilterMendsWhatDoesNotCompileAndThenWhatPanics(t *testing.T) {
	_, address := serve(t, nil, "-port", "0")
	got := askMend(t, address, "```js\nconst klines = data.Klines['5m'];\n"+
		"if (klines[klines.length - 20].Close === 0) return false;\nreturn data.Ticker.LastPrice > 3;\n```", runLimit)
	if got.Before.Valid || len(got.Before.Diagnostics) == 0 || len(got.Before.Results) != 0 {
		t.Errorf("before: %+v", got.Before)
	}
	if !got.Valid || len(got.Diagnostics) != 0 || len(got.Results) != len(replay.Samples()) {
		t.Errorf("after: %+v", got)
	}
	matches := map[string]bool{"normal": true}
	for _, r := range got.Results {
		if r.Error != "" || matches[r.Sample] != r.Matched && slices.Contains([]string{"normal", "short history", "nil ticker"}, r.Sample) {
			t.Errorf("result %+v of\n%s", r, got.Code)
		}
	}
	for i, want := range []string{"text around the code", "double quotes", "written =="} {
		if i >= len(got.Changes) || got.Changes[i].Line < 1 || !strings.Contains(got.Changes[i].Message, want) {
			t.Errorf("change %d of %+v, want %q", i, got.Changes, want)
		}
	}
	again := askMend(t, address, got.Code, runLimit)
	if !again.Before.Valid || again.Code != got.Code || len(again.Changes) != 0 {
		t.Errorf("mended again: %+v", again)
	}
}

func TestMendFilterMakesNoGuardsWhenItMayNotDecide(t *testing.T) {
	_, address := serve(t, nil, "-port", "0")
	body := map[string]any{"code": "ks := data.Klines['5m']\nreturn ks[len(ks)-3].Close > 3", "guards": false}
	var got mended
	askJSON(t, address+"/api/mend-filter", body, &got, runLimit)
	if len(got.Changes) != 1 || !got.Valid || !slices.ContainsFunc(got.Results, func(r replay.Result) bool { return r.Error != "" }) {
		t.Errorf("without guards: %+v", got)
	}
	delete(body, "guards")
	askJSON(t, address+"/api/mend-filter", body, &got, runLimit)
	if len(got.Changes) != 2 || slices.ContainsFunc(got.Results, func(r replay.Result) bool { return r.Error != "" }) {
		t.Errorf("with guards: %+v", got)
	}
}

func TestMendFilterTakesOwnData(t *testing.T) {
	_, address := serve(t, nil, "-port", "0")
	var got mended
	body := map[string]any{"code": "return data.Symbol === 'A'", "market_data": []map[string]any{{"symbol": "A"}, {"symbol": "B"}}}
	status := askJSON(t, address+"/api/mend-filter", body, &got, runLimit)
	if status != 200 || len(got.Results) != 2+len(replay.Samples()) || !got.Results[0].Matched || got.Results[1].Matched ||
		got.Results[0].Sample != "" || got.Results[2].Sample != "normal" {
		t.Errorf("%d %+v", status, got)
	}
}

// reportedCode runs through on the samples, and on the candles that it is given,
// which do not repeat what was reported of it.
const reportedCode = "if data.Symbol != \"A\" {\n\treturn false\n}\nklines := data.Klines[\"5m\"]\nif klines[len(klines)-2].Close > 1 {\n\treturn true\n}\n" +
	"return klines[len(klines)-20].Close > 100"

func TestMendFilterGuardsAgainstAReportedError(t *testing.T) {
	_, address := serve(t, nil, "-port", "0")
	const no2, no20 = "if len(klines) < 2 {\n\treturn false\n}\n", "if len(klines) < 20 {\n\treturn false\n}\n"
	const opening, answer = "if data.Symbol != \"A\" {\n\treturn false\n}\nklines := data.Klines[\"5m\"]\n", "return klines[len(klines)-20].Close > 100"
	const first = "if klines[len(klines)-2].Close > 1 {\n\treturn true\n}\n"
	for name, test := range map[string]struct {
		code, reported, want string
		lines                []int
	}{
		"every place":           {reportedCode, "reflect: slice index out of range", opening + no2 + first + no20 + answer, []int{5, 11}},
		"the line that it says": {reportedCode, "8:8: panic: reflect: slice index out of range", opening + first + no20 + answer, []int{8}},
		"as it was sent":        {"```go\n" + reportedCode + "\n```", "line 9: index out of range", opening + first + no20 + answer, []int{1, 9}},
		"in what was mended": {strings.Replace(reportedCode, "\"5m\"", "'5m'", 1), "line 8: index out of range",
			opening + no2 + first + no20 + answer, []int{4, 5, 11}},
		"another error": {reportedCode, "filter execution timed out after 1s", reportedCode, nil},
		"none":          {reportedCode, "", reportedCode, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got mended
			body := map[string]any{"code": test.code, "error": test.reported, "market_data": []map[string]any{twoCandles()}}
			if status := askJSON(t, address+"/api/mend-filter", body, &got, runLimit); status != 200 {
				t.Fatalf("status %d: %+v", status, got)
			}
			var lines []int
			for _, change := range got.Changes {
				lines = append(lines, change.Line)
			}
			if got.Code != test.want || !slices.Equal(lines, test.lines) || !got.Valid || !got.Results[0].Matched {
				t.Errorf("changes %+v, results %+v, code\n%s", got.Changes, got.Results, got.Code)
			}
		})
	}
}

func twoCandles() map[string]any {
	candles := []map[string]any{{"close": 2}, {"close": 3}}
	return map[string]any{"symbol": "A", "klines": map[string]any{"5m": candles}}
}

func TestMendFilterSaysWhatItCannotMend(t *testing.T) {
	_, address := serve(t, nil, "-port", "0")
	got := askMend(t, address, "return trend", runLimit)
	if got.Before.Valid || got.Valid || len(got.Diagnostics) == 0 || len(got.Results) != 0 || len(got.Changes) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestMendFilterEndsWhatDoesNotEnd(t *testing.T) {
	_, address := serve(t, nil, "-port", "0")
	const loop = "n := 0\nfor i := 0; i < 20; i-- {\n\tn += i\n}\nreturn n > 3"
	const recursion = "var f func(n int) int\nf = func(n int) int {\n\tif n <= 0 {\n\t\treturn 0\n\t}\n\treturn 1 + f(n)\n}\nreturn f(9) > 3"
	for code, want := range map[string]string{loop: "i++", recursion: "f(n-1)"} {
		got := askMend(t, address, code, runLimit)
		if !got.Valid || len(got.Changes) != 1 || !strings.Contains(got.Code, want) {
			t.Errorf("%+v", got)
		}
		for i, result := range got.Results {
			if got.Before.Results[i].Error == "" || result.Error != "" || !result.Matched {
				t.Errorf("%s: before %+v, now %+v", want, got.Before.Results[i], result)
			}
		}
	}
}

func TestMendFilterSurvivesHostileSubmissions(t *testing.T) {
	_, address := serve(t, nil, "-port", "0")
	for _, test := range []struct {
		name, code string
		valid      bool
		want       string // in a diagnostic or an error of the mended filter
	}{
		{"compile bomb", "return " + nested("!", "true", "", 60000), false, "recursed without end"},
		{"doubled string", doubled(40), false, "compil"},
		{"endless loop", "for {\n}\nreturn true", true, "timed out"},
		{"memory", "x := make([]int, 1<<40)\nreturn len(x) > 0", true, "memory"},
		{"recursion", "var f func(int) int\nf = func(n int) int { return f(n) + 1 }\nreturn f(1) > 0", true, "recursed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := askMend(t, address, test.code, 20*time.Second)
			said := ""
			for _, d := range got.Diagnostics {
				said += d.Message
			}
			for _, r := range got.Results {
				said += r.Error
			}
			if got.Valid != test.valid || !strings.Contains(said, test.want) || len(got.Changes) != 0 {
				t.Errorf("%+v", got)
			}
			wantServing(t, address)
		})
	}
}
