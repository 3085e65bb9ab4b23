package mend

import "testing"

func TestCandlesByOtherNames(t *testing.T) {
	const head = "k5 := data.Klines[\"5m\"]\nif len(k5) < 30 {\n\treturn false\n}\n"
	const function = "f := func(ks []types.Kline) float64 {\n\treturn candles[len(candles)-1].Close\n}\n"
	check(t, []mending{
		{"a field of an element", head + "return klines[len(klines)-1].Close > 5", head + "return k5[len(k5)-1].Close > 5"},
		{"the candles of a helper", head + "rsi := indicators.GetLatestRSI(series, 14)\nreturn rsi != nil && *rsi < 30", head + "rsi := indicators.GetLatestRSI(k5, 14)\nreturn rsi != nil && *rsi < 30"},
		{"a length before", "k5, ok := data.Klines[\"5m\"]\nif !ok || len(candles) < 3 {\n\treturn false\n}\nreturn k5[0].Close > 5", "k5, ok := data.Klines[\"5m\"]\nif !ok || len(k5) < 3 {\n\treturn false\n}\nreturn k5[0].Close > 5"},
		{"all and the last", head + "for _, bar := range bars {\n\tif bar.Close < 5 {\n\t\treturn false\n\t}\n}\nlast := bars[len(bars)-1]\nreturn last.Close > 5", head + "for _, bar := range k5 {\n\tif bar.Close < 5 {\n\t\treturn false\n\t}\n}\nlast := k5[len(k5)-1]\nreturn last.Close > 5"},
		{"with its interval", head + "return data5m[0].Close > 5", head + "return k5[0].Close > 5"},
		{"what a function is given", function + "a, b := data.Klines[\"5m\"], data.Klines[\"1h\"]\nreturn f(a) > f(b)",
			"f := func(ks []types.Kline) float64 {\n\treturn ks[len(ks)-1].Close\n}\na, b := data.Klines[\"5m\"], data.Klines[\"1h\"]\nreturn f(a) > f(b)"},
		{"the candles of each round", "for _, list := range data.Klines {\n\tif len(list) > 3 && klines[0].Close > 5 {\n\t\treturn true\n\t}\n}\nreturn false",
			"for _, list := range data.Klines {\n\tif len(list) > 3 && list[0].Close > 5 {\n\t\treturn true\n\t}\n}\nreturn false"},
		{"another interval", head + "return klines1h[0].Close > 5", ""},
		{"two lists", head + "k1 := data.Klines[\"1h\"]\nreturn klines[0].Close > k1[0].Close", ""},
		{"another list in place", head + "return klines[0].Close > data.Klines[\"1h\"][0].Close", ""},
		{"some of the candles", "var green []types.Kline\nfor _, k := range klines {\n\tgreen = append(green, k)\n}\nreturn len(green) > 3", ""},
		{"a part of the candles", "last := data.Klines[\"5m\"][20:]\nreturn last[0].Close > klines[0].Close", ""},
		{"before it is declared", "if len(klines) < 3 {\n\treturn false\n}\nk5 := data.Klines[\"5m\"]\nreturn k5[0].Close > 5", ""},
		{"declared elsewhere", head + "if k5[0].Close > 5 {\n\tklines := k5[10:]\n\treturn klines[0].Close > 5\n}\nreturn klines[0].Close > 5", ""},
		{"one candle", head + "return k.Close > 5", ""},
		{"numbers", head + "return series[len(series)-1] > 5", ""},
		{"a length of what", head + "return len(series) > 5", ""},
		{"another name", head + "return green[0].Close > 5", ""},
	})
}
