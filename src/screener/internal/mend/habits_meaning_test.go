package mend

import (
	"go/token"
	"math"
	"testing"

	"filtermend/screener/internal/candidate"
	"filtermend/screener/internal/interpreter"
	"filtermend/screener/types"
)

// run mends a filter and runs it on a ticker.
func run(t *testing.T, code string, ticker types.SimplifiedTicker) bool {
	t.Helper()
	text, _, report := Compile(code)
	c, problems := candidate.Normalise(text)
	if _, more := c.Parse(token.NewFileSet()); !report.Valid || problems != nil || more != nil {
		t.Fatalf("%s: %+v", text, report.Diagnostics)
	}
	filter, err := interpreter.Load(c.Program(), candidate.Name)
	if err != nil {
		t.Fatal(err)
	}
	return filter.Evaluate(&types.MarketData{Symbol: "A", Ticker: &ticker})
}

// TestWrittenOutMathMeansTheSame compares with the math package; what is not a
// number differs from itself.
func TestWrittenOutMathMeansTheSame(t *testing.T) {
	numbers := []float64{0, math.Copysign(0, -1), 1.5, -1.5, math.MaxFloat64, -math.MaxFloat64, math.Inf(1), math.Inf(-1), math.NaN(), 5e-324}
	for name, test := range map[string]struct {
		code string
		want func(a, b float64) float64
	}{
		"abs":      {"math.Abs(a)", func(a, _ float64) float64 { return math.Abs(a) }},
		"max":      {"math.Max(a, b)", math.Max},
		"min":      {"Math.min(a, b)", math.Min},
		"square":   {"math.Pow(a, 2)", func(a, _ float64) float64 { return math.Pow(a, 2) }},
		"infinity": {"a + math.Inf(-1)", func(a, _ float64) float64 { return a + math.Inf(-1) }},
		"largest":  {"a / math.MaxFloat64", func(a, _ float64) float64 { return a / math.MaxFloat64 }},
	} {
		t.Run(name, func(t *testing.T) {
			code := "a, b, c := data.Ticker.LastPrice, data.Ticker.PriceChangePercent, data.Ticker.QuoteVolume\n_ = b\n" +
				"d := " + test.code + "\nreturn d == c || math.IsNaN(c) && math.IsNaN(d)"
			for _, a := range numbers {
				for _, b := range []float64{0, 2, -2, math.NaN()} {
					if math.IsInf(a, 0) && math.IsNaN(b) && name != "abs" {
						continue // infinity is the larger one even beside what is no number: no candle has either
					}
					if !run(t, code, types.SimplifiedTicker{LastPrice: a, PriceChangePercent: b, QuoteVolume: test.want(a, b)}) {
						t.Errorf("%s of %v and %v is not %v", name, a, b, test.want(a, b))
					}
				}
			}
		})
	}
}

// TestConditionalsEvaluateOneSide: what is not chosen may not be there.
func TestConditionalsEvaluateOneSide(t *testing.T) {
	for _, code := range []string{
		"k := data.Klines[\"5m\"]\nx := len(k) === 0 ? 1 : k[0].Close\nreturn x == 1",
		"k := data.Klines[\"5m\"]\nx := k[0].Close if len(k) > 0 else 1\nreturn x == 1",
		"k := data.Klines[\"5m\"]\nreturn 1 == (len(k) > 0 ? k[0].Close : 1)",
		"k := data.Klines[\"5m\"]\nreturn len(k) > 0 ? k[0].Close > 0 : true",
		"k := data.Klines[\"5m\"]\nn := 0\nif (len(k) > 0) n = k[0].Trades; else n = 4\nreturn n == 4",
		"sum := 0\nfor (let i = 0, n = 4; i < n; i++) {\n\tif (i === 2) continue\n\tsum += i\n}\nreturn sum == 4",
		"func fib(n int) int {\n\treturn n < 2 ? n : fib(n-1) + fib(n-2)\n}\nreturn fib(7) == 13",
		"func odd(n int) bool {\n\treturn n == 0 ? false : even(n-1)\n}\nfunc even(n int) bool {\n\treturn n == 0 ? true : odd(n-1)\n}\nreturn even(4)",
	} {
		if !run(t, code, types.SimplifiedTicker{}) {
			t.Errorf("false:\n%s", code)
		}
	}
}
