package mend_test

import (
	"fmt"
	"math"
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
		"TrueRange(klines)":       5,
		"CalculateWMA(klines, 3)": (12*1 + 16*2 + 12*3) / 6.0,
		"GetROC(klines, 1)":       -25,
		"CalculateROC(klines, 3)": 20,
		"GetWilliamsR(klines, 3)": -75,                                // 12 in 10..18
		"CalculateCCI(klines, 3)": (12 - 118.0/9) / (0.015 * 52 / 27), // of 34/3, 16 and 12
		"StdDev(klines, 4)":       math.Sqrt((6.25 + 0.25 + 12.25 + 0.25) / 4),
		"StdDev(klines, 1)":       0,
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
	for _, name := range []string{"CalculateATR", "CalculateWMA", "CalculateROC", "CalculateStdDev", "CalculateCCI", "WilliamsR"} {
		for _, period := range []string{"200", "0", "-1"} {
			code := fmt.Sprintf("return indicators.%s(data.Klines[\"5m\"], %s) != nil", name, period)
			mended, _, _ := mend.Compile(code)
			for _, sample := range replay.Samples() {
				result := run(t, mended, sample.Data)
				if short := len(sample.Data.Klines["5m"]) <= 200 || period != "200"; result.Matched == short || result.Error != "" {
					t.Errorf("%s(%s), %s: got %+v", name, period, sample.Name, result)
				}
			}
		}
	}
}

func TestCrossingsAreThoseOfTheLastSteps(t *testing.T) {
	for call, want := range map[string]bool{
		"CrossOver(rising, level)":               true,
		"HasCrossedAbove(rising, level, 1)":      true,
		"CrossedAbove(level, rising)":            false,
		"CrossedBelow(level, rising)":            true,
		"CrossUnder(rising, level)":              false,
		"CrossedAbove(before, level)":            false,
		"CrossedAbove(before, level, 2)":         true,
		"CrossedAbove(before, level, 50)":        true,
		"CrossedAbove(rising[:1], level)":        false,
		"CrossedAbove([]float64{}, level)":       false,
		"CrossedAbove([]float64{2, 2, 3}, same)": true,
	} {
		t.Run(call, func(t *testing.T) {
			code := "level := []float64{9, 2, 2, 2}\nsame := []float64{2, 2, 2}\nrising, before := []float64{1, 2, 3}, []float64{1, 3, 4}\n" +
				"_, _, _, _ = level, same, rising, before\nreturn indicators." + call
			mended, _, _ := mend.Compile(code)
			if result := run(t, mended, types.MarketData{}); result.Matched != want || result.Error != "" {
				t.Errorf("got %+v\n%s", result, mended)
			}
		})
	}
}
