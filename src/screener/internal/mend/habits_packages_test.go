package mend

import "testing"

func TestFunctionsOfMissingPackages(t *testing.T) {
	check(t, []mending{
		{"suffix", "return strings.HasSuffix(data.Symbol, \"USDT\") && !strings.HasSuffix(data.Symbol, \"UPUSDT\")",
			"hasSuffix := " + packaged["strings.HasSuffix"].text + "return hasSuffix(data.Symbol, \"USDT\") && !hasSuffix(data.Symbol, \"UPUSDT\")"},
		{"in each other", "return strings.Contains(strings.ToUpper(data.Symbol), \"BTC\")",
			"toUpper := " + packaged["strings.ToUpper"].text + "contains := " + packaged["strings.Contains"].text + "return contains(toUpper(data.Symbol), \"BTC\")"},
		{"sorting", "x := []float64{2, 1}\nsort.Float64s(x)\nreturn x[0] < 2", "sortFloats := " + sortText + "x := []float64{2, 1}\nsortFloats(x)\nreturn x[0] < 2"},
		{"the name is taken", "contains := strings.Contains(data.Symbol, \"BTC\")\nreturn contains",
			"containsOf := " + packaged["strings.Contains"].text + "contains := containsOf(data.Symbol, \"BTC\")\nreturn contains"},
		{"sorting by something", "x := []float64{2, 1}\nsort.Slice(x, func(i, j int) bool { return x[i] < x[j] })\nreturn x[0] < 2", ""},
		{"sorting candles", "sort.Float64s(data.Klines[\"5m\"])\nreturn true", ""},
		{"case of any text", "x := \"ä\"\nreturn strings.ToUpper(x) == \"Ä\"", ""},
		{"another function", "return strings.Count(data.Symbol, \"T\") > 1", ""},
	})
}
