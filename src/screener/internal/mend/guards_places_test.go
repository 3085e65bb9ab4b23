package mend_test

import "testing"

func TestPlacesHaveSoManyElementsBeforeThem(t *testing.T) {
	const lowest = fiveMinutes + "if len(klines) < 12 {\n\treturn false\n}\nlow := len(klines) - 12\nfor i := low; i < len(klines); i++ {\n\tif klines[i].Close < klines[low].Close {\n\t\tlow = i\n\t}\n}\n"
	const other = fiveMinutes + "rsi := indicators.CalculateRSI(klines, 14)\nif rsi == nil || len(rsi.Values) < 2 {\n\treturn false\n}\nlow := 0\nfor i := range klines {\n\tif klines[i].Close < klines[low].Close {\n\t\tlow = i\n\t}\n}\n"
	checkGuarded(t, []guarded{
		{"a slice", lowest + "MARK before := klines[low-24 : low]\nreturn before[0].Close > 1e9", "slice bounds out of range",
			lowest + "if low < 24 {\n\treturn false\n}\nbefore := klines[low-24 : low]\nreturn before[0].Close > 1e9"},
		{"an element", lowest + "MARK return klines[low-24].Close > 1e9", badIndex, lowest + "if low < 24 {\n\treturn false\n}\nreturn klines[low-24].Close > 1e9"},
		{"of another list", other + "MARK return rsi.Values[low-1] > 1e9", badIndex, ""},
		{"of a number", fiveMinutes + "up := 0\nfor _, k := range klines {\n\tif k.Close > k.Open {\n\t\tup++\n\t}\n}\nMARK return klines[up-1000].Close > 1e9", badIndex, ""},
	})
}

func TestTurnsWithoutNeighboursDoNotCount(t *testing.T) {
	const begin = fiveMinutes + "if len(klines) < 10 {\n\treturn false\n}\ncount := 0\nfor i := 1; i < len(klines)-1; i++ {\n"
	const end = "\tif left {\n\t\tcount++\n\t}\n}\nreturn count > 1000"
	checkGuarded(t, []guarded{
		{"before", begin + "\tMARK left := klines[i-1].Low >= klines[i].Low && klines[i-2].Low > 0\n" + end, badIndex,
			begin + "\tleft := klines[i-1].Low >= klines[i].Low && i >= 2 && klines[i-2].Low > 0\n" + end},
		{"behind", begin + "\tMARK if klines[i+1].Low >= 0 && klines[i+2].Low > 0 {\n\t\tcount++\n\t}\n}\nreturn count > 1000", badIndex,
			begin + "\tif klines[i+1].Low >= 0 && i < len(klines)-2 && klines[i+2].Low > 0 {\n\t\tcount++\n\t}\n}\nreturn count > 1000"},
		{"in turns that may answer before", fiveMinutes + "for i := 0; i < len(klines); i++ {\n\tif klines[i].Close > 107 {\n\t\treturn true\n\t}\n\tMARK if klines[i+1].Close > 108 {\n\t\treturn true\n\t}\n}\nreturn false", badIndex,
			fiveMinutes + "for i := 0; i < len(klines); i++ {\n\tif klines[i].Close > 107 {\n\t\treturn true\n\t}\n\tif i < len(klines)-1 && klines[i+1].Close > 108 {\n\t\treturn true\n\t}\n}\nreturn false"},
	})
}
