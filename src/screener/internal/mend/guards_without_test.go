package mend_test

import (
	"strings"
	"testing"

	"filtermend/screener/internal/mend"
)

func TestHintsSayHowToDoWithoutData(t *testing.T) {
	const vote = "votes := 0\nfor _, name := range []string{\"5m\", \"1h\"} {\n\tks := data.Klines[name]\n" +
		"\tlast := ks[len(ks)-1]\n\tif last.Close > last.Open {\n\t\tvotes++\n\t}\n}\nreturn votes > 1"
	const daily = "ema := indicators.CalculateEMA(data.Klines[\"1d\"], 30)\n"
	for name, test := range map[string]struct {
		code, nativeError string
		line              int
		want              string
	}{
		"a turn of a vote":     {vote, badIndex, 4, "ks may be empty. To do without: before this line, if len(ks) == 0 { continue }"},
		"a check":              {daily + "if data.Symbol == \"A\" || *ema > 3 {\n\treturn false\n}\nreturn true", badPointer, 2, "ema may be nil. To do without: if ema != nil && (data.Symbol == \"A\" || *ema > 3) {"},
		"a point":              {"score := 0.0\nscore += data.Ticker.PriceChangePercent\nreturn score > 1", badPointer, 2, "data.Ticker may be nil. To do without: if data.Ticker != nil { score += data.Ticker.PriceChangePercent }"},
		"the last check":       {daily + "return *ema > 3", badPointer, 2, "ema may be nil. To do without: before this line, if ema == nil { return true }"},
		"an error of no guard": {daily + "return ema == nil", "no such error", 2, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if _, got := mend.GuardHint(test.code, test.line, test.nativeError); got != test.want && !(test.want != "" && strings.HasSuffix(got, test.want)) {
				t.Errorf("hint %q, want %q", got, test.want)
			}
		})
	}
}
