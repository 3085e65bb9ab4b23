package mend

import "testing"

func TestPointersUsedAsNumbers(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nif len(klines) < 30 {\n\treturn false\n}\nclose := klines[len(klines)-1].Close\n"
	check(t, []mending{
		{
			"one",
			head + "ema := indicators.CalculateEMA(klines, 20) // trend\nreturn close > ema*1.02",
			head + "ema := indicators.CalculateEMA(klines, 20) // trend\nif ema == nil {\n\treturn false\n}\nreturn close > *ema*1.02",
		},
		{
			"a row",
			head + "fast := indicators.CalculateEMA(klines, 9)\nslow := indicators.CalculateEMA(klines, 21)\nrsi := indicators.GetLatestRSI(klines, 14)\n\nreturn fast > slow && rsi < 70 && close/slow > 1",
			head + "fast := indicators.CalculateEMA(klines, 9)\nslow := indicators.CalculateEMA(klines, 21)\nrsi := indicators.GetLatestRSI(klines, 14)\nif fast == nil || slow == nil || rsi == nil {\n\treturn false\n}\n\nreturn *fast > *slow && *rsi < 70 && close / *slow > 1",
		},
		{
			"checked in the chain",
			head + "ema := indicators.CalculateEMA(klines, 20)\nreturn ema != nil && close > ema",
			head + "ema := indicators.CalculateEMA(klines, 20)\nreturn ema != nil && close > *ema",
		},
		{
			"checked before",
			head + "ema := indicators.CalculateEMA(klines, 20)\nif ema == nil {\n\treturn false\n}\ndiff := close - ema\nreturn diff > 0",
			head + "ema := indicators.CalculateEMA(klines, 20)\nif ema == nil {\n\treturn false\n}\ndiff := close - *ema\nreturn diff > 0",
		},
		{
			"checked around",
			head + "ema := indicators.CalculateEMA(klines, 20)\nif ema != nil {\n\treturn close > ema\n}\nreturn false",
			head + "ema := indicators.CalculateEMA(klines, 20)\nif ema != nil {\n\treturn close > *ema\n}\nreturn false",
		},
		{
			"what follows from one is mended next",
			head + "a := indicators.CalculateMA(klines, 5)\nb := indicators.CalculateMA(klines, 20)\nspread := (a - b) / b\nreturn spread > 0.01*close",
			head + "a := indicators.CalculateMA(klines, 5)\nb := indicators.CalculateMA(klines, 20)\nif a == nil || b == nil {\n\treturn false\n}\nspread := (*a - *b) / *b\nreturn spread > 0.01*close",
		},
		{
			"two of one declaration",
			head + "a, b := indicators.CalculateMA(klines, 5), indicators.CalculateMA(klines, 20)\nreturn a > b*close",
			head + "a, b := indicators.CalculateMA(klines, 5), indicators.CalculateMA(klines, 20)\nif a == nil || b == nil {\n\treturn false\n}\nreturn *a > *b*close",
		},
		{
			"given where a number is asked for",
			head + "ema := indicators.CalculateEMA(klines, 20)\nlevel := func(x float64) float64 { return x * 2 }\nvar sum float64\nsum += ema\nreturn level(ema) > sum*close",
			head + "ema := indicators.CalculateEMA(klines, 20)\nif ema == nil {\n\treturn false\n}\nlevel := func(x float64) float64 { return x * 2 }\nvar sum float64\nsum += *ema\nreturn level(*ema) > sum*close",
		},
		{
			"asked as a condition",
			head + "ema := indicators.CalculateEMA(klines, 20)\nif !ema || !data.Ticker {\n\treturn false\n}\nreturn close > ema",
			head + "ema := indicators.CalculateEMA(klines, 20)\nif ema == nil || data.Ticker == nil {\n\treturn false\n}\nreturn close > *ema",
		},
		{
			"two defects",
			head + "ema := indicators.GetLatestEMA(klines, 20)\nreturn close > ema",
			head + "ema := indicators.CalculateEMA(klines, 20)\nif ema == nil {\n\treturn false\n}\nreturn close > *ema",
		},
		{
			"before a condition",
			head + "if rsi := indicators.GetLatestRSI(klines, 14); rsi < 30 || rsi > 90 {\n\treturn true\n}\nreturn close > 5",
			head + "if rsi := indicators.GetLatestRSI(klines, 14); rsi != nil && (*rsi < 30 || *rsi > 90) {\n\treturn true\n}\nreturn close > 5",
		},
		{
			"in a loop that only ends without a match",
			"for _, klines := range data.Klines {\n\tema := indicators.CalculateEMA(klines, 20)\n\tif ema < 5 {\n\t\treturn false\n\t}\n}\nreturn true",
			"for _, klines := range data.Klines {\n\tema := indicators.CalculateEMA(klines, 20)\n\tif ema == nil {\n\t\treturn false\n\t}\n\tif *ema < 5 {\n\t\treturn false\n\t}\n}\nreturn true",
		},
		{"in a loop that may end with a match",
			"for _, klines := range data.Klines {\n\tema := indicators.CalculateEMA(klines, 20)\n\tif ema < 5 {\n\t\treturn true\n\t}\n}\nreturn false", ""},
		{"in a loop: this round or the filter",
			"n := 0\nfor _, klines := range data.Klines {\n\tema := indicators.CalculateEMA(klines, 20)\n\tif ema > 5 {\n\t\tn++\n\t}\n}\nreturn n > 1", ""},
		{"a check that does something else",
			head + "ema := indicators.CalculateEMA(klines, 20)\nscore := 0\nif ema == nil {\n\tscore = 1\n}\nif close > ema {\n\tscore = 2\n}\nreturn score > 0", ""},
		{"a value that changes",
			head + "ema := indicators.CalculateEMA(klines, 20)\nif close > 5 {\n\tema = indicators.CalculateMA(klines, 20)\n}\nreturn close > ema", ""},
	})
}

func TestCallsUsedAsNumbers(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nif len(klines) < 30 {\n\treturn false\n}\nclose := klines[len(klines)-1].Close\n"
	check(t, []mending{
		{
			"always run",
			head + "return indicators.CalculateEMA(klines, 9) > indicators.CalculateEMA(klines, 21) || close < 5",
			head + "ema9 := indicators.CalculateEMA(klines, 9)\nema21 := indicators.CalculateEMA(klines, 21)\nif ema9 == nil || ema21 == nil {\n\treturn false\n}\nreturn *ema9 > *ema21 || close < 5",
		},
		{
			"in an if",
			head + "if close < indicators.GetLowestLow(klines, 20)*1.01 {\n\treturn false\n}\nreturn true",
			head + "lowestLow20 := indicators.GetLowestLow(klines, 20)\nif lowestLow20 == nil {\n\treturn false\n}\nif close < *lowestLow20*1.01 {\n\treturn false\n}\nreturn true",
		},
		{
			"after another condition",
			head + "return close > 5 && close > 1.1*indicators.CalculateEMA(klines, 20)",
			head + "ema20 := indicators.CalculateEMA(klines, 20)\nreturn close > 5 && ema20 != nil && close > 1.1**ema20",
		},
		{
			"the name is taken",
			head + "ema20 := 5.0\nreturn close > ema20+indicators.CalculateEMA(klines, 20)",
			head + "ema20 := 5.0\nema20Value := indicators.CalculateEMA(klines, 20)\nif ema20Value == nil {\n\treturn false\n}\nreturn close > ema20+*ema20Value",
		},
		{"after a condition that keeps it from a panic",
			head + "return len(klines) > 99 && close > indicators.CalculateEMA(klines[:len(klines)-99], 20)", ""},
		{"a condition for no match",
			head + "if close > 5 && close < indicators.CalculateEMA(klines, 20) {\n\treturn false\n}\nreturn true", ""},
		{"in an else",
			head + "if close > 5 {\n\treturn true\n} else if close < indicators.CalculateEMA(klines, 20) {\n\treturn true\n}\nreturn false", ""},
	})
}
