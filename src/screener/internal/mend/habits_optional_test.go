package mend

import "testing"

func TestWhatMayBeMissing(t *testing.T) {
	check(t, []mending{
		{"a comparison", "return data.Ticker?.LastPrice > 3 && len(data.Klines) > 1", "return (data.Ticker != nil && data.Ticker.LastPrice > 3) && len(data.Klines) > 1"},
		{"another value", "const price = data.Ticker?.LastPrice ?? 0\nreturn price > 3",
			"var price float64\nif data.Ticker == nil {\n\tprice = 0\n} else {\n\tprice = data.Ticker.LastPrice\n}\nreturn price > 3"},
		{"of candles", "klines := data.Klines?.[\"5m\"] ?? []\nreturn klines?.length > 3", "klines := data.Klines[\"5m\"]\nreturn len(klines) > 3"},
		{"a difference", "x := data.Ticker?.LastPrice - 3\nreturn x > 2", ""},
		{"compared in a calculation", "return 2 + data.Ticker?.LastPrice > 3", ""},
		{"equality", "return data.Ticker?.LastPrice != 3", ""},
		{"a call for what is missing", "price := data.Ticker?.LastPrice ?? f(3)\nreturn price > 3", ""},
		{"of nobody knows what", "return thing?.LastPrice > 3", ""},
	})
}

func TestIntervalsAreKeys(t *testing.T) {
	check(t, []mending{
		{"as a field", "klines := data.Klines.5m\nreturn len(klines) > len(data.Klines.15m)", "klines := data.Klines[\"5m\"]\nreturn len(klines) > len(data.Klines[\"15m\"])"},
		{"of the data", "return len(data[\"5m\"]) > 3", "return len(data.Klines[\"5m\"]) > 3"},
		{"no interval", "return data.Klines.5x > 3", ""},
		{"another key of the data", "return len(data[\"close\"]) > 3", ""},
		{"a letter", "s := \"\"\nfor range data.Klines {\n\ts += 'U'\n}\nreturn s == \"UU\"", "s := \"\"\nfor range data.Klines {\n\ts += \"U\"\n}\nreturn s == \"UU\""},
	})
}
