package mend

import "testing"

func TestNumbersOfTwoKinds(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nif len(klines) < 30 {\n\treturn false\n}\n"
	check(t, []mending{
		{
			"length",
			head + "sum := 0.0\nfor _, k := range klines {\n\tsum += k.Close\n}\nvar avg float64 = sum / len(klines)\nreturn avg > 5",
			head + "sum := 0.0\nfor _, k := range klines {\n\tsum += k.Close\n}\nvar avg float64 = sum / float64(len(klines))\nreturn avg > 5",
		},
		{
			"sum that begins as an integer",
			head + "sum := 0\nfor _, k := range klines {\n\tsum += k.Close\n}\nreturn sum/len(klines) > 5",
			head + "sum := 0.0\nfor _, k := range klines {\n\tsum += k.Close\n}\nreturn sum/float64(len(klines)) > 5",
		},
		{
			"integer variable",
			head + "period := 20\nreturn klines[0].Close*(period-1) > klines[0].Volume/klines[0].Trades",
			head + "period := 20\nreturn klines[0].Close*float64(period-1) > klines[0].Volume/float64(klines[0].Trades)",
		},
		{
			"argument and assignment",
			head + "half := func(x float64) float64 { return x / 2 }\ntotal := 0.0\ntotal += klines[0].Trades\nreturn half(len(klines)) > total",
			head + "half := func(x float64) float64 { return x / 2 }\ntotal := 0.0\ntotal += float64(klines[0].Trades)\nreturn half(float64(len(klines))) > total",
		},
		{
			"a share of a count",
			head + "green := 0\nfor _, k := range klines {\n\tif k.Close > k.Open {\n\t\tgreen++\n\t}\n}\nratio := green / 5.0\nreturn ratio >= 0.6",
			head + "green := 0\nfor _, k := range klines {\n\tif k.Close > k.Open {\n\t\tgreen++\n\t}\n}\nratio := float64(green) / 5.0\nreturn ratio >= 0.6",
		},
		{"a share that is rounded before", head + "return len(klines)/7*0.5 > 3", ""},
		{"an index with a fraction", head + "n := 2.5\nreturn klines[n].Close > 5", ""},
		{"a counter that is an index too", head + "n := 0\nn += klines[0].Close\nreturn klines[n].Close > 5", ""},
	})
}

func TestNilOfWhatIsNeverNil(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nif len(klines) < 30 {\n\treturn false\n}\nvwap := indicators.CalculateVWAP(klines)\n"
	check(t, []mending{
		{"an if of its own", head + "if vwap == nil {\n\treturn false\n}\nreturn klines[0].Close > vwap", head + "return klines[0].Close > vwap"},
		{"first of several", head + "if vwap == nil || vwap > 9 {\n\treturn false\n}\nreturn true", head + "if vwap > 9 {\n\treturn false\n}\nreturn true"},
		{"last of several", head + "return vwap > 5 && vwap != nil", head + "return vwap > 5"},
		{"dereferenced", head + "return vwap != nil && klines[0].Close > *vwap", head + "return klines[0].Close > vwap"},
		{"around all", head + "if vwap != nil {\n\treturn klines[0].Close > *vwap\n}\nreturn false", head + "return klines[0].Close > vwap"},
		{"a candle", head + "k := klines[0]\nreturn k != nil && k.Close > vwap", head + "k := klines[0]\nreturn k.Close > vwap"},
		{"a number of a structure", head + "s := indicators.CalculateStochastic(klines, 14, 3)\nif s == nil || s.K == nil {\n\treturn false\n}\nreturn *s.K > vwap", head + "s := indicators.CalculateStochastic(klines, 14, 3)\nif s == nil {\n\treturn false\n}\nreturn s.K > vwap"},
		{"a text", head + "p := indicators.DetectEngulfingPattern(klines)\nreturn p != nil && vwap > 1", head + "p := indicators.DetectEngulfingPattern(klines)\nreturn p != \"\" && vwap > 1"},
		{"a length", head + "return len(klines) != nil && vwap > 1", ""},
	})
}
