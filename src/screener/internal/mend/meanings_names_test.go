package mend

import "testing"

func TestNamesAndDeclarations(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nif len(klines) < 30 {\n\treturn false\n}\n"
	check(t, []mending{
		{"declared twice", head + "x := klines[0].Close\nx := klines[1].Close\nreturn x > 5", head + "x := klines[0].Close\nx = klines[1].Close\nreturn x > 5"},
		{"never declared", head + "x = klines[0].Close\nx = x * 2\nreturn x > 5", head + "x := klines[0].Close\nx = x * 2\nreturn x > 5"},
		{"loop variable", head + "for i = 0; i < 3; i++ {\n\tif klines[i].Close > 5 {\n\t\treturn true\n\t}\n}\nreturn false", head + "for i := 0; i < 3; i++ {\n\tif klines[i].Close > 5 {\n\t\treturn true\n\t}\n}\nreturn false"},
		{"other letters", head + "lastClose := klines[0].Close\nreturn lastclose > 5", head + "lastClose := klines[0].Close\nreturn lastClose > 5"},
		{"market data", "klines := marketData.Klines[\"5m\"]\nreturn len(klines) > 5", "klines := data.Klines[\"5m\"]\nreturn len(klines) > 5"},
		{"candles by a function", "klines := data.GetKlines(\"5m\")\nreturn len(klines) > 5", "klines := data.Klines[\"5m\"]\nreturn len(klines) > 5"},
		{"candles by their interval", "k := candles[\"5m\"]\nreturn len(k) > 5", "k := data.Klines[\"5m\"]\nreturn len(k) > 5"},
		{"types", head + "up := func(k types.Candle, ks []Kline) bool { return k.Close > ks[0].Open }\nreturn up(klines[0], klines)", head + "up := func(k types.Kline, ks []types.Kline) bool { return k.Close > ks[0].Open }\nreturn up(klines[0], klines)"},
		{"declared in one branch", head + "if klines[0].Close > 5 {\n\tx = 1\n}\nreturn x > 5", ""},
		{"a letter is missing", head + "lastClose := klines[0].Close\nreturn lastClos > 5 && lastClose > 1", ""},
		{"two such names", head + "rsI := 1\nRsi := 2\nreturn rsi > 5 && Rsi > rsI", ""},
		{"unknown", head + "return threshold > 5", ""},
	})
}
