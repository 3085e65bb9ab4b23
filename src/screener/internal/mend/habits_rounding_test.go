package mend

import (
	"math"
	"strings"
	"testing"

	"github.com/traefik/yaegi/interp"
)

// What is written in place of the math package gives its very bits.
func TestWrittenFunctionsAreExact(t *testing.T) {
	values := []float64{0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, 2, 3, 4, 1e-310, 5e-324, 1e308, -1e300,
		math.MaxFloat64, math.Inf(1), math.Inf(-1), math.NaN(), 4503599627370495.5, 4503599627370497, 0.1, 123.456, 99999.5}
	for x := 1e-9; x < 1e9; x *= 1.37 {
		values = append(values, x, -x)
	}
	for name, want := range map[string]func(float64) float64{
		"floor": math.Floor, "ceil": math.Ceil, "trunc": math.Trunc, "round": math.Round, "sqrt": math.Sqrt,
		"square": func(x float64) float64 { return math.Pow(x, 2) }, "cube": func(x float64) float64 { return math.Pow(x, 3) },
	} {
		program := interp.New(interp.Options{})
		if _, err := program.Eval("package main\nfunc f" + strings.TrimPrefix(written[name].text, "func")); err != nil {
			t.Fatal(name, err)
		}
		value, err := program.Eval("main.f")
		if err != nil {
			t.Fatal(name, err)
		}
		function := value.Interface().(func(float64) float64)
		for _, x := range values {
			got, exact := function(x), want(x)
			if got != exact && (got == got || exact == exact) {
				t.Errorf("%s(%v) = %v, want %v", name, x, got, exact)
			}
		}
	}
}

func TestFunctionsOfOneNumber(t *testing.T) {
	check(t, []mending{
		{"square of a difference", "x := 3.0\nreturn math.Pow(x-1, 2)+math.Pow(x+1, 2) > 3", "square := " + squareText + "x := 3.0\nreturn square(x-1)+square(x+1) > 3"},
		{"square of a call", "return math.Pow(indicators.CalculateVWAP(data.Klines[\"5m\"]), 2) > 3", "square := " + squareText + "return square(indicators.CalculateVWAP(data.Klines[\"5m\"])) > 3"},
		{"of an integer", "n := 3\nreturn math.Trunc(n) > 2", "trunc := " + truncText + "n := 3\nreturn trunc(float64(n)) > 2"},
		{"in each other", "x := 3.0\nreturn math.Floor(math.Abs(x-1)) > 1", "abs := func(x float64) float64 {\n\tif x <= 0 {\n\t\treturn 0 - x\n\t}\n\treturn x\n}\nfloor := " + floorText + "x := 3.0\nreturn floor(abs(x-1)) > 1"},
		{"of another language: halves go up", "x := 3.0\nreturn Math.round(x) > 2", ""},
		{"another power", "x := 3.0\nreturn math.Pow(x+1, x) > 2", ""},
		{"of a text", "return math.Floor(data.Symbol) > 2", ""},
		{"logarithm", "x := 3.0\nreturn math.Log(x+1) > 2", ""},
	})
}
