package mend_test

import (
	"strings"
	"testing"

	"filtermend/screener/internal/mend"
)

const (
	hourly = "h := data.Klines[\"1h\"]\nif len(h) < 2 {\n\treturn false\n}\n"
	day    = "d := data.Klines[\"1d\"]\n"
)

// TestOptionalDataIsDoneWithout: MARK is the line that fails.
func TestOptionalDataIsDoneWithout(t *testing.T) {
	for name, test := range map[string]struct{ code, nativeError, want string }{
		"a check that gives up": {
			"MARK if data.Ticker.PriceChangePercent < -5 {\n\treturn false\n}\nreturn true", badPointer,
			"if data.Ticker != nil && data.Ticker.PriceChangePercent < -5 {\n\treturn false\n}\nreturn true"},
		"an indicator": {
			hourly + "ema := indicators.CalculateEMA(data.Klines[\"1d\"], 9)\nMARK if h[0].Close <= *ema {\n\treturn false\n}\nreturn h[1].Close > 3", badPointer,
			hourly + "ema := indicators.CalculateEMA(data.Klines[\"1d\"], 9)\nif ema != nil && h[0].Close <= *ema {\n\treturn false\n}\nreturn h[1].Close > 3"},
		"the last part of an answer": {
			hourly + day + "MARK return h[0].Close > 3 && d[len(d)-1].Close > 3", badIndex,
			hourly + day + "return h[0].Close > 3 && (len(d) == 0 || d[len(d)-1].Close > 3)"},
		"a call that counts": {
			"score := 0\nadd := func(ok bool) {\n\tif ok {\n\t\tscore++\n\t}\n}\nMARK add(data.Ticker.LastPrice > 3)\nreturn score > 0", badPointer,
			"score := 0\nadd := func(ok bool) {\n\tif ok {\n\t\tscore++\n\t}\n}\nif data.Ticker != nil {\n\tadd(data.Ticker.LastPrice > 3)\n}\nreturn score > 0"},
		"a point": {
			"score := 0\nMARK if data.Ticker.LastPrice > 3 {\n\tscore++\n}\nreturn score > 0", badPointer,
			"score := 0\nif data.Ticker != nil && data.Ticker.LastPrice > 3 {\n\tscore++\n}\nreturn score > 0"},
		"a turn": {
			"votes := 0\nfor _, name := range []string{\"5m\", \"1h\"} {\n\tks := data.Klines[name]\n\tMARK last := ks[len(ks)-1]\n\tif last.Close > last.Open {\n\t\tvotes++\n\t}\n}\nreturn votes > 1", badIndex,
			"votes := 0\nfor _, name := range []string{\"5m\", \"1h\"} {\n\tks := data.Klines[name]\n\tif len(ks) == 0 {\n\t\tcontinue\n\t}\n\tlast := ks[len(ks)-1]\n\tif last.Close > last.Open {\n\t\tvotes++\n\t}\n}\nreturn votes > 1"},
		"a turn, before a loop of its own": {
			"sum := 0.0\nfor _, name := range []string{\"5m\", \"1h\"} {\n\tks := data.Klines[name]\n\tfor j := 1; j <= 5; j++ {\n\t\tMARK sum += ks[len(ks)-j].Close\n\t}\n}\nreturn sum > 1", badIndex,
			"sum := 0.0\nfor _, name := range []string{\"5m\", \"1h\"} {\n\tks := data.Klines[name]\n\tif len(ks) < 5 {\n\t\tcontinue\n\t}\n\tfor j := 1; j <= 5; j++ {\n\t\tsum += ks[len(ks)-j].Close\n\t}\n}\nreturn sum > 1"},
		"declarations up to the answer": {
			hourly + day + "MARK today := d[len(d)-1]\nyesterday := d[len(d)-2]\nreturn today.Close > yesterday.Low", badIndex,
			hourly + day + "if len(d) < 2 {\n\treturn true\n}\ntoday := d[len(d)-1]\nyesterday := d[len(d)-2]\nreturn today.Close > yesterday.Low"},
		"an answer with other parts": {
			hourly + day + "MARK today := d[len(d)-1]\nreturn h[0].Close > 3 && today.Close > 3", badIndex,
			hourly + day + "if len(d) == 0 {\n\treturn h[0].Close > 3\n}\ntoday := d[len(d)-1]\nreturn h[0].Close > 3 && today.Close > 3"},
		"declarations up to a check": {
			hourly + day + "MARK today := d[len(d)-1]\nif today.Close < 3 {\n\treturn false\n}\nreturn h[0].Close > 3", badIndex,
			hourly + day + "if len(d) > 0 {\n\ttoday := d[len(d)-1]\n\tif today.Close < 3 {\n\t\treturn false\n\t}\n}\nreturn h[0].Close > 3"},
		"a condition that is kept": {
			hourly + day + "MARK up := d[len(d)-1].Close > 3\nfine := h[0].Close > 3\nreturn fine && up", badIndex,
			hourly + day + "up := len(d) == 0 || d[len(d)-1].Close > 3\nfine := h[0].Close > 3\nreturn fine && up"},
		"a condition that is kept for a point": {
			day + "score := 0\nMARK up := d[len(d)-1].Close > 3\nif up {\n\tscore++\n}\nreturn score > 0", badIndex,
			day + "score := 0\nup := len(d) > 0 && d[len(d)-1].Close > 3\nif up {\n\tscore++\n}\nreturn score > 0"},
		"a function that is asked at times": {
			hourly + "confirms := func() bool {\n\td := data.Klines[\"1d\"]\n\tMARK return d[len(d)-1].Close > d[len(d)-6].Close\n}\nlate := h[0].Close > 60\nreturn h[1].Close > 3 && (!late || confirms())", badIndex,
			hourly + "confirms := func() bool {\n\td := data.Klines[\"1d\"]\n\treturn len(d) < 6 || d[len(d)-1].Close > d[len(d)-6].Close\n}\nlate := h[0].Close > 60\nreturn h[1].Close > 3 && (!late || confirms())"},
	} {
		t.Run(name, func(t *testing.T) {
			before, _, _ := strings.Cut(test.code, "MARK ")
			line := 1 + strings.Count(before, "\n")
			code := strings.ReplaceAll(test.code, "MARK ", "")
			text, change := mend.Guard(code, line, test.nativeError, "1d", mend.OptionalTicker, mend.OptionalIntervals)
			if change == nil || change.Guard || strings.TrimSpace(text) != test.want {
				t.Errorf("change %+v:\n%s", change, text)
			}
		})
	}
}

func TestOtherDataIsNotDoneWithout(t *testing.T) {
	for name, code := range map[string]string{
		"another interval":            day + "h := data.Klines[\"1h\"]\nreturn d == nil || h[len(h)-1].Close > 3",
		"one of two":                  day + "h := data.Klines[\"1h\"]\nboth := []types.Kline{d[len(d)-1], h[len(h)-1]}\nreturn both[0].Close > both[1].Close",
		"an alternative":              hourly + day + "return h[0].Close > 3 || d[len(d)-1].Close > 3",
		"a number that is used twice": hourly + day + "top := d[len(d)-1].High\nreach := h[0].High\nreturn reach > top || top > 9",
	} {
		t.Run(name, func(t *testing.T) {
			for line := 1; line <= strings.Count(code, "\n")+1; line++ {
				if text, change := mend.Guard(code, line, badIndex, "1d"); change != nil && !change.Guard {
					t.Errorf("change %+v:\n%s", change, text)
				}
			}
		})
	}
}
