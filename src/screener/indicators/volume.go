package indicators

import "filtermend/screener/types"

// CalculateAvgVolume is the average volume of the last period candles.
func CalculateAvgVolume(klines []types.Kline, period int) *float64 {
	recent := latest(klines, period)
	if recent == nil {
		return nil
	}
	volumes := make([]float64, len(recent))
	for i, kline := range recent {
		volumes[i] = kline.Volume
	}
	average := mean(volumes)
	return &average
}

// CalculateVWAP is the volume-weighted typical price of all candles; 0 without volume.
func CalculateVWAP(klines []types.Kline) float64 {
	var value, volume float64
	for _, kline := range klines {
		value += (kline.High + kline.Low + kline.Close) / 3 * kline.Volume
		volume += kline.Volume
	}
	if volume == 0 {
		return 0
	}
	return value / volume
}
