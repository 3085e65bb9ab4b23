package validate_test

import (
	"strings"
	"testing"

	"filtermend/screener/internal/validate"
)

func TestValidFilters(t *testing.T) {
	for name, code := range map[string]string{
		"constant": `return true`,
		"closure":  "above := func(x float64) bool { return x > 10 }\nreturn above(3)",
		"time":     `return data.Timestamp.Hour() >= 8 && data.Timestamp.Weekday().String() != "Sunday"`,
		"own type": "type level struct{ price float64 }\nl := level{3}\nreturn l.price > 2",
		"generic slices are plain loops": `
best := 0.0
for tf, klines := range data.Klines {
	if tf != "1m" && len(klines) > 0 && klines[len(klines)-1].Close > best {
		best = klines[len(klines)-1].Close
	}
}
return best > 100`,
		"switch": `
switch indicators.DetectEngulfingPattern(data.Klines["1h"]) {
case "bullish":
	return true
case "bearish":
	return false
}
return false`,
		"momentum": `
klines, ok := data.Klines["15m"]
if !ok || len(klines) < 50 || data.Ticker == nil {
	return false
}
fast := indicators.CalculateEMA(klines, 9)
slow := indicators.CalculateEMA(klines, 21)
rsi := indicators.GetLatestRSI(klines, 14)
macd := indicators.GetLatestMACD(klines, 12, 26, 9)
if fast == nil || slow == nil || rsi == nil || macd == nil {
	return false
}
vwap := indicators.CalculateVWAP(klines)
return *fast > *slow && *rsi > 50 && macd.Histogram > 0 && data.Ticker.LastPrice > vwap`,
		"bands and stochastic": `
klines := data.Klines["4h"]
bands := indicators.CalculateBollingerBands(klines, 20, 2)
stoch := indicators.CalculateStochastic(klines, 14, 3)
if bands == nil || stoch == nil {
	return false
}
last := klines[len(klines)-1]
return last.Close < bands.Lower[len(bands.Lower)-1] && stoch.K < 20 && stoch.K > stoch.D`,
		"panic ends a body":            `panic("not now")`,
		"unused helper of the wrapper": `return data.Symbol == "BTCUSDT"`,
		"label":                        "outer:\nfor _, a := range data.Klines {\n\tfor range a {\n\t\tcontinue outer\n\t}\n}\nreturn false",
	} {
		t.Run(name, func(t *testing.T) {
			report := validate.Check(code)
			if !report.Valid || report.Diagnostics == nil || len(report.Diagnostics) != 0 {
				t.Errorf("report: %+v", report)
			}
		})
	}
}

// prologue makes variables of every kind of result, on lines 1 to 5, all used.
const prologue = `klines := data.Klines["5m"]
ema, vwap := indicators.CalculateEMA(klines, 20), indicators.CalculateVWAP(klines)
rsi, stoch := indicators.CalculateRSI(klines, 14), indicators.CalculateStochastic(klines, 14, 3)
macd := indicators.GetLatestMACD(klines, 12, 26, 9)
_, _, _, _, _ = ema, vwap, rsi, stoch, macd
`

func TestInvalidFilters(t *testing.T) {
	for _, test := range []struct {
		name, code string // without "return" in it, code is an expression to return
		line       int
		message    string
		hint       string
	}{
		// Helpers that do not exist.
		{"GetLatestMA", "indicators.GetLatestMA(klines, 20)", 6, "undefined: indicators.GetLatestMA", "use CalculateMA(klines []types.Kline, period int) *float64: check it for nil, then compare *value"},
		{"GetLatestEMA", "indicators.GetLatestEMA(klines, 20)", 6, "undefined: indicators.GetLatestEMA", "use CalculateEMA("},
		{"GetLatestStochastic", "indicators.GetLatestStochastic(klines, 14, 3)", 6, "undefined", "use CalculateStochastic(klines []types.Kline, kPeriod int, dPeriod int) *indicators.StochasticResult: check it for nil, then compare result.K"},
		{"CalculateVolumeMA", "indicators.CalculateVolumeMA(klines, 20)", 6, "undefined", "use CalculateAvgVolume("},
		{"GetLatestVolumeMA", "indicators.GetLatestVolumeMA(klines, 20)", 6, "undefined", "use CalculateAvgVolume("},
		{"no such indicator", "indicators.CalculateATR(klines, 14)", 6, "undefined", "indicators has only CalculateAvgVolume, "},
		{"math", "math.Abs(vwap) > 3", 6, "undefined: math", "write it in plain Go"},
		{"fmt", "fmt.Sprint(vwap) == \"\"", 6, "undefined: fmt", "there is no fmt"},

		// Pointers and numbers.
		{"pointer > number", "ema > 100", 6, "mismatched types *float64", "ema is a *float64: check it for nil, then compare *ema"},
		{"number > pointer", "vwap > ema", 6, "mismatched types float64 and *float64", "compare *ema"},
		{"pointer > pointer", "ema > ema", 6, "not defined on pointer", "compare *ema and *ema"},
		{"call > number", "indicators.CalculateMA(klines, 5) > 3", 6, "mismatched types *float64", "keep it in a variable x"},
		{"pointer as number", "x := 2.0\nx = ema\nreturn x > 3", 7, "cannot use ema", "then compare *ema"},
		{"not pointer", "!ema", 6, "operator ! not defined", "write ema == nil"},
		{"vwap == nil", "vwap == nil", 6, "mismatched types float64 and untyped nil", "never nil: remove the nil check"},
		{"*vwap", "*vwap > 3", 6, "cannot indirect vwap", "use it without *"},
		{"stoch.K indexed", "stoch.K[0] > 80", 6, "cannot index stoch.K", "one number, not a series"},
		{"len(stoch.K)", "len(stoch.K) > 0", 6, "invalid argument: stoch.K", "one number, not a series"},
		{"rsi as number", "rsi < 30", 6, "mismatched types *indicators.RSIResult", "use rsi.Values[len(rsi.Values)-1]"},
		{"rsi indexed", "rsi[0] < 30", 6, "cannot index rsi", "use rsi.Values[len(rsi.Values)-1]"},
		{"series as number", "rsi.Values < 30", 6, "mismatched types []float64", "last element"},

		// Shapes of calls and data.
		{"too few arguments", "indicators.GetLatestMACD(klines) != nil", 6, "not enough arguments", "use GetLatestMACD(klines []types.Kline, short int"},
		{"too many results", "a, b := indicators.GetLatestMACD(klines, 12, 26, 9)\nreturn a > b", 6, "assignment mismatch", "its numbers are MACD, Signal, Histogram"},
		{"all intervals", "indicators.CalculateMA(data.Klines, 3) != nil", 6, "cannot use data.Klines", "choose an interval"},
		{"closes as candles", "indicators.CalculateMA([]float64{1}, 1) != nil", 6, "cannot use []float64", "use CalculateMA(klines []types.Kline"},
		{"unknown field", "data.Close > 3", 6, "data.Close undefined", "types.MarketData has Symbol, Ticker, Klines, Timestamp"},
		{"field of the same beginning", "data.Ticker.PriceChange24h > 3", 6, "PriceChange24h undefined", "use PriceChangePercent: types.SimplifiedTicker has"},
		{"no settings", "indicators.GetLatestMACD(data.Klines[\"5m\"]) == nil", 6, "not enough arguments", "the usual ones are 12, 26, 9"},
		{"field of a list", "klines.Close > 3", 6, "klines.Close undefined", "k[len(k)-1].Close"},
		{"case of a field", "klines[0].close > 3", 6, "does have field Close", ""},
		{"pattern as bool", "indicators.DetectEngulfingPattern(klines) == true", 6, "mismatched types string", `compare it with "bullish" or "bearish"`},
		{"map key", "len(data.Klines[5]) > 0", 6, "cannot use 5", ""},

		// What the interpreter lets pass and Go does not.
		{"unused variable", "x := 3\nreturn true", 6, "declared and not used: x", "use x or remove it"},
		{"missing return", "if vwap > 3 {\n\treturn true\n}", 8, "missing return", "return true or return false"},
		{"unused expression", "vwap + 1\nreturn true", 6, "is not used", ""},
		{"break outside", "break\nreturn true", 6, "break", ""},
		{"duplicate case", "switch data.Symbol {\ncase \"A\":\ncase \"A\":\n}\nreturn true", 8, "(previous case at line 7)", ""},
		{"unused label", "here:\nreturn true", 6, "label here", ""},
		{"declared twice", "x := 1\nx := 2\nreturn x > 1", 7, "no new variables", "assign with = instead"},
		{"bare return", "if vwap > 1 {\n\treturn\n}\nreturn true", 7, "not enough return values", "return true or return false"},

		// What this language version does not have.
		{"min", "min(vwap, 2) > 1", 6, "min requires", "the interpreter has no min"},
		{"range over number", "for i := range 10 {\n\t_ = i\n}\nreturn true", 6, "cannot range over 10", "for i := 0; i < n; i++"},
		{"range over struct", "for _, x := range macd {\n\t_ = x\n}\nreturn true", 6, "cannot range over", ""},
		{"three values of two", "a, b, c := 1, 2\nreturn a > b && b > c", 6, "assignment mismatch", ""},
		{"package as value", "indicators != nil", 6, "use of package", ""},

		// Other languages.
		{"ternary", "x := vwap > 1 ? 1 : 2\nreturn x > 1", 6, "illegal character", "no ternary"},
		{"===", "if data.Symbol === \"A\" {\n\treturn true\n}\nreturn false", 6, "expected operand", "== and !="},
		{"!==", "data.Symbol !== \"A\"", 6, "expected operand", "== and !="},
		{"let", "let x = 3\nreturn x > 1", 6, "expected ';'", "no let"},
		{"const", "const x = klines[0].Close\nreturn x > 1", 6, "is not constant", "declare with name := value"},
		{"arrow", "f := (x) => x > 1\nreturn f(2)", 6, "expected", "no arrow functions"},
		{"while", "while vwap > 1 {\n}\nreturn true", 6, "expected", "no while"},
		{"for in", "for k in klines {\n\t_ = k\n}\nreturn true", 6, "expected", "range list"},
		{"single quotes", "data.Symbol == 'BTC'", 6, "rune literal", "double quotes"},
		{"null", "ema == null", 6, "undefined: null", "Go's word is nil"},
		{"True", "True", 6, "undefined: True", "true and false"},
		{"length", "klines.length > 3", 6, "klines.length undefined", "use len(klines)"},

		// Grammar.
		{"else on its own line", "if vwap > 1 {\n\treturn true\n}\nelse {\n\treturn false\n}", 9, "found 'else'", "} else {"},
		{"open brace", "if vwap > 1 {\n\treturn true", 7, "found 'EOF'", "not closed"},
		{"brace too many", "if vwap > 1 {\n\treturn true\n}\n}\nreturn false", 10, "expected declaration", "one } too many"},
		{"function inside", "func up() bool { return true }\nreturn up()", 6, "expected '('", "name := func("},
		{"closed body", "return true\n}\nfunc init() {\n\treturn", 8, "the body ends before this", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			code := test.code
			if !strings.Contains(code, "return") {
				code = "return " + code
			}
			report := validate.Check(prologue + code)
			if report.Valid || len(report.Diagnostics) == 0 {
				t.Fatal("it is valid")
			}
			d := report.Diagnostics[0]
			if d.Line != test.line || !strings.Contains(d.Message, test.message) {
				t.Errorf("line %d: %s\nwant line %d: %s", d.Line, d.Message, test.line, test.message)
			}
			if !strings.Contains(d.Hint, test.hint) || (test.hint == "" && d.Hint != "") {
				t.Errorf("hint %q, want %q", d.Hint, test.hint)
			}
			if want := strings.Split(prologue+code, "\n")[d.Line-1]; d.SourceLine != want {
				t.Errorf("source line %q, want %q", d.SourceLine, want)
			}
		})
	}
}

func TestLinesAreThoseOfTheAnswerAsSubmitted(t *testing.T) {
	report := validate.Check("Sure:\n```go\npackage main\n\nfunc evaluate(data *types.MarketData) bool {\n\tx := 1\n\treturn true\n}\n```")
	if len(report.Diagnostics) != 1 || report.Diagnostics[0].Line != 6 || report.Diagnostics[0].Column != 2 {
		t.Errorf("diagnostics: %+v", report.Diagnostics)
	}
	if want := "x := 1\nreturn true"; report.NormalizedCode != want {
		t.Errorf("normalized %q, want %q", report.NormalizedCode, want)
	}
}

func TestAllMistakesAreReportedUpToTwenty(t *testing.T) {
	report := validate.Check("a := x1\nb := x2\nreturn a > b")
	if len(report.Diagnostics) != 2 {
		t.Errorf("diagnostics: %+v", report.Diagnostics)
	}
	report = validate.Check(strings.Repeat("missing()\n", 30) + "return true")
	if len(report.Diagnostics) != 20 {
		t.Errorf("%d diagnostics, want 20", len(report.Diagnostics))
	}
}

func TestAParserThatLostItsWayIsCutShort(t *testing.T) {
	report := validate.Check("if a === b {\n\treturn true\n}\nif c === d {\n\treturn true\n}\nreturn false")
	if len(report.Diagnostics) != 2 || report.Diagnostics[1].Line != 4 {
		t.Errorf("diagnostics: %+v", report.Diagnostics)
	}
}

func TestNothingOfACandidateRunsWhileValidating(t *testing.T) {
	if report := validate.Check("var f = func() bool { panic(\"ran\") }()\nreturn f"); !report.Valid {
		t.Errorf("report: %+v", report)
	}
}
