package mend

import "testing"

func TestNamesAreDeclaredWhereTheyAreSeen(t *testing.T) {
	const branches = "if data.Ticker == nil {\n\tx := 1.5\n} else if len(data.Klines) > 1 {\n\tx := 2\n} else {\n\tx := 3.5\n}\nreturn x > 1"
	check(t, []mending{
		{"in each branch", branches,
			"var x float64\nif data.Ticker == nil {\n\tx = 1.5\n} else if len(data.Klines) > 1 {\n\tx = 2\n} else {\n\tx = 3.5\n}\nreturn x > 1"},
		{"one branch leaves", "if data.Ticker == nil {\n\treturn false\n} else {\n\tprice := data.Ticker.LastPrice\n}\nreturn price > 1",
			"var price float64\nif data.Ticker == nil {\n\treturn false\n} else {\n\tprice = data.Ticker.LastPrice\n}\nreturn price > 1"},
		{"a sum without a beginning", "for _, k := range data.Klines[\"5m\"] {\n\tsum += k.Close\n}\nreturn sum > 1",
			"sum := 0.0\nfor _, k := range data.Klines[\"5m\"] {\n\tsum += k.Close\n}\nreturn sum > 1"},
		{"a count without a beginning, in an if", "for _, k := range data.Klines[\"5m\"] {\n\tif k.Close > 1 {\n\t\tn++\n\t}\n}\nreturn n > 1",
			"n := 0\nfor _, k := range data.Klines[\"5m\"] {\n\tif k.Close > 1 {\n\t\tn++\n\t}\n}\nreturn n > 1"},
		{"not in each branch", "if data.Ticker == nil {\n\tx := 1\n} else if len(data.Klines) > 1 {\n\tx := 2\n}\nreturn x > 1", ""},
		{"of different types", "if data.Ticker == nil {\n\tx := \"a\"\n} else {\n\tx := 2\n}\nreturn x > 1", ""},
		{"another of that name before", "for x := 0; x < 1; x++ {\n}\nif data.Ticker == nil {\n\tx := 1\n} else {\n\tx := 2\n}\nreturn x > 1", ""},
		{"a sum that is read before", "for _, k := range data.Klines[\"5m\"] {\n\tif sum > 3 {\n\t\treturn true\n\t}\n\tsum += k.Close\n}\nreturn sum > 1", ""},
		{"a product without a beginning", "for _, k := range data.Klines[\"5m\"] {\n\tx *= k.Close\n}\nreturn x > 1", ""},
		{"a sum in no loop", "sum += 3\nreturn sum > 1", ""},
	})
}
