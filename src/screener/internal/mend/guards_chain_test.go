package mend_test

import (
	"testing"

	"filtermend/screener/internal/mend"
)

func TestAChainOfIntervalsEndsWithTheLast(t *testing.T) {
	const chain = "next := map[string]string{\"5m\": \"1h\", \"1h\": \"1w\"}\n"
	const begin = chain + "var f func(tf string) []types.Kline\nf = func(tf string) []types.Kline {\n\tks := data.Klines[tf]\n\tif len(ks) >= 5000 {\n\t\treturn ks\n\t}\n"
	const call, after = "\treturn f(next[tf])\n}\n", "return len(f(\"5m\")) > 3"
	const ending = "\tif _, ok := next[tf]; !ok {\n\t\treturn nil\n\t}\n"
	const up = chain + "var f func(tf string) bool\nf = func(tf string) bool {\n\tif len(data.Klines[tf]) > 5000 && data.Ticker != nil {\n\t\treturn true\n\t}\n"
	for _, test := range []struct{ name, before, after string }{
		{"candles", begin + call + after, begin + ending + call + after},
		{"a pointer", chain + "var f func(tf string) *float64\nf = func(tf string) *float64 {\n\tif len(data.Klines[tf]) > 5000 && data.Ticker != nil {\n\t\treturn indicators.CalculateEMA(data.Klines[tf], 20)\n\t}\n" + call + "return f(\"5m\") != nil",
			chain + "var f func(tf string) *float64\nf = func(tf string) *float64 {\n\tif len(data.Klines[tf]) > 5000 && data.Ticker != nil {\n\t\treturn indicators.CalculateEMA(data.Klines[tf], 20)\n\t}\n" + ending + call + "return f(\"5m\") != nil"},

		{"not a condition, whose false may match", up + call + "return !f(\"5m\")", ""},
		{"not a number", "next := map[string]string{\"5m\": \"1h\"}\nvar f func(tf string) int\nf = func(tf string) int {\n\tif len(data.Klines[tf]) > 5000 {\n\t\treturn 3\n\t}\n" + call + "return f(\"5m\") > 3", ""},
		{"not where no interval has a result", chain + "var f func(tf string) []types.Kline\nf = func(tf string) []types.Kline {\n\tif len(data.Klines[tf]) == 0 && data.Ticker == nil {\n\t\treturn data.Klines[\"1d\"]\n\t}\n" + call + after, ""},
		{"not a map that changes", begin + call + "next[\"1w\"] = \"1d\"\n" + after, ""},
		{"not a circle", "next := map[string]string{\"\": \"1h\"}\n" + begin[len(chain):] + call + after, ""},
		{"not what counts on the way", begin[:len(begin)-1] + "\n\tnext[tf] = \"1d\"\n" + call + after, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, change := mend.Guard(test.before, 0, mend.EndlessRecursion)
			if (change == nil) != (test.after == "") {
				t.Fatalf("change %+v:\n%s", change, got)
			}
			if change == nil {
				return
			}
			if got != test.after || !change.Guard {
				t.Errorf("change %+v, got\n%s\nwant\n%s", change, got, test.after)
			}
			for i, result := range runs(t, got) {
				if result.Error != "" || result.Matched {
					t.Errorf("input %d: %+v", i, result)
				}
			}
		})
	}
}
