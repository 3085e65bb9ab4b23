package mend_test

import "testing"

const twoSeries = fiveMinutes + "fast := indicators.CalculateEMASeries(klines, 9)\nslow := indicators.CalculateEMASeries(klines, 21)\n"

// TestAnIndexOfAnotherSeriesBecomesItsOwn: helpers' series begin later than
// their candles and end with them.
func TestAnIndexOfAnotherSeriesBecomesItsOwn(t *testing.T) {
	const ma = fiveMinutes + "ma := indicators.CalculateMASeries(klines, 10)\n"
	const rsi = fiveMinutes + "rsi := indicators.CalculateRSI(klines, 14)\nif rsi == nil {\n\treturn false\n}\n"
	const bands = fiveMinutes + "bb := indicators.CalculateBollingerBands(klines, 20, 2)\nif bb == nil {\n\treturn false\n}\n"
	const counted = "above := 0\nfor i, k := range klines {\n"
	checkGuarded(t, []guarded{
		{"the last candle's", ma + "MARK return ma[len(klines)-1] > 1e9", badIndex, ma + "return ma[len(ma)-1] > 1e9"},
		{"by a variable", ma + "n := len(klines)\nif n < 30 {\n\treturn false\n}\nMARK return ma[n-1] > 2*ma[n-4]", badIndex, ma + "n := len(klines)\nif n < 30 {\n\treturn false\n}\nreturn ma[len(ma)-1] > 2*ma[len(ma)-4]"},
		{"by a variable that is for nothing else", ma + "n := len(klines)\nMARK return ma[n-1] > 2*ma[n-4]", badIndex, ma + "n := len(klines)\nreturn ma[n-10] > 2*ma[n-13]"},
		{"of another series", twoSeries + "last := len(fast) - 1\nMARK return fast[last] > 2*slow[last]", badIndex, twoSeries + "last := len(fast) - 1\nreturn fast[last] > 2*slow[len(slow)-1]"},
		{"a field", rsi + "MARK return rsi.Values[len(klines)-1] > 300", badIndex, rsi + "return rsi.Values[len(rsi.Values)-1] > 300"},
		{"MACD", fiveMinutes + "m := indicators.CalculateMACD(klines, 12, 26, 9)\nif m == nil {\n\treturn false\n}\nMARK return m.Signal[len(klines)-1] > 1e9", badIndex,
			fiveMinutes + "m := indicators.CalculateMACD(klines, 12, 26, 9)\nif m == nil {\n\treturn false\n}\nreturn m.Signal[len(m.Signal)-1] > 1e9"},
		{"where a condition skips it", ma + "MARK return len(klines) > 20 && ma[len(klines)-1] > 1e9", badIndex, ma + "return len(klines) > 20 && ma[len(ma)-1] > 1e9"},
		{"in all turns that have a value", ma + counted + "\tif i < 9 {\n\t\tcontinue\n\t}\n\tMARK if k.Close > 2*ma[i] {\n\t\tabove++\n\t}\n}\nreturn above > 9", badIndex,
			ma + counted + "\tif i < 9 {\n\t\tcontinue\n\t}\n\tif k.Close > 2*ma[i-9] {\n\t\tabove++\n\t}\n}\nreturn above > 9"},
		{"inside a condition", ma + counted + "\tif i >= 10 {\n\t\tMARK if k.Close > 2*ma[i] && ma[i] > 2*ma[i-1] {\n\t\t\tabove++\n\t\t}\n\t}\n}\nreturn above > 9", badIndex,
			ma + counted + "\tif i >= 10 {\n\t\tif k.Close > 2*ma[i-9] && ma[i-9] > 2*ma[i-10] {\n\t\t\tabove++\n\t\t}\n\t}\n}\nreturn above > 9"},
		{"from the end", ma + "n := 0\nfor i := 1; i <= 5; i++ {\n\tMARK if ma[len(klines)-i] > 1e9 {\n\t\tn++\n\t}\n}\nreturn n > 3", badIndex,
			ma + "n := 0\nfor i := 1; i <= 5; i++ {\n\tif ma[len(ma)-i] > 1e9 {\n\t\tn++\n\t}\n}\nreturn n > 3"},
		{"all bands at once", bands + "sum := 0.0\nfor i := len(klines) - 5; i < len(klines); i++ {\n\tMARK sum += bb.Upper[i] - bb.Lower[i]\n}\nreturn sum > 1e9", badIndex,
			bands + "sum := 0.0\nfor i := len(klines) - 5; i < len(klines); i++ {\n\tsum += bb.Upper[i-19] - bb.Lower[i-19]\n}\nreturn sum > 1e9"},
		{"by one too few, with a place", rsi + "start := len(klines) - 15\nlow := start\nfor i := start + 1; i < len(klines); i++ {\n\tMARK if rsi.Values[i-13] < rsi.Values[low-13] {\n\t\tlow = i\n\t}\n}\nreturn rsi.Values[low-13] > 200", badIndex,
			rsi + "start := len(klines) - 15\nlow := start\nfor i := start + 1; i < len(klines); i++ {\n\tif rsi.Values[i-14] < rsi.Values[low-14] {\n\t\tlow = i\n\t}\n}\nreturn rsi.Values[low-14] > 200"},

		{"not where it is moved", ma + "MARK return ma[len(klines)-10] > 1e9", badIndex, ""},
		{"not where a loop's is moved", ma + "n := 0\nfor i := 9; i < len(klines); i++ {\n\tMARK if klines[i].Close > 2*ma[i-9] {\n\t\tn++\n\t}\n}\nreturn n > 9", badIndex, ""},
		{"not what may be left before", ma + "for i := 9; i < len(klines); i++ {\n\tMARK if klines[i].Close > 2*ma[i] {\n\t\treturn true\n\t}\n}\nreturn false", badIndex, ""},
		{"not what a turn may skip", ma + counted + "\tif i < 9 || k.Volume == 0 {\n\t\tcontinue\n\t}\n\tMARK if k.Close > 2*ma[i] {\n\t\tabove++\n\t}\n}\nreturn above > 9", badIndex, ""},
		{"not the first turns", ma + counted + "\tMARK if k.Close > 2*ma[i] {\n\t\tabove++\n\t}\n}\nreturn above > 9", badIndex, ""},
		{"not a turn that is skipped later", ma + counted + "\tMARK if k.Close > 2*ma[i] {\n\t\tabove++\n\t}\n\tif i < 9 {\n\t\tcontinue\n\t}\n}\nreturn above > 9", badIndex, ""},
		{"not a place alone", rsi + "low := 14\nfor i := 14; i < len(klines); i++ {\n\tif klines[i].Close < klines[low].Close {\n\t\tlow = i\n\t}\n}\nMARK return rsi.Values[low] > 200", badIndex, ""},
		{"not another interval", ma + "h := data.Klines[\"1h\"]\nMARK return ma[len(h)-1] > 1e9", badIndex, ""},
		{"not candles that are cut", fiveMinutes + "ma := indicators.CalculateMASeries(klines[1:], 10)\nMARK return ma[len(klines)-1] > 1e9", badIndex, ""},
		{"not a series that is set again", ma + "ma = append(ma, 1)\nMARK return ma[len(klines)-1] > 1e9", badIndex, ""},
		{"not what may have been read", fiveMinutes + "ma := indicators.CalculateMASeries(klines, 2)\nn := len(klines)\nif ma[n-3] > 1e9 {\n\treturn false\n}\nMARK return ma[n-1] > 1e9", badIndex, ""},
		{"not behind the candles", ma + "MARK return ma[len(klines)] > 1e9", badIndex, ""},
		{"not a period from elsewhere", fiveMinutes + "p := 10\nif data.Ticker != nil {\n\tp = 20\n}\nma := indicators.CalculateMASeries(klines, p)\nMARK return ma[len(klines)-1] > 1e9", badIndex, ""},
	})
}

// TestSeriesThatAreReadTogetherBeginTogether: where one index goes through
// several series, the first values of the longer ones are cut off.
func TestSeriesThatAreReadTogetherBeginTogether(t *testing.T) {
	const cut = "fast = fast[len(fast)-len(slow):]\n"
	const loop = "for j := end; j > end-5; j-- {\n\tif fast[j-1] <= slow[j-1] && fast[j] > slow[j] {\n\t\treturn true\n\t}\n}\nreturn false"
	const count = "n := 0\nfor i := 0; i < len(fast); i++ {\n\tif fast[i] > 2*slow[i] {\n\t\tn++\n\t}\n}\nreturn n > 3"
	const marked = "n := 0\nfor i := 0; i < len(fast); i++ {\n\tMARK if fast[i] > 2*slow[i] {\n\t\tn++\n\t}\n}\nreturn n > 3"
	const third = "third := indicators.CalculateMASeries(klines, 30)\n"
	const three = "n := 0\nfor i := range fast {\n\tif fast[i] > 2*slow[i] && slow[i] > third[i] {\n\t\tn++\n\t}\n}\nreturn n > 3"
	const markedThree = "n := 0\nfor i := range fast {\n\tMARK if fast[i] > 2*slow[i] && slow[i] > third[i] {\n\t\tn++\n\t}\n}\nreturn n > 3"
	const check = "if len(fast) < 9 || len(slow) < 9 {\n\treturn false\n}\n"
	checkGuarded(t, []guarded{
		{"from the end", twoSeries + check + "end := len(fast) - 1\nMARK if fast[end] <= slow[end] {\n\treturn false\n}\n" + loop, badIndex,
			twoSeries + check + cut + "end := len(fast) - 1\nif fast[end] <= slow[end] {\n\treturn false\n}\n" + loop},
		{"in a loop", twoSeries + marked, badIndex, twoSeries + cut + count},
		{"three of them", twoSeries + third + markedThree, badIndex, twoSeries + third + "fast = fast[len(fast)-len(third):]\nslow = slow[len(slow)-len(third):]\n" + three},

		{"one that a loop need not go through", twoSeries + "n := 0\nfor i := 1; i < len(fast); i++ {\n\tMARK if fast[i] > 2*slow[i] {\n\t\tn++\n\t}\n}\nreturn n > 3", badIndex,
			twoSeries + cut + "n := 0\nfor i := 1; i < len(fast); i++ {\n\tif fast[i] > 2*slow[i] {\n\t\tn++\n\t}\n}\nreturn n > 3"},

		{"not one that a loop need not go through, and its length", twoSeries + "n := 0\nfor i := 1; i < len(fast); i++ {\n\tMARK if fast[i] > 2*slow[i] {\n\t\tn++\n\t}\n}\nreturn n > len(fast)", badIndex, ""},
		{"not where the index is moved", twoSeries + "n := 0\nfor i := 12; i < len(fast); i++ {\n\tMARK if fast[i] > 2*slow[i-12] {\n\t\tn++\n\t}\n}\nreturn n > 3", badIndex, ""},
		{"not one whose first value is asked for", twoSeries + marked[:len(marked)-len("return n > 3")] + "return n > 3 && fast[0] > 1", badIndex, ""},
		{"not one that goes to a function", twoSeries + "f := func(s []float64) int { return len(s) }\n" + marked[:len(marked)-len("return n > 3")] + "return n > f(fast)", badIndex, ""},
		{"not one whose length is kept", twoSeries + "size := len(fast)\nif size < 9 {\n\treturn false\n}\n" + marked[:len(marked)-len("return n > 3")] + "return n > size", badIndex, ""},
		{"not where a turn may end the filter", twoSeries + "for i := 0; i < len(fast); i++ {\n\tMARK if fast[i] > 2*slow[i] {\n\t\treturn true\n\t}\n}\nreturn false", badIndex, ""},
	})
}

// TestAMovedIndexNeedsItsOwnLength is about what the candles' length says of a
// series.
func TestAMovedIndexNeedsItsOwnLength(t *testing.T) {
	const bands = fiveMinutes + "bb := indicators.CalculateBollingerBands(klines, 20, 2)\nif bb == nil {\n\treturn false\n}\nsum := 0.0\n"
	checkGuarded(t, []guarded{
		{"in a loop", bands + "for i := len(klines) - 60; i < len(klines); i++ {\n\tMARK sum += bb.Upper[i-19]\n}\nreturn sum > 1e9", badIndex,
			bands + "if len(bb.Upper) < 60 {\n\treturn false\n}\nfor i := len(klines) - 60; i < len(klines); i++ {\n\tsum += bb.Upper[i-19]\n}\nreturn sum > 1e9"},
	})
}
