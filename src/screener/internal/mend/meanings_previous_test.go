package mend

import "testing"

func TestTheElementBeforeTheLastIsDeclared(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nif len(klines) < 3 {\n\treturn false\n}\n"
	const last = head + "last := klines[len(klines)-1]\n"
	const hour = "hour := data.Klines[\"1h\"]\nif len(hour) < 3 {\n\treturn false\n}\n"
	check(t, []mending{
		{"a candle", head + "lastCandle := klines[len(klines)-1] // newest\nreturn lastCandle.Close > prevCandle.High",
			head + "lastCandle := klines[len(klines)-1] // newest\nprevCandle := klines[len(klines)-2]\nreturn lastCandle.Close > prevCandle.High"},
		{"by a length", head + "n := len(klines)\nlast := klines[n-1]\nup := last.Close > previous.Close\nreturn up && previous.Close > previous.Open",
			head + "n := len(klines)\nlast := klines[n-1]\nprevious := klines[len(klines)-2]\nup := last.Close > previous.Close\nreturn up && previous.Close > previous.Open"},
		{"a field", last + "return last.Close > prevClose && last.Volume > prev_volume",
			last + "prev_volume := klines[len(klines)-2].Volume\nprevClose := klines[len(klines)-2].Close\nreturn last.Close > prevClose && last.Volume > prev_volume"},
		{"beside a field of the last", head + "lastClose := klines[len(klines)-1].Close\nreturn lastClose > prevClose",
			head + "lastClose := klines[len(klines)-1].Close\nprevClose := klines[len(klines)-2].Close\nreturn lastClose > prevClose"},
		{"of two lists, by its name", hour + last + "lastHour := hour[len(hour)-1]\nreturn last.Close > lastHour.Close && lastHour.Close > prevHour.Close",
			hour + last + "lastHour := hour[len(hour)-1]\nprevHour := hour[len(hour)-2]\nreturn last.Close > lastHour.Close && lastHour.Close > prevHour.Close"},
		{"a number of a series", "ema := indicators.CalculateEMASeries(data.Klines[\"5m\"], 9)\nif len(ema) < 2 {\n\treturn false\n}\ncurrentEMA := ema[len(ema)-1]\nreturn currentEMA > prevEMA",
			"ema := indicators.CalculateEMASeries(data.Klines[\"5m\"], 9)\nif len(ema) < 2 {\n\treturn false\n}\ncurrentEMA := ema[len(ema)-1]\nprevEMA := ema[len(ema)-2]\nreturn currentEMA > prevEMA"},
		{"of two lists", hour + last + "h := hour[len(hour)-1]\nreturn last.Close > h.Close && last.Close > prev.Close", ""},
		{"in a loop over them", last + "for _, k := range klines {\n\tif k.Close > prev.Close {\n\t\treturn last.Close > 5\n\t}\n}\nreturn false", ""},
		{"of something else", last + "return last.Close > prevRSI", ""},
		{"a candle as a number", last + "return last.Close > prev", ""},
		{"no last", head + "first := klines[0]\nreturn first.Close > prev.Close", ""},
		{"of a list that changes", last + "klines = data.Klines[\"1h\"]\nreturn last.Close > prev.Close && len(klines) > 2", ""},
	})
}
