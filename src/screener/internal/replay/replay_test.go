package replay_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"filtermend/screener/internal/candidate"
	"filtermend/screener/internal/interpreter"
	"filtermend/screener/internal/replay"
	"filtermend/screener/internal/validate"
	"filtermend/screener/types"
)

func run(t *testing.T, code string, data types.MarketData) replay.Result {
	t.Helper()
	report, c := validate.Prepare(code)
	if !report.Valid {
		t.Fatalf("diagnostics: %+v", report.Diagnostics)
	}
	filter, err := interpreter.Load(c.Program(), candidate.Name)
	if err != nil {
		t.Fatal(err)
	}
	return replay.Run(filter, c, data, time.Second)
}

func TestEachFaultIsToldInBothLanguages(t *testing.T) {
	for name, test := range map[string]struct {
		code, message, native string
		line                  int
	}{
		"index":        {"k := data.Klines[\"5m\"]\nreturn k[len(k)-20].Close > 1", "reflect: slice index out of range", "index out of range", 2},
		"slice":        {"k := data.Klines[\"5m\"]\nreturn len(k[5:]) > 1", "reflect.Value.Slice: slice index out of bounds", "slice bounds out of range", 2},
		"nil helper":   {"e := indicators.CalculateEMA(nil, 3)\nreturn *e > 1", "reflect: call of reflect.Value.Float on zero Value", "invalid memory address or nil pointer dereference", 2},
		"nil ticker":   {"\n\nreturn data.Ticker.LastPrice > 1", "reflect: call of reflect.Value.Field on zero Value", "invalid memory address or nil pointer dereference", 3},
		"nil map":      {"var m map[string]int\nm[\"a\"] = 1\nreturn true", "assignment to entry in nil map", "assignment to entry in nil map", 2},
		"division":     {"x := len(data.Klines)\nreturn 1/x > 1", "runtime error: integer divide by zero", "integer divide by zero", 2},
		"make":         {"x := make([]int, len(data.Klines)-1)\nreturn len(x) > 1", "reflect.MakeSlice: negative len", "makeslice: len out of range", 1},
		"own panic":    {"panic(\"no data\")", "no data", "", 1},
		"inside fence": {"```go\nx := 0\nreturn 1/x > 1\n```", "runtime error: integer divide by zero", "integer divide by zero", 3},
	} {
		t.Run(name, func(t *testing.T) {
			got := run(t, test.code, types.MarketData{Symbol: "BTCUSDT"})
			if got.ErrorType != replay.Panic || got.Error != test.message || got.NativeError != test.native || got.Line != test.line {
				t.Errorf("got %+v", got)
			}
			source := strings.Split(test.code, "\n")[test.line-1]
			if got.SourceLine != source || !strings.HasSuffix(got.StackTrace, strings.TrimSpace(source)) {
				t.Errorf("source line %q, stack trace %q", got.SourceLine, got.StackTrace)
			}
		})
	}
}

func TestFaultsComeWithHints(t *testing.T) {
	for code, want := range map[string]string{
		"k := data.Klines[\"5m\"]\nreturn k[len(k)-20].Close > 1":                     "check len(...) before it and return false",
		"k := data.Klines[\"5m\"]\nreturn len(k[5:]) > 1":                             "check len(...) before it and return false",
		"return data.Ticker.LastPrice > 1":                                            "data.Ticker",
		"x := len(data.Klines)\nreturn 1/x > 1":                                       "divisor",
		"var m map[string]int\nm[\"a\"] = 1\nreturn true":                             "m := map[...]...{}",
		"x := make([]int, len(data.Klines)-1)\nreturn len(x) > 1":                     "negative",
		"panic(\"no data\")":                                                          "return false instead",
		"return data.Symbol == \"BTCUSDT\"":                                           "",
		"var f func(int) int\nf = func(n int) int { return n }\nreturn f(3) == 30000": "",
	} {
		if got := run(t, code, types.MarketData{}); !strings.Contains(got.Hint, want) || (want == "") != (got.Hint == "") {
			t.Errorf("%s: hint %q, want %q", code, got.Hint, want)
		}
	}
	for message, want := range map[string]string{
		replay.TimeoutMessage(time.Second):                  "a loop does not end",
		"the filter recursed without end":                   "calls itself without end",
		"the filter used too much memory (over 300 MB)":     "makes or collects too much",
		"the filter crashed: something":                     "",
		"not run: the inputs before it used up the time of": "",
	} {
		if got := replay.Killed("A", replay.Runtime, message, 0); !strings.Contains(got.Hint, want) || (want == "") != (got.Hint == "") {
			t.Errorf("%s: hint %q, want %q", message, got.Hint, want)
		}
	}
}

func TestAQuietRunHasNoError(t *testing.T) {
	got := run(t, "return data.Symbol == \"BTCUSDT\"", types.MarketData{Symbol: "BTCUSDT"})
	if want := (replay.Result{Symbol: "BTCUSDT", Matched: true, DurationMS: got.DurationMS}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestEndlessPanicTextsAreCutShort(t *testing.T) {
	got := run(t, "s := \"x\"\nfor i := 0; i < 12; i++ {\n\ts += s\n}\npanic(s)", types.MarketData{})
	if len(got.Error) > 1010 {
		t.Errorf("%d bytes", len(got.Error))
	}
}

func TestTimeoutsAreWordedLikeTheLiveScreener(t *testing.T) {
	got := replay.Killed("BTCUSDT", replay.Timeout, replay.TimeoutMessage(time.Second), time.Second)
	if got.Error != "filter execution timed out after 1s" || got.DurationMS != 1000 {
		t.Errorf("got %+v", got)
	}
}

func TestSamplesShowWhatTheirNamesSay(t *testing.T) {
	samples := map[string]types.MarketData{}
	for _, sample := range replay.Samples() {
		samples[sample.Name] = sample.Data
	}
	for _, interval := range []string{"1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1d", "1w"} {
		for name, want := range map[string]int{
			"normal": 250, "short history": 3, "nil ticker": 250, "zero volume": 250, "empty series": 0, "one candle": 1,
			"some history": 25, "flat prices": 250, "falling market": 250, "spike": 250, "only " + interval: 250,
		} {
			if klines, found := samples[name].Klines[interval]; len(klines) != want || !found {
				t.Errorf("%s has %d candles of %s, want %d", name, len(klines), interval, want)
			}
		}
		if got := len(samples["only "+interval].Klines); got != 1 {
			t.Errorf("only %s has %d intervals", interval, got)
		}
	}
	if got := len(samples["missing timeframe"].Klines); got != 0 {
		t.Errorf("missing timeframe has %d intervals", got)
	}
	for name, data := range samples {
		if (data.Ticker == nil) != (name == "nil ticker") {
			t.Errorf("%s: ticker %v", name, data.Ticker)
		}
	}
	if volume := samples["zero volume"].Klines["1h"][9].Volume; volume != 0 {
		t.Errorf("zero volume has %v", volume)
	}
	hour := func(name string) (first, last types.Kline) {
		klines := samples[name].Klines["1h"]
		return klines[0], klines[len(klines)-1]
	}
	if first, last := hour("flat prices"); first.Open != last.Close {
		t.Errorf("flat prices go from %v to %v", first.Open, last.Close)
	}
	if first, last := hour("falling market"); last.Close > first.Open/1.5 {
		t.Errorf("the falling market goes from %v to %v", first.Open, last.Close)
	}
	if _, last := hour("spike"); last.Close < 1.15*last.Open || last.Volume < 3*samples["spike"].Klines["1h"][200].Volume {
		t.Errorf("the spike is %+v", last)
	}
}

func TestAFilterCannotSpoilASample(t *testing.T) {
	place, found := replay.SamplePlace(replay.Samples()[2].Data)
	if !found || place != 2 {
		t.Fatalf("place %d, %t", place, found)
	}
	made := replay.SampleData(0)
	if !reflect.DeepEqual(made, replay.Samples()[0].Data) {
		t.Error("made anew it is another")
	}
	if _, found := replay.SamplePlace(made); found {
		t.Error("a copy passes for the sample")
	}
	made.Klines["5m"][0].Close = 0
	if replay.Samples()[0].Data.Klines["5m"][0].Close == 0 || replay.SampleData(0).Klines["5m"][0].Close == 0 {
		t.Error("the sample has changed")
	}
}

func TestSampleCandlesAreConsistentAndInOrder(t *testing.T) {
	for interval, klines := range replay.Samples()[0].Data.Klines {
		for i, k := range klines {
			if k.Low > min(k.Open, k.Close) || k.High < max(k.Open, k.Close) || k.Volume <= 0 || k.Trades <= 0 {
				t.Fatalf("%s candle %d: %+v", interval, i, k)
			}
			if i > 0 && (k.Open != klines[i-1].Close || k.OpenTime != klines[i-1].CloseTime+1) {
				t.Fatalf("%s candle %d does not follow the one before", interval, i)
			}
		}
	}
}

func TestAReasonableFilterRunsOnEverySample(t *testing.T) {
	const code = `
klines := data.Klines["15m"]
if len(klines) < 50 || data.Ticker == nil {
	return false
}
fast, slow := indicators.CalculateEMA(klines, 9), indicators.CalculateEMA(klines, 50)
macd := indicators.GetLatestMACD(klines, 12, 26, 9)
if fast == nil || slow == nil || macd == nil {
	return false
}
return *fast > *slow || macd.Histogram > 0`
	for _, sample := range replay.Samples() {
		if got := run(t, code, sample.Data); got.Error != "" {
			t.Errorf("%s: %+v", sample.Name, got)
		}
	}
}
