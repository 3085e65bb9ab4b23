package mend_test

import "testing"

func TestNilMapsInsideAreMade(t *testing.T) {
	const table = "table := map[string]map[string]int{}\n"
	const stats = "type stats struct {\n\tcounts map[string]int\n}\ns := stats{}\n"
	const loop, end = "for name := range data.Klines {\n\t", "\n}\n"
	const makeRow = "if table[name] == nil {\n\t\ttable[name] = map[string]int{}\n\t}\n\t"
	checkGuarded(t, []guarded{
		{"counted", table + loop + "MARK table[name][\"all\"]++" + end + "return len(table) > 300", badMap,
			table + loop + makeRow + "table[name][\"all\"]++" + end + "return len(table) > 300"},
		{"set", table + loop + "MARK table[name][\"all\"] = len(table[name])" + end + "return len(table) > 300", badMap,
			table + loop + makeRow + "table[name][\"all\"] = len(table[name])" + end + "return len(table) > 300"},
		{"of candles", "groups := map[bool]map[int64]types.Kline{}\nfor _, k := range data.Klines[\"5m\"] {\n\tMARK groups[k.Close > k.Open][k.OpenTime] = k\n}\nreturn len(groups[true]) > 3000", badMap,
			"groups := map[bool]map[int64]types.Kline{}\nfor _, k := range data.Klines[\"5m\"] {\n\tif groups[k.Close > k.Open] == nil {\n\t\tgroups[k.Close > k.Open] = map[int64]types.Kline{}\n\t}\n\tgroups[k.Close > k.Open][k.OpenTime] = k\n}\nreturn len(groups[true]) > 3000"},
		{"three deep", "t := map[int]map[int]map[int]bool{}\nMARK t[1][2][3] = true\nreturn len(t) > 3", badMap,
			"t := map[int]map[int]map[int]bool{}\nif t[1] == nil {\n\tt[1] = map[int]map[int]bool{}\n}\nif t[1][2] == nil {\n\tt[1][2] = map[int]bool{}\n}\nt[1][2][3] = true\nreturn len(t) > 3"},
		{"only declared", "var table map[string]map[string]int\nMARK table[\"a\"][\"b\"] = 1\nreturn len(table) > 3", badMap,
			table + "if table[\"a\"] == nil {\n\ttable[\"a\"] = map[string]int{}\n}\ntable[\"a\"][\"b\"] = 1\nreturn len(table) > 3"},
		{"in a list", "rows := make([]map[string]int, 3)\nMARK rows[1][\"b\"] += 2\nreturn len(rows) > 3", badMap,
			"rows := make([]map[string]int, 3)\nif rows[1] == nil {\n\trows[1] = map[string]int{}\n}\nrows[1][\"b\"] += 2\nreturn len(rows) > 3"},
		{"a field", stats + loop + "MARK s.counts[name]++" + end + "return s.counts[\"5m\"] > 3", badMap,
			stats + loop + "if s.counts == nil {\n\t\ts.counts = map[string]int{}\n\t}\n\ts.counts[name]++" + end + "return s.counts[\"5m\"] > 3"},
		{"a type of its own", "type row map[string]int\ntable := map[string]row{}\nMARK table[\"a\"][\"b\"] = 1\nreturn len(table) > 3", badMap,
			"type row map[string]int\ntable := map[string]row{}\nif table[\"a\"] == nil {\n\ttable[\"a\"] = row{}\n}\ntable[\"a\"][\"b\"] = 1\nreturn len(table) > 3"},
		{"in a function", table + "add := func(name string) {\n\tMARK table[name][\"all\"]++\n}\nadd(\"5m\")\nreturn len(table) > 300", badMap,
			table + "add := func(name string) {\n\t" + makeRow + "table[name][\"all\"]++\n}\nadd(\"5m\")\nreturn len(table) > 300"},

		{"not when it is made now and then", table + "if len(data.Klines) > 300 {\n\ttable[\"a\"] = map[string]int{}\n}\nMARK table[\"a\"][\"b\"] = 1\nreturn len(table) > 3", badMap, ""},
		{"not what a call chooses", table + "f := func() string { return \"a\" }\nMARK table[f()][\"b\"] = 1\nreturn len(table) > 3", badMap, ""},
		{"not a field of an element", "type stats struct{ counts map[string]int }\nall := map[string]stats{}\nMARK all[\"a\"].counts[\"b\"]++\nreturn len(all) > 3", badMap, ""},
		{"not in the beginning of an if", table + "MARK if table[\"a\"][\"b\"] = 1; len(table) > 3 {\n\treturn true\n}\nreturn false", badMap, ""},
		{"not a name for an element", table + "row := table[\"a\"]\nMARK row[\"b\"] = 1\nreturn len(table) > 3", badMap, ""},
	})
}
