package mend

import "testing"

func TestABlockGivesTheOuterVariableItsValue(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nscore := 0\n"
	const tail = "return score > 1"
	check(t, []mending{
		{"a score", head + "if len(klines) > 5 {\n\tscore := score + 1\n}\nif len(klines) > 9 {\n\tscore := score + 2\n} else {\n\tscore := 0\n}\n" + tail,
			head + "if len(klines) > 5 {\n\tscore = score + 1\n}\nif len(klines) > 9 {\n\tscore = score + 2\n} else {\n\tscore = 0\n}\n" + tail},
		{"a flag in a loop", "found := false\nfor _, k := range data.Klines[\"5m\"] {\n\tif k.Close > 5 {\n\t\tfound := true\n\t\tbreak\n\t}\n}\nreturn found",
			"found := false\nfor _, k := range data.Klines[\"5m\"] {\n\tif k.Close > 5 {\n\t\tfound = true\n\t\tbreak\n\t}\n}\nreturn found"},
		{"a text in a switch", "signal := \"none\"\nswitch {\ncase len(data.Klines) > 2:\n\tsignal := \"buy\"\n}\nreturn signal == \"buy\"",
			"signal := \"none\"\nswitch {\ncase len(data.Klines) > 2:\n\tsignal = \"buy\"\n}\nreturn signal == \"buy\""},
		{"read in the loop before it", "last := 0.0\nn := 0\nfor _, k := range data.Klines[\"5m\"] {\n\tif k.Close > last {\n\t\tn++\n\t\tlast := k.Close\n\t}\n}\nreturn n > 3",
			"last := 0.0\nn := 0\nfor _, k := range data.Klines[\"5m\"] {\n\tif k.Close > last {\n\t\tn++\n\t\tlast = k.Close\n\t}\n}\nreturn n > 3"},
		{"a whole number for a price", "var best float64\nif len(data.Klines) > 2 {\n\tbest := 3\n}\nreturn best > 1",
			"var best float64\nif len(data.Klines) > 2 {\n\tbest = 3\n}\nreturn best > 1"},
		{"twice in a block", head + "if len(klines) > 5 {\n\tscore := score + 1\n\tscore := score * 2\n}\n" + tail,
			head + "if len(klines) > 5 {\n\tscore = score + 1\n\tscore = score * 2\n}\n" + tail},
		{"counted on", head + "if len(klines) > 5 {\n\tscore := score + 1\n\tscore += 2\n}\nif len(klines) > 7 {\n\tscore := score + 2\n}\n" + tail,
			head + "if len(klines) > 5 {\n\tscore = score + 1\n\tscore += 2\n}\nif len(klines) > 7 {\n\tscore = score + 2\n}\n" + tail},
		{"beside a new one", head + "if len(klines) > 5 {\n\tsize, score := len(klines), score+1\n\tif size > 8 {\n\t\treturn true\n\t}\n}\n" + tail,
			head + "if len(klines) > 5 {\n\tvar size int\n\tsize, score = len(klines), score+1\n\tif size > 8 {\n\t\treturn true\n\t}\n}\n" + tail},
		{"two at once", head + "found := false\nif len(klines) > 5 {\n\tscore, found := 3, true\n}\nreturn found && score > 1",
			head + "found := false\nif len(klines) > 5 {\n\tscore, found = 3, true\n}\nreturn found && score > 1"},
		{"a list that grows", "var high []float64\nfor _, k := range data.Klines[\"5m\"] {\n\thigh := append(high, k.High)\n}\nreturn len(high) > 3",
			"var high []float64\nfor _, k := range data.Klines[\"5m\"] {\n\thigh = append(high, k.High)\n}\nreturn len(high) > 3"},
		{"other candles", "k := data.Klines[\"5m\"]\nif len(k) > 5 {\n\tk := data.Klines[\"1h\"]\n}\nreturn len(k) > 9", "k := data.Klines[\"5m\"]\nif len(k) > 5 {\n}\nreturn len(k) > 9"},
		{"of another type", head + "if len(klines) > 5 {\n\tscore := \"a\"\n}\n" + tail, head + "if len(klines) > 5 {\n}\n" + tail},
		{"not read later", head + "n := score\nif len(klines) > 5 {\n\tscore := 3\n}\nreturn n > 1", head + "n := score\nif len(klines) > 5 {\n}\nreturn n > 1"},
		{"in a function of its own", "score := len(data.Klines)\nf := func() bool {\n\tscore := 3\n\treturn true\n}\nreturn f() && score > 1",
			"score := len(data.Klines)\nf := func() bool {\n\treturn true\n}\nreturn f() && score > 1"},
	})
}
