package indicators

import (
	"math"

	"filtermend/screener/types"
)

// BollingerBandsResult holds three series of equal length, one value per candle from the period-th on.
type BollingerBandsResult struct {
	Upper, Middle, Lower []float64
}

// CalculateBollingerBands is the simple average, and stdDev standard deviations (population) around it.
func CalculateBollingerBands(klines []types.Kline, period int, stdDev float64) *BollingerBandsResult {
	prices := closes(klines)
	middle := simpleAverages(prices, period)
	if len(middle) == 0 {
		return nil
	}
	bands := &BollingerBandsResult{
		Upper:  make([]float64, len(middle)),
		Middle: middle,
		Lower:  make([]float64, len(middle)),
	}
	for i, average := range middle {
		width := stdDev * deviation(prices[i:i+period], average)
		bands.Upper[i], bands.Lower[i] = average+width, average-width
	}
	return bands
}

// GetLatestBollingerBands is the last value of each series.
func GetLatestBollingerBands(klines []types.Kline, period int, stdDev float64) *struct{ Upper, Middle, Lower float64 } {
	bands := CalculateBollingerBands(klines, period, stdDev)
	if bands == nil {
		return nil
	}
	return &struct{ Upper, Middle, Lower float64 }{
		*last(bands.Upper), *last(bands.Middle), *last(bands.Lower),
	}
}

func deviation(values []float64, average float64) float64 {
	sum := 0.0
	for _, value := range values {
		sum += (value - average) * (value - average)
	}
	return math.Sqrt(sum / float64(len(values)))
}
