package mend_test

import (
	"strings"
	"testing"

	"filtermend/screener/internal/mend"
	"filtermend/screener/internal/replay"
)

const (
	none    = "if len(klines) == 0 {\n\treturn false\n}\n"
	clamp   = "start := len(klines) - 60\nif start < 0 {\n\tstart = 0\n}\n"
	above   = "return klines[len(klines)-1].Close > top\n"
	highest = "\tif k.High > top {\n\t\ttop = k.High\n\t}\n}\n"
	summed  = "\tsum += k.Close\n}\n"
	rolling = "average := func(n int) float64 {\n\tsum := 0.0\n"
	apart   = "return average(5) > average(60)"
)

// TestFewerCandlesAreTakenWhereThereAreFewer: MARK is the line that fails.
func TestFewerCandlesAreTakenWhereThereAreFewer(t *testing.T) {
	for name, test := range map[string]struct{ code, nativeError, want string }{
		"a slice": {
			fiveMinutes + "top := 0.0\nMARK for _, k := range klines[len(klines)-60:] {\n" + highest + above, badSlice,
			fiveMinutes + "top := 0.0\n" + none + clamp + "for _, k := range klines[start:] {\n" + highest + above},
		"the highest, compared with a number": {
			fiveMinutes + none + "top := 0.0\nMARK for _, k := range klines[len(klines)-60:] {\n" + highest + "return top > 9", badSlice,
			fiveMinutes + none + "top := 0.0\n" + clamp + "for _, k := range klines[start:] {\n" + highest + "return top > 9"},
		"the first of a window, and the window": {
			fiveMinutes + none + "from := len(klines) - 60\nMARK top := klines[from].High\nfor i := from; i < len(klines); i++ {\n\tif klines[i].High > top {\n\t\ttop = klines[i].High\n\t}\n}\n" + above, badIndex,
			fiveMinutes + none + "from := len(klines) - 60\nif from < 0 {\n\tfrom = 0\n}\ntop := klines[from].High\nfor i := from; i < len(klines); i++ {\n\tif klines[i].High > top {\n\t\ttop = klines[i].High\n\t}\n}\n" + above},
		"a list that was made before": {
			fiveMinutes + none + "closes := []float64{}\nfor _, k := range klines {\n\tcloses = append(closes, k.Close)\n}\ntop := 0.0\nMARK for _, c := range closes[len(closes)-60:] {\n\tif c > top {\n\t\ttop = c\n\t}\n}\n" + above, badSlice,
			fiveMinutes + none + "closes := []float64{}\nfor _, k := range klines {\n\tcloses = append(closes, k.Close)\n}\ntop := 0.0\nif len(closes) == 0 {\n\treturn false\n}\n" + strings.ReplaceAll(clamp, "klines", "closes") + "for _, c := range closes[start:] {\n\tif c > top {\n\t\ttop = c\n\t}\n}\n" + above},
		"a slice before the newest": {
			fiveMinutes + "top := 0.0\nMARK for _, k := range klines[len(klines)-61 : len(klines)-1] {\n" + highest + above, badSlice,
			fiveMinutes + "top := 0.0\nif len(klines) < 2 {\n\treturn false\n}\n" + strings.Replace(clamp, "60", "61", 1) + "for _, k := range klines[start : len(klines)-1] {\n" + highest + above},
		"a check before it asks for one more": {
			fiveMinutes + none + "top := 0.0\nMARK for _, k := range klines[len(klines)-61 : len(klines)-1] {\n" + highest + above, badSlice,
			fiveMinutes + "if len(klines) < 2 {\n\treturn false\n}\ntop := 0.0\n" + strings.Replace(clamp, "60", "61", 1) + "for _, k := range klines[start : len(klines)-1] {\n" + highest + above},
		"a loop": {
			fiveMinutes + none + "top := 0.0\nfor i := len(klines) - 60; i < len(klines); i++ {\n\tMARK if klines[i].High > top {\n\t\ttop = klines[i].High\n\t}\n}\n" + above, badIndex,
			fiveMinutes + none + "top := 0.0\n" + clamp + "for i := start; i < len(klines); i++ {\n\tif klines[i].High > top {\n\t\ttop = klines[i].High\n\t}\n}\n" + above},
		"a beginning with a name": {
			fiveMinutes + none + "from := len(klines) - 60\ntop := 0.0\nMARK for _, k := range klines[from:] {\n" + highest + above, badSlice,
			fiveMinutes + none + "from := len(klines) - 60\nif from < 0 {\n\tfrom = 0\n}\ntop := 0.0\nfor _, k := range klines[from:] {\n" + highest + above},
		"an earlier candle": {
			fiveMinutes + "last := klines[len(klines)-1]\nMARK day := klines[len(klines)-60]\nreturn last.Close > day.Close*1.01", badIndex,
			fiveMinutes + "last := klines[len(klines)-1]\n" + clamp + "day := klines[start]\nreturn last.Close > day.Close*1.01"},
		"no candle at all": {
			fiveMinutes + "MARK last := klines[len(klines)-1]\nday := klines[len(klines)-60]\nreturn last.Close > day.Close*1.01", badIndex,
			fiveMinutes + none + "last := klines[len(klines)-1]\nday := klines[len(klines)-60]\nreturn last.Close > day.Close*1.01"},
		"a parameter": {
			fiveMinutes + none + rolling + "\tMARK for _, k := range klines[len(klines)-n:] {\n\t\tsum += k.Close\n\t}\n\treturn sum / float64(n)\n}\n" + apart, badSlice,
			fiveMinutes + none + rolling + "\tif n > len(klines) {\n\t\tn = len(klines)\n\t}\n\tfor _, k := range klines[len(klines)-n:] {\n\t\tsum += k.Close\n\t}\n\treturn sum / float64(n)\n}\n" + apart},
		"a parameter before the newest": {
			fiveMinutes + "if len(klines) < 2 {\n\treturn false\n}\n" + rolling + "\tfor i := len(klines) - 1 - n; i < len(klines)-1; i++ {\n\t\tMARK sum += klines[i].Close\n\t}\n\treturn sum / float64(n)\n}\n" + apart, badIndex,
			fiveMinutes + "if len(klines) < 2 {\n\treturn false\n}\n" + rolling + "\tif n > len(klines)-1 {\n\t\tn = len(klines) - 1\n\t}\n\tfor i := len(klines) - 1 - n; i < len(klines)-1; i++ {\n\t\tsum += klines[i].Close\n\t}\n\treturn sum / float64(n)\n}\n" + apart},
		"an average": {
			fiveMinutes + none + "sum := 0.0\nMARK for _, k := range klines[len(klines)-60:] {\n" + summed + "return klines[0].Close > sum/60", badSlice,
			fiveMinutes + none + "sum := 0.0\n" + clamp + "for _, k := range klines[start:] {\n" + summed + "return klines[0].Close > sum/float64(len(klines)-start)"},
		"an average of a window with a name": {
			fiveMinutes + none + "n := 60\nvar sum float64\nMARK window := klines[len(klines)-n:]\nfor _, k := range window {\n" + summed + "return klines[0].Close > sum/float64(n)", badSlice,
			fiveMinutes + none + "n := 60\nvar sum float64\nstart := len(klines) - n\nif start < 0 {\n\tstart = 0\n}\nwindow := klines[start:]\nfor _, k := range window {\n" + summed + "return klines[0].Close > sum/float64(len(window))"},
		"an average of a loop": {
			fiveMinutes + none + "sum := 0.0\nfor i := len(klines) - 60; i < len(klines); i++ {\n\tMARK sum += klines[i].Close\n}\nreturn klines[0].Close > sum/60", badIndex,
			fiveMinutes + none + "sum := 0.0\n" + clamp + "for i := start; i < len(klines); i++ {\n\tsum += klines[i].Close\n}\nreturn klines[0].Close > sum/float64(len(klines)-start)"},
		"a helper that takes all of it": {
			fiveMinutes + none + "MARK line := indicators.CalculateVWAP(klines[len(klines)-60:])\nreturn klines[0].Close > line", badSlice,
			fiveMinutes + none + clamp + "line := indicators.CalculateVWAP(klines[start:])\nreturn klines[0].Close > line"},
	} {
		t.Run(name, func(t *testing.T) {
			code, text, change := guardedForFewer(test.code, test.nativeError)
			if change == nil || change.Guard || strings.TrimSpace(text) != strings.TrimSpace(test.want) {
				t.Fatalf("change %+v:\n%s\nwant\n%s", change, text, test.want)
			}
			after := runs(t, text)
			for i, old := range runs(t, code) {
				if old.Error == "" && (after[i].Error != "" || after[i].Matched != old.Matched) {
					t.Errorf("%s: was %+v, is %+v", replay.Samples()[i].Name, old, after[i])
				}
			}
		})
	}
}

// guardedForFewer guards the line that fails, for a strategy that takes fewer
// candles where there are fewer.
func guardedForFewer(marked, nativeError string) (code, text string, change *mend.Change) {
	before, after, _ := strings.Cut(marked, "MARK ")
	code = before + after
	text, change = mend.Guard(code, 1+strings.Count(before, "\n"), nativeError, mend.OptionalOlder)
	return code, text, change
}

// TestWhatFewerCandlesMeanIsNotAlwaysCertain: what is not certain is at most a
// guard, which is not wanted where a strategy says what counts.
func TestWhatFewerCandlesMeanIsNotAlwaysCertain(t *testing.T) {
	for name, test := range map[string]struct{ code, nativeError string }{
		"a number that follows from the length": {fiveMinutes + none + "sum := 0.0\nMARK for _, k := range klines[len(klines)-60:] {\n" + summed + "return sum > 59*klines[0].Close", badSlice},
		"another divisor":                       {fiveMinutes + none + "sum := 0.0\nMARK for _, k := range klines[len(klines)-60:] {\n" + summed + "return klines[0].Close > sum/61", badSlice},
		"not all are summed":                    {fiveMinutes + none + "sum := 0.0\nMARK for _, k := range klines[len(klines)-60:] {\n\tif k.Volume == 0 {\n\t\tcontinue\n\t}\n" + summed + "return klines[0].Close > sum/60", badSlice},
		"a change for each candle":              {fiveMinutes + none + "MARK old := klines[len(klines)-60]\nreturn (klines[len(klines)-1].Close-old.Close)/60 > 1", badIndex},
		"two windows":                           {fiveMinutes + none + "top := 0.0\nMARK for _, k := range klines[len(klines)-60 : len(klines)-20] {\n" + highest + "for _, k := range klines[len(klines)-20:] {\n" + highest + above, badSlice},
		"a window and a candle":                 {fiveMinutes + none + "top := 0.0\nMARK for _, k := range klines[len(klines)-60:] {\n" + highest + "return klines[len(klines)-10].Close > top", badSlice},
		"a window of another length":            {fiveMinutes + none + "h := data.Klines[\"1h\"]\ntop := 0.0\nMARK for _, k := range klines[len(klines)-60:] {\n" + highest + "for _, k := range h[len(h)-12:] {\n" + highest + "return top > 9", badSlice},
		"a candle next to a loop":               {fiveMinutes + none + "h := data.Klines[\"1h\"]\nsum := 0.0\nfor i := 1; i <= 20; i++ {\n\tsum += h[len(h)-i].Close\n}\nMARK return klines[len(klines)-10].Close > sum", badIndex},
		"a parameter next to a window":          {fiveMinutes + none + rolling + "\tMARK for _, k := range klines[len(klines)-n:] {\n\t\tsum += k.Close\n\t}\n\treturn sum / float64(n)\n}\nreturn average(5) > average(60) && len(klines[len(klines)-9:]) > 3", badSlice},
		"a list that grows":                     {fiveMinutes + none + "closes := []float64{}\ntop := 0.0\nfor _, k := range klines {\n\tcloses = append(closes, k.Close)\n\tMARK for _, c := range closes[len(closes)-60:] {\n\t\tif c > top {\n\t\t\ttop = c\n\t\t}\n\t}\n}\n" + above, badSlice},
		"a list that is cut later":              {fiveMinutes + none + "MARK top := indicators.CalculateVWAP(klines[len(klines)-60:])\nklines = klines[1:]\n" + above, badSlice},
		"a window that is cut":                  {fiveMinutes + none + "top := 0.0\nMARK all := klines[len(klines)-60:]\nfor _, k := range all[:30] {\n" + highest + above, badSlice},
		"a place in a window":                   {fiveMinutes + none + "MARK all := klines[len(klines)-60:]\nreturn all[30].Close > all[0].Close", badSlice},
		"a window's period":                     {fiveMinutes + none + "MARK line := indicators.CalculateMA(klines[len(klines)-60:], 60)\nreturn line != nil && *line > 9", badSlice},
		"a candle next to a period":             {fiveMinutes + none + "line := indicators.CalculateMA(klines, 20)\nMARK return klines[len(klines)-60].Close > 5 && line != nil", badIndex},
		"the candle before":                     {fiveMinutes + none + "MARK return klines[len(klines)-2].Close > 5", badIndex},
		"so many of them":                       {fiveMinutes + none + "greens := 0\nMARK for _, k := range klines[len(klines)-60:] {\n\tif k.Close > k.Open {\n\t\tgreens++\n\t}\n}\nreturn greens >= 36", badSlice},
		"a loop that looks back":                {fiveMinutes + none + "ups := 0.0\nfor i := len(klines) - 60; i < len(klines); i++ {\n\tMARK if klines[i].Close > klines[i-1].Close {\n\t\tups += klines[i].Volume\n\t}\n}\nreturn ups > 9", badIndex},
		"a loop with another list":              {fiveMinutes + none + "h := data.Klines[\"1h\"]\ntop := 0.0\nfor i := len(klines) - 60; i < len(klines); i++ {\n\tMARK top += klines[i].High - h[i].High\n}\nreturn top > 9", badIndex},
		"a turn that may read nothing":          {fiveMinutes + none + "n := 0.0\nfor i := len(klines) - 60; i < len(klines); i++ {\n\tn += 1.5\n\tMARK if n > 20 && klines[i].Close > 5 {\n\t\tn = 0\n\t}\n}\nreturn n > 9", badIndex},
		"a length that is asked for":            {fiveMinutes + "if len(klines) < 55 {\n\treturn false\n}\ntop := 0.0\nMARK for _, k := range klines[len(klines)-60:] {\n" + highest + above, badSlice},
		"a parameter that counts":               {fiveMinutes + none + rolling + "\tMARK for _, k := range klines[len(klines)-n:] {\n\t\tsum += k.Close\n\t}\n\treturn sum / float64(n-1)\n}\n" + apart, badSlice},
		"a function that may get none":          {fiveMinutes + rolling + "\tMARK for _, k := range klines[len(klines)-n:] {\n\t\tsum += k.Close\n\t}\n\treturn sum / float64(n)\n}\n" + apart, badSlice},
		"an indicator":                          {fiveMinutes + "line := indicators.CalculateMA(klines, 60)\nMARK return *line > 9", badPointer},
	} {
		t.Run(name, func(t *testing.T) {
			if _, text, change := guardedForFewer(test.code, test.nativeError); change != nil && !change.Guard {
				t.Errorf("change %+v:\n%s", change, text)
			}
		})
	}
}

// TestNobodyTakesFewerWithoutSayingSo: without the words it is a guard.
func TestNobodyTakesFewerWithoutSayingSo(t *testing.T) {
	code := fiveMinutes + "day := klines[len(klines)-60]\nreturn day.Close > 3"
	if text, change := mend.Guard(code, 2, badIndex); change == nil || !change.Guard {
		t.Errorf("change %+v:\n%s", change, text)
	}
}
