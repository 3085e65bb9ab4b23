package mend_test

import "testing"

const emaOf5m = fiveMinutes + "ema := indicators.CalculateEMA(klines, 20)\n"

func TestPointersAreCheckedBeforeTheStatement(t *testing.T) {
	const noEMA = "if ema == nil {\n\treturn false\n}\n"
	checkGuarded(t, []guarded{
		{"a value", emaOf5m + "MARK return *ema > 100", badPointer, emaOf5m + noEMA + "return *ema > 100"},
		{"two values", emaOf5m + "rsi := indicators.GetLatestRSI(klines, 14)\nMARK return *ema > 100 && *rsi > 3", badPointer,
			emaOf5m + "rsi := indicators.GetLatestRSI(klines, 14)\nif ema == nil || rsi == nil {\n\treturn false\n}\nreturn *ema > 100 && *rsi > 3"},
		{"reasons not to match", emaOf5m + "rsi := indicators.GetLatestRSI(klines, 14)\nMARK if *ema > 100 || *rsi > 3 {\n\treturn false\n}\nreturn true", badPointer,
			emaOf5m + "rsi := indicators.GetLatestRSI(klines, 14)\nif ema == nil || rsi == nil {\n\treturn false\n}\nif *ema > 100 || *rsi > 3 {\n\treturn false\n}\nreturn true"},
		{"not what the chain makes sure of", fiveMinutes + "rsi := indicators.CalculateRSI(klines, 14)\nMARK return klines[len(klines)-2].Close > 1 && rsi != nil && rsi.Values[len(rsi.Values)-5] > 3", badIndex,
			fiveMinutes + "rsi := indicators.CalculateRSI(klines, 14)\nif len(klines) < 2 {\n\treturn false\n}\nreturn klines[len(klines)-2].Close > 1 && rsi != nil && rsi.Values[len(rsi.Values)-5] > 3"},
		{"only what is needed in any case", emaOf5m + "rsi := indicators.GetLatestRSI(klines, 14)\nMARK return *ema > 100 || *rsi > 3", badPointer,
			emaOf5m + "rsi := indicators.GetLatestRSI(klines, 14)\n" + noEMA + "return *ema > 100 || *rsi > 3"},
		{"a sum of two", emaOf5m + "slow := indicators.CalculateEMA(klines, 50)\nMARK return *ema-*slow > 1", badPointer,
			emaOf5m + "slow := indicators.CalculateEMA(klines, 50)\nif ema == nil || slow == nil {\n\treturn false\n}\nreturn *ema-*slow > 1"},
		{"one is checked already", emaOf5m + "slow := indicators.CalculateEMA(klines, 50)\nif ema == nil {\n\treturn false\n}\nMARK return *ema > *slow", badPointer,
			emaOf5m + "slow := indicators.CalculateEMA(klines, 50)\nif ema == nil {\n\treturn false\n}\nif slow == nil {\n\treturn false\n}\nreturn *ema > *slow"},
		{"the ticker", "MARK return data.Ticker.PriceChangePercent > 1", badPointer,
			"if data.Ticker == nil {\n\treturn false\n}\nreturn data.Ticker.PriceChangePercent > 1"},
		{"a field", "macd := indicators.GetLatestMACD(data.Klines[\"5m\"], 12, 26, 9)\nMARK return macd.MACD > macd.Signal", badPointer,
			"macd := indicators.GetLatestMACD(data.Klines[\"5m\"], 12, 26, 9)\nif macd == nil {\n\treturn false\n}\nreturn macd.MACD > macd.Signal"},
		{"a series of a result", "rsi := indicators.CalculateRSI(data.Klines[\"5m\"], 14)\nMARK return rsi.Values[len(rsi.Values)-2] > 30", badPointer,
			"rsi := indicators.CalculateRSI(data.Klines[\"5m\"], 14)\nif rsi == nil || len(rsi.Values) < 2 {\n\treturn false\n}\nreturn rsi.Values[len(rsi.Values)-2] > 30"},
		{"the last of a series", "rsi := indicators.CalculateRSI(data.Klines[\"5m\"], 14)\nMARK return rsi.Values[len(rsi.Values)-1] > 30", badPointer,
			"rsi := indicators.CalculateRSI(data.Klines[\"5m\"], 14)\nif rsi == nil {\n\treturn false\n}\nreturn rsi.Values[len(rsi.Values)-1] > 30"},
		{"a length in a variable", "bb := indicators.CalculateBollingerBands(data.Klines[\"5m\"], 20, 2)\nMARK n := len(bb.Upper)\nreturn n > 2 && bb.Upper[n-1] > 3", badPointer,
			"bb := indicators.CalculateBollingerBands(data.Klines[\"5m\"], 20, 2)\nif bb == nil {\n\treturn false\n}\nn := len(bb.Upper)\nreturn n > 2 && bb.Upper[n-1] > 3"},
		{"a range", "rsi := indicators.CalculateRSI(data.Klines[\"5m\"], 14)\nMARK for _, v := range rsi.Values {\n\tif v > 70 {\n\t\treturn true\n\t}\n}\nreturn false", badPointer,
			"rsi := indicators.CalculateRSI(data.Klines[\"5m\"], 14)\nif rsi == nil {\n\treturn false\n}\nfor _, v := range rsi.Values {\n\tif v > 70 {\n\t\treturn true\n\t}\n}\nreturn false"},
		{"a call", fiveMinutes + "MARK return *indicators.CalculateEMA(klines, 20) > 100", badPointer, emaOf5m + noEMA + "return *ema > 100"},
		{"two calls", fiveMinutes + "MARK return *indicators.CalculateEMA(klines, 9) > *indicators.CalculateEMA(klines, 50)", badPointer,
			fiveMinutes + "ema := indicators.CalculateEMA(klines, 9)\nema50 := indicators.CalculateEMA(klines, 50)\nif ema == nil || ema50 == nil {\n\treturn false\n}\nreturn *ema > *ema50"},
		{"a field of a call", "MARK return indicators.GetLatestMACD(data.Klines[\"5m\"], 12, 26, 9).Histogram > 0", badPointer,
			"macd := indicators.GetLatestMACD(data.Klines[\"5m\"], 12, 26, 9)\nif macd == nil {\n\treturn false\n}\nreturn macd.Histogram > 0"},
		{"a call whose name is taken", "stochastic := 80.0\nMARK return indicators.CalculateStochastic(data.Klines[\"5m\"], 14, 3).K > stochastic", badPointer,
			"stochastic := 80.0\nstochastic14 := indicators.CalculateStochastic(data.Klines[\"5m\"], 14, 3)\nif stochastic14 == nil {\n\treturn false\n}\nreturn stochastic14.K > stochastic"},
	})
}

func TestChecksThatAreTooWeakAreRaised(t *testing.T) {
	checkGuarded(t, []guarded{
		{"right before", fiveMinutes + "if len(klines) < 10 {\n\treturn false\n}\nMARK return klines[len(klines)-20].Close > 100", badIndex,
			fiveMinutes + "if len(klines) < 20 {\n\treturn false\n}\nreturn klines[len(klines)-20].Close > 100"},
		{"with others", "klines, ok := data.Klines[\"5m\"]\nif !ok || len(klines) == 0 {\n\treturn false\n}\nx := 100.0\nMARK return klines[len(klines)-20].Close > x", badIndex,
			"klines, ok := data.Klines[\"5m\"]\nif !ok || len(klines) < 20 {\n\treturn false\n}\nx := 100.0\nreturn klines[len(klines)-20].Close > x"},
		{"by the variable of the length", fiveMinutes + "n := len(klines)\nif n <= 10 {\n\treturn false\n}\nMARK return klines[n-20].Close > 100", badIndex,
			fiveMinutes + "n := len(klines)\nif n <= 19 {\n\treturn false\n}\nreturn klines[n-20].Close > 100"},
		{"not when something matches in between", fiveMinutes + "if len(klines) < 2 {\n\treturn false\n}\nif klines[1].Close > 100 {\n\treturn true\n}\nMARK return klines[len(klines)-20].Close > 100", badIndex,
			fiveMinutes + "if len(klines) < 2 {\n\treturn false\n}\nif klines[1].Close > 100 {\n\treturn true\n}\nif len(klines) < 20 {\n\treturn false\n}\nreturn klines[len(klines)-20].Close > 100"},
		{"one that comes later", fiveMinutes + "MARK last := klines[len(klines)-1]\nx := last.Close\nif len(klines) < 20 {\n\treturn false\n}\nreturn klines[len(klines)-20].Close > x", badIndex,
			fiveMinutes + "if len(klines) < 20 {\n\treturn false\n}\nlast := klines[len(klines)-1]\nx := last.Close\nreturn klines[len(klines)-20].Close > x"},
		{"not one behind a match", fiveMinutes + "MARK last := klines[len(klines)-1]\nif last.Close > 100 {\n\treturn true\n}\nif len(klines) < 20 {\n\treturn false\n}\nreturn klines[len(klines)-20].Close > 1", badIndex,
			fiveMinutes + "if len(klines) == 0 {\n\treturn false\n}\nlast := klines[len(klines)-1]\nif last.Close > 100 {\n\treturn true\n}\nif len(klines) < 20 {\n\treturn false\n}\nreturn klines[len(klines)-20].Close > 1"},
		{"not when it answers true", fiveMinutes + "if len(klines) < 2 {\n\treturn true\n}\nMARK return klines[len(klines)-20].Close > 100", badIndex,
			fiveMinutes + "if len(klines) < 2 {\n\treturn true\n}\nif len(klines) < 20 {\n\treturn false\n}\nreturn klines[len(klines)-20].Close > 100"},
	})
}

func TestConditionalUsesAreCheckedInPlace(t *testing.T) {
	checkGuarded(t, []guarded{
		{"right of and", emaOf5m + "MARK return data.Symbol != \"X\" && *ema > 100", badPointer,
			emaOf5m + "return data.Symbol != \"X\" && ema != nil && *ema > 100"},
		{"right of or", emaOf5m + "MARK return data.Symbol == \"X\" || *ema > 100", badPointer,
			emaOf5m + "return data.Symbol == \"X\" || (ema != nil && *ema > 100)"},
		{"and inside or", emaOf5m + "MARK return data.Symbol == \"X\" || len(klines) > 5 && *ema > 100", badPointer,
			emaOf5m + "return data.Symbol == \"X\" || len(klines) > 5 && ema != nil && *ema > 100"},
		{"an index", fiveMinutes + "MARK return data.Symbol != \"X\" && klines[len(klines)-20].Close > 100", badIndex,
			fiveMinutes + "return data.Symbol != \"X\" && len(klines) >= 20 && klines[len(klines)-20].Close > 100"},
		{"a length that is checked too weakly", fiveMinutes + "MARK return len(klines) > 0 && klines[len(klines)-20].Close > 100", badIndex,
			fiveMinutes + "return len(klines) > 0 && len(klines) >= 20 && klines[len(klines)-20].Close > 100"},
		{"else-if", emaOf5m + "if data.Symbol == \"X\" {\n\treturn true\n} else MARK if *ema > 100 {\n\treturn true\n}\nreturn false", badPointer,
			emaOf5m + "if data.Symbol == \"X\" {\n\treturn true\n} else if ema != nil && *ema > 100 {\n\treturn true\n}\nreturn false"},
		{"its own variable", fiveMinutes + "MARK if ema := indicators.CalculateEMA(klines, 20); *ema > 100 {\n\treturn true\n}\nreturn false", badPointer,
			fiveMinutes + "if ema := indicators.CalculateEMA(klines, 20); ema != nil && *ema > 100 {\n\treturn true\n}\nreturn false"},
		{"a score", emaOf5m + "score := 0\nMARK if len(klines) >= 0 && *ema > 100 {\n\tscore++\n}\nreturn score > 0", badPointer,
			emaOf5m + "score := 0\nif len(klines) >= 0 && ema != nil && *ema > 100 {\n\tscore++\n}\nreturn score > 0"},
		{"a reason not to match", emaOf5m + "MARK if data.Symbol == \"X\" || *ema < 100 {\n\treturn false\n}\nreturn true", badPointer,
			emaOf5m + "if data.Symbol == \"X\" || ema == nil || *ema < 100 {\n\treturn false\n}\nreturn true"},
		{"a reason not to match, with and", emaOf5m + "MARK if data.Symbol != \"X\" && *ema < 100 {\n\treturn false\n}\nreturn true", badPointer,
			emaOf5m + "if data.Symbol != \"X\" && (ema == nil || *ema < 100) {\n\treturn false\n}\nreturn true"},
		{"kept for the answer", emaOf5m + "MARK above := len(klines) >= 0 && *ema > 100\nreturn above && data.Symbol != \"X\"", badPointer,
			emaOf5m + "above := len(klines) >= 0 && ema != nil && *ema > 100\nreturn above && data.Symbol != \"X\""},
		{"in a helper of its own", "up := func(k []types.Kline) bool {\n\tMARK return data.Symbol != \"X\" && k[len(k)-2].Close > 1\n}\nreturn up(data.Klines[\"5m\"])", badIndex,
			"up := func(k []types.Kline) bool {\n\treturn data.Symbol != \"X\" && len(k) >= 2 && k[len(k)-2].Close > 1\n}\nreturn up(data.Klines[\"5m\"])"},

		{"negated later", emaOf5m + "MARK above := len(klines) >= 0 && *ema > 100\nreturn !above", badPointer,
			emaOf5m + "above := len(klines) >= 0 && (ema == nil || *ema > 100)\nreturn !above"},
		{"not when else would match", emaOf5m + "MARK if data.Symbol != \"X\" && *ema > 100 {\n\tx := 1\n\treturn x > 2\n} else {\n\treturn true\n}", badPointer, ""},
		{"not when it takes a match back", emaOf5m + "ok := true\nMARK if data.Symbol != \"X\" && *ema > 100 {\n\tok = false\n}\nreturn ok", badPointer, ""},
		{"not when all is checked", emaOf5m + "MARK return ema != nil && *ema > 100", badPointer, ""},
	})
}

func TestDivisorsAreChecked(t *testing.T) {
	checkGuarded(t, []guarded{
		{"a variable", "n := len(data.Klines[\"3d\"])\nMARK return 100/n > 3", badDivision,
			"n := len(data.Klines[\"3d\"])\nif n == 0 {\n\treturn false\n}\nreturn 100/n > 3"},
		{"a length", fiveMinutes + "MARK x := 7 % len(klines)\nreturn x > 3", badDivision,
			fiveMinutes + "if len(klines) == 0 {\n\treturn false\n}\nx := 7 % len(klines)\nreturn x > 3"},
		{"a difference", fiveMinutes + "MARK return 7/(len(klines)-3) > 3", badDivision,
			fiveMinutes + "if len(klines)-3 == 0 {\n\treturn false\n}\nreturn 7/(len(klines)-3) > 3"},
		{"in place", fiveMinutes + "MARK return data.Symbol != \"X\" && 7/len(klines) > 3", badDivision,
			fiveMinutes + "return data.Symbol != \"X\" && len(klines) != 0 && 7/len(klines) > 3"},
		{"/= of a variable", fiveMinutes + "x := 7\nMARK x /= len(klines)\nreturn x > 3", badDivision,
			fiveMinutes + "x := 7\nif len(klines) == 0 {\n\treturn false\n}\nx /= len(klines)\nreturn x > 3"},
		{"of numbers with a point", "x := 0.0\nMARK return 3/x > 1", badDivision, ""},
	})
}
