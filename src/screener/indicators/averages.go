package indicators

import "filtermend/screener/types"

// CalculateMA is the simple moving average of the closes.
func CalculateMA(klines []types.Kline, period int) *float64 {
	return last(CalculateMASeries(klines, period))
}

// CalculateMASeries is the same, one value per candle from the period-th on.
func CalculateMASeries(klines []types.Kline, period int) []float64 {
	return simpleAverages(closes(klines), period)
}

// CalculateEMA is the exponential moving average of the closes.
func CalculateEMA(klines []types.Kline, period int) *float64 {
	return last(CalculateEMASeries(klines, period))
}

// CalculateEMASeries is the same, one value per candle from the period-th on.
func CalculateEMASeries(klines []types.Kline, period int) []float64 {
	return exponentialAverages(closes(klines), period)
}

// simpleAverages slides a window of period values; a fresh sum per window keeps
// rounding errors from piling up.
func simpleAverages(values []float64, period int) []float64 {
	if period < 1 || len(values) < period {
		return nil
	}
	series := make([]float64, 0, len(values)-period+1)
	for end := period; end <= len(values); end++ {
		series = append(series, mean(values[end-period:end]))
	}
	return series
}

// exponentialAverages starts from the simple average of the first period values.
func exponentialAverages(values []float64, period int) []float64 {
	if period < 1 || len(values) < period {
		return nil
	}
	weight := 2 / float64(period+1)
	series := make([]float64, 1, len(values)-period+1)
	series[0] = mean(values[:period])
	for i, value := range values[period:] {
		series = append(series, series[i]+weight*(value-series[i]))
	}
	return series
}

func closes(klines []types.Kline) []float64 {
	values := make([]float64, len(klines))
	for i, kline := range klines {
		values[i] = kline.Close
	}
	return values
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, value := range values {
		sum += value
	}
	return sum / float64(len(values))
}

func last(series []float64) *float64 {
	if len(series) == 0 {
		return nil
	}
	return &series[len(series)-1]
}
