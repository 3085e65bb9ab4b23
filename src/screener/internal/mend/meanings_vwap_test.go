package mend

import "testing"

func TestTheVWAPOfAPeriod(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nif len(klines) < 30 {\n\treturn false\n}\n"
	check(t, []mending{
		{"a number", head + "vwap := indicators.CalculateVWAP(klines, 20)\nreturn klines[0].Close > vwap",
			head + "vwap := indicators.CalculateVWAP(klines[len(klines)-20:])\nreturn klines[0].Close > vwap"},
		{"by another name, as a pointer", head + "vwap := indicators.GetVWAP(klines, 20)\nif vwap == nil {\n\treturn false\n}\nreturn klines[0].Close > *vwap",
			head + "vwap := indicators.CalculateVWAP(klines[len(klines)-20:])\nreturn klines[0].Close > vwap"},
		{"a variable", head + "period := 20\nreturn klines[0].Close > indicators.CalculateVWAP(klines, period)",
			head + "period := 20\nreturn klines[0].Close > indicators.CalculateVWAP(klines[len(klines)-period:])"},
		{"a constant", head + "const period = 20\nreturn klines[0].Close > indicators.CalculateVWAP(klines, period)",
			head + "const period = 20\nreturn klines[0].Close > indicators.CalculateVWAP(klines[len(klines)-period:])"},
		{"of one of the filter's own functions", head + "vwap := func(ks []types.Kline, n int) float64 {\n\treturn ks[n].Close\n}\nreturn klines[0].Close > vwap(klines, 20, 3)", ""},
		{"none", head + "return klines[0].Close > indicators.CalculateVWAP(klines, 0)", ""},
		{"one that changes", head + "period := 20\nperiod++\nreturn klines[0].Close > indicators.CalculateVWAP(klines, period)", ""},
		{"with a fraction", head + "return klines[0].Close > indicators.CalculateVWAP(klines, 20.5)", ""},
	})
}
