package mend_test

import (
	"strings"
	"testing"

	"filtermend/screener/internal/mend"
)

// TestWhatIsOpenIsOnlyHintedAt: a guard would be a guess where the strategy may
// want something else.
func TestWhatIsOpenIsOnlyHintedAt(t *testing.T) {
	const vote = "votes := 0\nfor _, name := range []string{\"5m\", \"1h\"} {\n\tks := data.Klines[name]\n" +
		"\tif ks[len(ks)-1].Close > ks[len(ks)-2].Close {\n\t\tvotes++\n\t}\n}\nreturn votes > 1"
	const all = "for _, name := range []string{\"5m\", \"1h\"} {\n\tks := data.Klines[name]\n" +
		"\tif ks[len(ks)-1].Close < ks[len(ks)-2].Close {\n\t\treturn false\n\t}\n}\nreturn true"
	for name, test := range map[string]struct {
		code, nativeError string
		line              int
		isOpen            bool
	}{
		"a vote of intervals":      {vote, "index out of range [-1]", 4, true},
		"every interval must hold": {all, "index out of range [-1]", 3, false},
		"what was counted is 0": {
			"ks := data.Klines[\"5m\"]\nturns := 0\nfor _, k := range ks {\n\tif k.Close > k.Open {\n\t\tturns++\n\t}\n}\n" +
				"return len(ks)/turns > 3", "integer divide by zero", 8, true},
		"no candles": {"ks := data.Klines[\"5m\"]\nreturn 100/len(ks) > 3", "integer divide by zero", 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			text, change := mend.Guard(test.code, test.line, test.nativeError)
			if (change == nil) != test.isOpen {
				t.Errorf("change %v:\n%s", change, text)
			}
			hint, _ := mend.GuardHint(test.code, test.line, test.nativeError)
			if hint == "" || strings.Contains(hint, "unless the strategy") != test.isOpen {
				t.Errorf("hint %q", hint)
			}
		})
	}
}
