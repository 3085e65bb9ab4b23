package mend_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"filtermend/screener/internal/candidate"
	"filtermend/screener/internal/interpreter"
	"filtermend/screener/internal/mend"
	"filtermend/screener/internal/replay"
	"filtermend/screener/types"
)

// TestMendedFiltersDoWhatWasMeant compares what was mended with what a careful
// author would have written: the same verdict on every sample, and no panic.
func TestMendedFiltersDoWhatWasMeant(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nif len(klines) == 0 {\n\treturn false\n}\nlast := klines[len(klines)-1]\n_ = last\n"
	for name, test := range map[string]struct{ before, meant string }{
		"average by another name": {
			head + "ma := indicators.GetLatestSMA(klines, 20)\nreturn last.Close > ma",
			head + "ma := indicators.CalculateMA(klines, 20)\nreturn ma != nil && last.Close > *ma",
		},
		"two averages in one line": {
			head + "return indicators.EMA(klines, 9) > indicators.EMA(klines, 21)",
			head + "a, b := indicators.CalculateEMA(klines, 9), indicators.CalculateEMA(klines, 21)\nreturn a != nil && b != nil && *a > *b",
		},
		"volume after another condition": {
			head + "return last.close > last.open && last.Volume > indicators.CalculateVolumeMA(klines, 20)*1.1",
			head + "v := indicators.CalculateAvgVolume(klines, 20)\nreturn last.Close > last.Open && v != nil && last.Volume > *v*1.1",
		},
		"RSI as a series, with an error": {
			head + "rsi, err := indicators.RSI(klines, 14)\nif err != nil {\n\treturn false\n}\nreturn rsi[len(rsi)-1] > 50",
			head + "rsi := indicators.GetLatestRSI(klines, 14)\nreturn rsi != nil && *rsi > 50",
		},
		"closes collected first": {
			head + "closes := []float64{}\nfor _, k := range klines {\n\tcloses = append(closes, k.Close)\n}\nm := indicators.GetMACD(closes, 12, 26, 9)\nif m == nil {\n\treturn false\n}\nreturn m.Histogram > 0",
			head + "m := indicators.GetLatestMACD(klines, 12, 26, 9)\nreturn m != nil && m.Histogram > 0",
		},
		"price of the market data": {
			head + "vwap := indicators.CalculateVWAP(klines)\nif vwap == nil {\n\treturn false\n}\nreturn data.LastPrice > *vwap",
			head + "return data.Ticker != nil && data.Ticker.LastPrice > indicators.CalculateVWAP(klines)",
		},
		"sum that begins as an integer": {
			head + "sum := 0\nfor i, k := range klines {\n\tsum += k.Volume\n}\nreturn last.Volume > sum/len(klines)",
			head + "sum := 0.0\nfor _, k := range klines {\n\tsum += k.Volume\n}\nreturn last.Volume > sum/float64(len(klines))",
		},
	} {
		t.Run(name, func(t *testing.T) {
			mended, _, report := mend.Compile(test.before)
			if !report.Valid {
				t.Fatalf("%+v\n%s", report.Diagnostics, mended)
			}
			for _, sample := range replay.Samples() {
				got, want := run(t, mended, sample.Data), run(t, test.meant, sample.Data)
				if got.Matched != want.Matched || got.Error != "" {
					t.Errorf("%s: got %+v, want %+v", sample.Name, got, want)
				}
			}
		})
	}
}

// TestWhatTheInterpreterRanAnswersAsBefore is about filters that Go refuses and
// the interpreter runs: a run that ended without an error stays as it was.
func TestWhatTheInterpreterRanAnswersAsBefore(t *testing.T) {
	compared := 0
	rows, err := os.ReadFile("../validate/testdata/truth/invalid.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range strings.Split("\n"+string(rows), "\n=== ")[1:] {
		_, code, _ := strings.Cut(row, "\n")
		mended, changes, report := mend.Compile(code)
		isEndless := strings.Contains(code, "for {")
		isMisread := strings.HasPrefix(code, "const ") // the interpreter takes a const of a variable for nil
		if !report.Valid || len(changes) == 0 || isEndless || isMisread {
			continue
		}
		for _, sample := range replay.Samples() {
			before, runs := interpreted(code, sample.Data)
			if !runs || before.Error != "" {
				continue
			}
			compared++
			if after := run(t, mended, sample.Data); after.Matched != before.Matched || after.Error != "" {
				t.Errorf("%s: was %+v, is %+v\n%s\n--\n%s", sample.Name, before, after, code, mended)
			}
		}
	}
	if compared < 50 {
		t.Errorf("compared %d runs only", compared)
	}
}

// interpreted is the result of code that the type checker did not see.
func interpreted(code string, data types.MarketData) (result replay.Result, runs bool) {
	c, problems := candidate.Normalise(code)
	if problems != nil {
		return result, false
	}
	filter, err := interpreter.Load(c.Program(), candidate.Name)
	if err != nil {
		return result, false
	}
	return replay.Run(filter, c, data, time.Second), true
}
