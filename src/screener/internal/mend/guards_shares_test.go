package mend_test

import "testing"

func TestSharesOfNothingDoNotMatch(t *testing.T) {
	const begin = fiveMinutes + "total, green, sum := 0, 0, 0.0\nfor _, k := range klines {\n"
	const skip = "\tif k.Volume < 2e3 {\n\t\tcontinue\n\t}\n"
	const green = "\tif k.Close > k.Open {\n\t\tgreen++\n\t}\n"
	const check = "if total == 0 {\n\treturn false\n}\n"
	const share = "return green*100/total >= 60 || sum > 1e15"
	for name, test := range map[string]struct{ turns, answer string }{
		"what is counted is left out before": {skip + "\ttotal++\n" + green + "}\n", share},
		"counted in the same block":          {"\tif k.Volume > 2e3 {\n\t\tgreen += k.Trades\n\t\tsum += k.Close\n\t\ttotal += 1\n\t}\n}\n", share},
		"counted in each branch":             {"\tif k.Volume > 2e3 {\n\t\tif k.Close > k.Open {\n\t\t\tgreen++\n\t\t\ttotal++\n\t\t} else {\n\t\t\ttotal++\n\t\t}\n\t}\n}\n", share},
		"a sum that is cut":                  {skip + "\ttotal++\n\tsum += k.Close\n}\n", "return int(sum)/total >= green"},
		"kept in a variable":                 {skip + "\ttotal++\n" + green + "}\n", "percent := 100 * green / total\nreturn percent > 60 && sum < 3"},
		"a difference":                       {skip + "\ttotal++\n" + green + "\tsum += k.Close\n}\n", "return (int(sum)-green)*100/total > 60"},
	} {
		checkGuarded(t, []guarded{{name, begin + test.turns + "MARK " + test.answer, badDivision, begin + test.turns + check + test.answer}})
	}
	checkGuarded(t, []guarded{{"in a condition", begin + skip + "\ttotal++\n" + green + "}\nMARK return sum < 3 && green*100/total >= 60", badDivision,
		begin + skip + "\ttotal++\n" + green + "}\nreturn sum < 3 && total != 0 && green*100/total >= 60"}})
}

func TestWhereNothingWasTradedNothingMatches(t *testing.T) {
	const sum = fiveMinutes + "trades := 0\nfor _, k := range klines {\n\ttrades += k.Trades\n}\n"
	const answer = "return klines[len(klines)-1].Trades*len(klines)*100/trades > 110"
	checkGuarded(t, []guarded{{"all trades of a window", sum + "MARK " + answer, badDivision, sum + "if trades == 0 {\n\treturn false\n}\n" + answer}})
	const some = fiveMinutes + "trades := 0\nfor _, k := range klines {\n\tif k.Close > k.Open {\n\t\ttrades += k.Trades\n\t}\n}\n"
	checkGuarded(t, []guarded{{"the trades of some candles", some + "MARK " + answer, badDivision, ""}})
}

func TestWhatMayBeCountedAsNothingStays(t *testing.T) {
	const begin = fiveMinutes + "total, green, sum := 0, 0, 0.0\nfor _, k := range klines {\n"
	const skip = "\tif k.Volume < 2e3 {\n\t\tcontinue\n\t}\n"
	const green = "\tif k.Close > k.Open {\n\t\tgreen++\n\t}\n"
	const share = "return green*100/total >= 60 || sum > 1e15"
	for name, code := range map[string]string{
		"one against the other":             begin + "\tif k.Close > 1e9 {\n\t\ttotal++\n\t} else {\n\t\tgreen++\n\t}\n}\nMARK " + share,
		"counted also where it is left out": begin + green + skip + "\ttotal++\n}\nMARK " + share,
		"counted before one that leaves":    begin + "\tif k.Close > k.Open {\n\t\tgreen++\n\t\tcontinue\n\t}\n\tif k.Volume > 1e9 {\n\t\ttotal++\n\t}\n}\nMARK " + share,
		"a length":                          begin + skip + "\ttotal++\n" + green + "}\nMARK return len(klines)/total >= 60 || sum > 1 || green > 1",
		"one more than counted":             begin + skip + "\ttotal++\n" + green + "}\nMARK return (green+1)/total >= 60 || sum > 1",
		"a rest":                            begin + skip + "\ttotal++\n" + green + "}\nMARK return green%total >= 60 || sum > 1",
		"also divides something else":       begin + skip + "\ttotal++\n" + green + "}\nMARK if green*100/total >= 60 || sum > 1 {\n\treturn true\n}\nreturn 100/total > 3",
		"a beginning that is not 0":         fiveMinutes + "total, green, sum := 0, 5, 0.0\nfor _, k := range klines {\n" + skip + "\ttotal++\n" + green + "}\nMARK " + share,
		"a sum that is divided by":          begin + skip + "\ttotal += k.Trades - k.Trades\n" + green + "}\nMARK " + share,
		"counted in another loop":           begin + green + "}\nfor _, k := range klines {\n" + skip + "\ttotal++\n}\nMARK " + share,
		"in a function that gives a number": fiveMinutes + "share := func() int {\n\ttotal, green := 0, 0\n\tfor _, k := range klines {\n\t\tif k.Volume > 2e3 {\n\t\t\ttotal++\n\t\t\tgreen++\n\t\t}\n\t}\n\tMARK return green * 100 / total\n}\nreturn share() > 3",
		"of each interval, which may be left out": "n := 0\nfor _, ks := range data.Klines {\n\ttotal, green := 0, 0\n\tfor _, k := range ks {\n\t\tif k.Volume > 2e3 {\n\t\t\ttotal++\n\t\t\tgreen++\n\t\t}\n\t}\n" +
			"\tMARK if green*100/total > 60 {\n\t\tn++\n\t}\n}\nreturn n > 1",
	} {
		checkGuarded(t, []guarded{{name, code, badDivision, ""}})
	}
}
