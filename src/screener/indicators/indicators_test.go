package indicators_test

import (
	"math"
	"slices"
	"testing"

	"filtermend/screener/indicators"
	"filtermend/screener/types"
)

// closing makes candles that only have closes.
func closing(prices ...float64) []types.Kline {
	klines := make([]types.Kline, len(prices))
	for i, price := range prices {
		klines[i].Close = price
	}
	return klines
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-6 }

func wantValue(t *testing.T, name string, got *float64, want float64) {
	t.Helper()
	if got == nil || !near(*got, want) {
		t.Errorf("%s = %v, want %v", name, deref(got), want)
	}
}

func wantSeries(t *testing.T, name string, got []float64, want ...float64) {
	t.Helper()
	if !slices.EqualFunc(got, want, near) {
		t.Errorf("%s = %v, want %v", name, got, want)
	}
}

func deref(value *float64) any {
	if value == nil {
		return nil
	}
	return *value
}

func TestSimpleAverages(t *testing.T) {
	klines := closing(1, 2, 3, 4, 5)
	wantValue(t, "MA", indicators.CalculateMA(klines, 3), 4)
	wantSeries(t, "MA series", indicators.CalculateMASeries(klines, 3), 2, 3, 4)
}

func TestExponentialAveragesStartFromTheSimpleOne(t *testing.T) {
	klines := closing(1, 2, 3, 4, 8) // seed 2, weight 1/2
	wantValue(t, "EMA", indicators.CalculateEMA(klines, 3), 5.5)
	wantSeries(t, "EMA series", indicators.CalculateEMASeries(klines, 3), 2, 3, 5.5)
}

func TestRSIIsSmoothedAsWilderDid(t *testing.T) {
	// Gains 2, 0, 2 and losses 0, 1, 0: averages 1 and 0.5, then 1.5 and 0.25.
	got := indicators.CalculateRSI(closing(10, 12, 11, 13), 2)
	wantSeries(t, "RSI", got.Values, 100-100/(1+1/0.5), 100-100/(1+1.5/0.25))
	wantValue(t, "latest RSI", indicators.GetLatestRSI(closing(10, 12, 11, 13), 2), 85.7142857)
}

func TestRSIAtItsEdges(t *testing.T) {
	for name, test := range map[string]struct {
		klines []types.Kline
		want   float64
	}{
		"only gains":  {closing(1, 2, 3), 100},
		"only losses": {closing(3, 2, 1), 0},
		"no move":     {closing(2, 2, 2), 50},
	} {
		wantValue(t, name, indicators.GetLatestRSI(test.klines, 2), test.want)
	}
}

func TestMACD(t *testing.T) {
	// EMA(2): 3.166667, 5.722222, 9.240741; EMA(3): 2.333333, 4.666667, 7.833333.
	klines := closing(1, 2, 4, 7, 11)
	got := indicators.CalculateMACD(klines, 2, 3, 2)
	wantSeries(t, "MACD", got.MACD, 1.0555556, 1.4074074)
	wantSeries(t, "signal", got.Signal, 0.9444444, 1.2530864)
	wantSeries(t, "histogram", got.Histogram, 0.1111111, 0.1543210)

	latest := indicators.GetLatestMACD(klines, 2, 3, 2)
	wantSeries(t, "latest", []float64{latest.MACD, latest.Signal, latest.Histogram}, 1.4074074, 1.2530864, 0.1543210)
}

func TestBollingerBandsUseThePopulationDeviation(t *testing.T) {
	klines := closing(2, 4, 4, 4, 5, 5, 7, 9) // mean 5, population standard deviation 2
	latest := indicators.GetLatestBollingerBands(klines, 8, 1.5)
	wantSeries(t, "bands", []float64{latest.Upper, latest.Middle, latest.Lower}, 8, 5, 2)

	series := indicators.CalculateBollingerBands(closing(1, 3, 7), 2, 1)
	wantSeries(t, "upper", series.Upper, 3, 7)
	wantSeries(t, "middle", series.Middle, 2, 5)
	wantSeries(t, "lower", series.Lower, 1, 3)
}

func TestVolume(t *testing.T) {
	klines := []types.Kline{
		{High: 12, Low: 8, Close: 10, Volume: 10},  // typical price 10
		{High: 24, Low: 18, Close: 18, Volume: 30}, // typical price 20
	}
	wantValue(t, "average volume", indicators.CalculateAvgVolume(klines, 2), 20)
	wantValue(t, "average volume of the last", indicators.CalculateAvgVolume(klines, 1), 30)
	if got := indicators.CalculateVWAP(klines); !near(got, 17.5) {
		t.Errorf("VWAP = %v, want 17.5", got)
	}
	if got := indicators.CalculateVWAP(closing(1, 2)); got != 0 {
		t.Errorf("VWAP without volume = %v, want 0", got)
	}
}

func TestRange(t *testing.T) {
	klines := []types.Kline{
		{High: 20, Low: 10, Close: 15},
		{High: 18, Low: 12, Close: 14}, // range 10-20: 40
		{High: 22, Low: 14, Close: 21}, // range 12-22: 90
	}
	wantValue(t, "highest high", indicators.GetHighestHigh(klines, 3), 22)
	wantValue(t, "highest high of 2", indicators.GetHighestHigh(klines[:2], 2), 20)
	wantValue(t, "lowest low", indicators.GetLowestLow(klines, 2), 12)
	got := indicators.CalculateStochastic(klines, 2, 2)
	if got == nil || !near(got.K, 90) || !near(got.D, 65) {
		t.Errorf("stochastic = %+v, want K 90, D 65", got)
	}
	if flat := indicators.CalculateStochastic(closing(0, 0), 2, 1); flat.K != 50 {
		t.Errorf("stochastic of a flat market = %v, want 50", flat.K)
	}
}

func TestEngulfing(t *testing.T) {
	candle := func(open, closed float64) types.Kline { return types.Kline{Open: open, Close: closed} }
	for name, test := range map[string]struct {
		klines []types.Kline
		want   string
	}{
		"bullish":           {[]types.Kline{candle(10, 9), candle(8.5, 10.5)}, "bullish"},
		"bearish":           {[]types.Kline{candle(9, 10), candle(10.5, 8.5)}, "bearish"},
		"smaller body":      {[]types.Kline{candle(10, 9), candle(9.2, 9.8)}, ""},
		"same direction":    {[]types.Kline{candle(9, 10), candle(8, 11)}, ""},
		"one candle":        {[]types.Kline{candle(9, 10)}, ""},
		"only the last two": {[]types.Kline{candle(1, 9), candle(10, 9), candle(9, 10)}, "bullish"},
	} {
		if got := indicators.DetectEngulfingPattern(test.klines); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestShortHistoryAndBadPeriodsAreNil(t *testing.T) {
	two := closing(1, 2)
	for _, period := range []int{3, 0, -1} {
		isNil := map[string]bool{
			"MA":             indicators.CalculateMA(two, period) == nil,
			"MA series":      indicators.CalculateMASeries(two, period) == nil,
			"EMA":            indicators.CalculateEMA(two, period) == nil,
			"EMA series":     indicators.CalculateEMASeries(two, period) == nil,
			"average volume": indicators.CalculateAvgVolume(two, period) == nil,
			"highest high":   indicators.GetHighestHigh(two, period) == nil,
			"lowest low":     indicators.GetLowestLow(two, period) == nil,
			"RSI":            indicators.CalculateRSI(two, period) == nil,
			"latest RSI":     indicators.GetLatestRSI(two, period) == nil,
			"MACD":           indicators.CalculateMACD(two, 1, period, 1) == nil,
			"MACD signal":    indicators.CalculateMACD(two, 1, 2, period) == nil,
			"latest MACD":    indicators.GetLatestMACD(two, period, 2, 1) == nil,
			"bands":          indicators.CalculateBollingerBands(two, period, 2) == nil,
			"latest bands":   indicators.GetLatestBollingerBands(two, period, 2) == nil,
			"stochastic K":   indicators.CalculateStochastic(two, period, 1) == nil,
			"stochastic D":   indicators.CalculateStochastic(two, 1, period) == nil,
		}
		for name, ok := range isNil {
			if !ok {
				t.Errorf("%s of 2 candles with period %d is not nil", name, period)
			}
		}
	}
}

func TestTheExactHistoryIsEnough(t *testing.T) {
	if indicators.CalculateRSI(closing(1, 2, 3), 2) == nil {
		t.Error("RSI(2) needs three candles")
	}
	if indicators.CalculateMACD(closing(1, 2, 3, 4), 2, 3, 2) == nil {
		t.Error("MACD(2, 3, 2) needs four candles")
	}
	if indicators.CalculateStochastic(closing(1, 2, 3), 2, 2) == nil {
		t.Error("stochastic(2, 2) needs three candles")
	}
}
