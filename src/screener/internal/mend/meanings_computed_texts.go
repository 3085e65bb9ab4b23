package mend

var averageTrueRange = formula{
	name: "calculateATR", value: "atr", takes: "CalculateMA", period: "14",
	about: "the ATR", how: "the plain average of the true range",
	does: "is the plain average of the true range of the last candles; nil without enough of them.",
	text: `func(klines []types.Kline, period int) *float64 {
	if period < 1 || len(klines) < period+1 {
		return nil
	}
	sum := 0.0
	for i := len(klines) - period; i < len(klines); i++ {
		high, low, before := klines[i].High, klines[i].Low, klines[i-1].Close
		if before > high {
			high = before
		}
		if before < low {
			low = before
		}
		sum += high - low
	}
	average := sum / float64(period)
	return &average
}`,
}
