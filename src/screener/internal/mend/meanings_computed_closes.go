package mend

var weightedAverage = formula{
	name: "calculateWMA", value: "wma", takes: "CalculateMA", ofCloses: true,
	about: "the WMA", how: "the average of the closes with weights from 1 for the oldest to the period for the newest",
	does: "is the average of the last closes, weighted from 1 for the oldest to period for the newest; nil without enough of them.",
	text: `func(klines []types.Kline, period int) *float64 {
	if period < 1 || len(klines) < period {
		return nil
	}
	sum, weights := 0.0, 0.0
	for i, kline := range klines[len(klines)-period:] {
		sum += kline.Close * float64(i+1)
		weights += float64(i + 1)
	}
	average := sum / weights
	return &average
}`,
}

var rateOfChange = formula{
	name: "calculateROC", value: "roc", takes: "CalculateMA", ofCloses: true,
	about: "the rate of change", how: "the change of the close against the one that many candles before, in percent",
	does: "is the change of the close against the one period candles before, in percent; nil without that.",
	text: `func(klines []types.Kline, period int) *float64 {
	if period < 1 || len(klines) < period+1 {
		return nil
	}
	last, before := klines[len(klines)-1].Close, klines[len(klines)-1-period].Close
	if before == 0 {
		return nil
	}
	change := (last - before) / before * 100
	return &change
}`,
}

var deviation = formula{
	name: "calculateStdDev", value: "stdDev", takes: "CalculateMA", ofCloses: true,
	about: "the standard deviation", how: "that of the last closes as a population",
	does: "is the standard deviation (population) of the last closes; nil without enough of them.",
	text: `func(klines []types.Kline, period int) *float64 {
	if period < 1 || len(klines) < period {
		return nil
	}
	mean, variance := 0.0, 0.0
	for _, kline := range klines[len(klines)-period:] {
		mean += kline.Close / float64(period)
	}
	for _, kline := range klines[len(klines)-period:] {
		variance += (kline.Close - mean) * (kline.Close - mean) / float64(period)
	}
	if variance == 0 {
		return &variance
	}
	// Newton's square root: from above, each step comes closer
	root := variance + 1
	for next := (root + variance/root) / 2; next < root; next = (root + variance/root) / 2 {
		root = next
	}
	return &root
}`,
}
