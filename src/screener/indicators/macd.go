package indicators

import "filtermend/screener/types"

// MACDResult holds three series of equal length, one value per candle.
type MACDResult struct {
	MACD, Signal, Histogram []float64
}

// CalculateMACD is the short minus the long EMA; Signal is the EMA of that.
func CalculateMACD(klines []types.Kline, short, long, signal int) *MACDResult {
	prices := closes(klines)
	fast := exponentialAverages(prices, short)
	slow := exponentialAverages(prices, long)
	size := min(len(fast), len(slow))
	fast, slow = fast[len(fast)-size:], slow[len(slow)-size:]

	lines := make([]float64, size)
	for i := range lines {
		lines[i] = fast[i] - slow[i]
	}
	signals := exponentialAverages(lines, signal)
	if len(signals) == 0 {
		return nil
	}
	lines = lines[size-len(signals):]
	histogram := make([]float64, len(signals))
	for i := range histogram {
		histogram[i] = lines[i] - signals[i]
	}
	return &MACDResult{MACD: lines, Signal: signals, Histogram: histogram}
}

// GetLatestMACD is the last value of each series.
func GetLatestMACD(klines []types.Kline, short, long, signal int) *struct{ MACD, Signal, Histogram float64 } {
	result := CalculateMACD(klines, short, long, signal)
	if result == nil {
		return nil
	}
	return &struct{ MACD, Signal, Histogram float64 }{
		*last(result.MACD), *last(result.Signal), *last(result.Histogram),
	}
}
