package mend_test

import (
	"fmt"
	"testing"

	"filtermend/screener/internal/mend"
	"filtermend/screener/internal/replay"
	"filtermend/screener/types"
)

// fewCandles have numbers that are easily computed by hand.
func fewCandles() types.MarketData {
	return types.MarketData{Symbol: "A", Klines: map[string][]types.Kline{"5m": {
		{High: 11, Low: 9, Close: 10},
		{High: 12, Low: 10, Close: 12}, // true range 2
		{High: 18, Low: 14, Close: 16}, // a gap upwards: 18-12 = 6
		{High: 13, Low: 11, Close: 12}, // a gap downwards: 16-11 = 5
	}}}
}

func TestFormulasGiveWhatIsComputedByHand(t *testing.T) {
	for call, want := range map[string]float64{
		"CalculateATR(klines, 3)": 13.0 / 3,
		"CalculateATR(klines, 2)": 5.5,
	} {
		t.Run(call, func(t *testing.T) {
			code := fmt.Sprintf("klines := data.Klines[\"5m\"]\nvalue := indicators.%s\nreturn value > %v && value < %v", call, want-1e-9, want+1e-9)
			mended, _, _ := mend.Compile(code)
			if result := run(t, mended, fewCandles()); !result.Matched {
				t.Errorf("got %+v\n%s", result, mended)
			}
		})
	}
}

// TestFormulasNeedTheirCandles asks for more than there are, and for nothing.
func TestFormulasNeedTheirCandles(t *testing.T) {
	for _, name := range []string{"CalculateATR"} {
		for _, period := range []string{"500", "0", "-1"} {
			code := fmt.Sprintf("return indicators.%s(data.Klines[\"5m\"], %s) != nil", name, period)
			mended, _, _ := mend.Compile(code)
			for _, sample := range append(replay.Samples(), replay.Sample{Name: "few", Data: fewCandles()}) {
				result := run(t, mended, sample.Data)
				if short := len(sample.Data.Klines["5m"]) <= 500 || period != "500"; result.Matched == short || result.Error != "" {
					t.Errorf("%s(%s), %s: got %+v", name, period, sample.Name, result)
				}
			}
		}
	}
}
