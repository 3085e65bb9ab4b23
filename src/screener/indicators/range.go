package indicators

import "filtermend/screener/types"

// StochasticResult holds the latest %K and %D, 0 to 100.
type StochasticResult struct {
	K, D float64
}

// GetHighestHigh is the highest high of the last period candles.
func GetHighestHigh(klines []types.Kline, period int) *float64 {
	recent := latest(klines, period)
	if recent == nil {
		return nil
	}
	_, high := extremes(recent)
	return &high
}

// GetLowestLow is the lowest low of the last period candles.
func GetLowestLow(klines []types.Kline, period int) *float64 {
	recent := latest(klines, period)
	if recent == nil {
		return nil
	}
	low, _ := extremes(recent)
	return &low
}

// CalculateStochastic is where the close lies in its range, 0 to 100, and the average of that.
func CalculateStochastic(klines []types.Kline, kPeriod, dPeriod int) *StochasticResult {
	if kPeriod < 1 || dPeriod < 1 || len(klines) < kPeriod+dPeriod-1 {
		return nil
	}
	var positions []float64
	for end := len(klines) - dPeriod + 1; end <= len(klines); end++ {
		positions = append(positions, position(klines[end-kPeriod:end]))
	}
	return &StochasticResult{K: *last(positions), D: mean(positions)}
}

// position is where in its range the last close lies, in percent; the middle
// of a range without width.
func position(window []types.Kline) float64 {
	low, high := extremes(window)
	if high == low {
		return 50
	}
	return 100 * (window[len(window)-1].Close - low) / (high - low)
}

func extremes(klines []types.Kline) (low, high float64) {
	low, high = klines[0].Low, klines[0].High
	for _, kline := range klines[1:] {
		low, high = min(low, kline.Low), max(high, kline.High)
	}
	return low, high
}

func latest(klines []types.Kline, period int) []types.Kline {
	if period < 1 || len(klines) < period {
		return nil
	}
	return klines[len(klines)-period:]
}
