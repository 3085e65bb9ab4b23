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

var trueRange = formula{
	name: "calculateTrueRange", value: "trueRange", takes: "CalculateVWAP",
	about: "the true range", how: "the range of the newest candle together with the close before",
	does: "is the range of the newest candle together with the close before; nil without two candles.",
	text: `func(klines []types.Kline) *float64 {
	if len(klines) < 2 {
		return nil
	}
	last, before := klines[len(klines)-1], klines[len(klines)-2].Close
	high, low := last.High, last.Low
	if before > high {
		high = before
	}
	if before < low {
		low = before
	}
	width := high - low
	return &width
}`,
}

var channelIndex = formula{
	name: "calculateCCI", value: "cci", takes: "CalculateMA", period: "20",
	about: "the CCI", how: "the distance of the typical price from its average, in 0.015 mean deviations",
	does: "is the distance of the typical price from its average, in 0.015 mean deviations; nil without enough candles.",
	text: `func(klines []types.Kline, period int) *float64 {
	if period < 1 || len(klines) < period {
		return nil
	}
	mean, deviation, last := 0.0, 0.0, 0.0
	for _, kline := range klines[len(klines)-period:] {
		last = (kline.High + kline.Low + kline.Close) / 3
		mean += last / float64(period)
	}
	for _, kline := range klines[len(klines)-period:] {
		distance := (kline.High+kline.Low+kline.Close)/3 - mean
		if distance < 0 {
			distance = -distance
		}
		deviation += distance / float64(period)
	}
	index := 0.0
	if deviation > mean*1e-12 { // less is rounding
		index = (last - mean) / (0.015 * deviation)
	}
	return &index
}`,
}

var williamsRange = formula{
	name: "calculateWilliamsR", value: "williamsR", takes: "CalculateMA", period: "14",
	about: "Williams %R", how: "where the close lies in the range of the last candles, from -100 to 0",
	does: "is where the close lies in the range of the last candles, -100 to 0; nil without enough of them.",
	text: `func(klines []types.Kline, period int) *float64 {
	if period < 1 || len(klines) < period {
		return nil
	}
	last := klines[len(klines)-1]
	high, low := last.High, last.Low
	for _, kline := range klines[len(klines)-period:] {
		if kline.High > high {
			high = kline.High
		}
		if kline.Low < low {
			low = kline.Low
		}
	}
	place := -50.0 // of a range without width
	if high > low {
		place = (last.Close - high) / (high - low) * 100
	}
	return &place
}`,
}
