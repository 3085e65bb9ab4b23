package mend

import "testing"

func TestMisspeltVariables(t *testing.T) {
	const price = "currentPrice := data.Klines[\"5m\"][0].Close\n"
	check(t, []mending{
		{"a letter is missing", price + "return curentPrice > 3", price + "return currentPrice > 3"},
		{"two letters changed places, twice", price + "return currentPrcie > 3 && currentPrcie < 9", price + "return currentPrice > 3 && currentPrice < 9"},
		{"it is used elsewhere", price + "return curentPrice > 3 && currentPrice < 9", ""},
		{"two that are meant", price + "currentPrise := 3.0\nreturn currentPrixe > 3", ""},
		{"another number", "ema20 := 3.0\nreturn ema50 > 3", ""},
		{"of another type", "currentPrice := data.Klines\nreturn curentPrice > 3", ""},
		{"declared later", "if curentPrice > 3 {\n\treturn true\n}\n" + price + "return true", ""},
		{"too short", "ab := 3.0\nreturn ac > 3", ""},
	})
}

func TestCandlesAndTheirNumbers(t *testing.T) {
	const function = "f := func(k *types.Kline) bool {\n\treturn k.Close > k.Open\n}\nklines := data.Klines[\"5m\"]\n"
	const last = "klines := data.Klines[\"5m\"]\nlast := klines[0]\nif last.Open > 3 {\n\treturn false\n}\n"
	check(t, []mending{
		{"the address of an element", function + "return f(klines[0])", function + "return f(&klines[0])"},
		{"the address of a variable", function + "k := klines[0]\nreturn f(k)", function + "k := klines[0]\nreturn f(&k)"},
		{"the same name for a number", last + "last := klines[1].Close\nreturn last > 5", last + "lastValue := klines[1].Close\nreturn lastValue > 5"},
		{"the same name, still a candle", last + "last := last.Close\nreturn last > last.Open", last + "lastValue := last.Close\nreturn lastValue > last.Open"},
		{"a number in a branch only", last + "if last.Open > 1 {\n\tlast = klines[1].Close\n}\nreturn last > 5", ""},
		{"a number before", "klines := data.Klines[\"5m\"]\nlast := klines[0]\nif last > 3 {\n\treturn false\n}\nlast = klines[1].Close\nreturn last > 5", ""},
	})
}
