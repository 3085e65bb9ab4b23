package indicators

import "filtermend/screener/types"

// RSIResult holds one value per candle from the (period+1)-th on.
type RSIResult struct {
	Values []float64
}

// CalculateRSI is Wilder's relative strength index, 0 to 100.
func CalculateRSI(klines []types.Kline, period int) *RSIResult {
	if period < 1 || len(klines) <= period {
		return nil
	}
	var gain, loss float64
	for i := 1; i <= period; i++ {
		up, down := move(klines[i-1], klines[i])
		gain += up / float64(period)
		loss += down / float64(period)
	}
	values := make([]float64, 1, len(klines)-period)
	values[0] = strength(gain, loss)
	for i := period + 1; i < len(klines); i++ {
		up, down := move(klines[i-1], klines[i])
		gain += (up - gain) / float64(period)
		loss += (down - loss) / float64(period)
		values = append(values, strength(gain, loss))
	}
	return &RSIResult{Values: values}
}

// GetLatestRSI is its last value.
func GetLatestRSI(klines []types.Kline, period int) *float64 {
	result := CalculateRSI(klines, period)
	if result == nil {
		return nil
	}
	return last(result.Values)
}

// move splits the change of the close into its rise and its fall; one is zero.
func move(before, after types.Kline) (up, down float64) {
	change := after.Close - before.Close
	return max(change, 0), max(-change, 0)
}

// strength is the index of an average gain and loss; a price that never moved
// is neither strong nor weak.
func strength(gain, loss float64) float64 {
	if gain+loss == 0 {
		return 50
	}
	return 100 * gain / (gain + loss)
}
