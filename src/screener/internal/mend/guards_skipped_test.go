package mend_test

import (
	"testing"

	"filtermend/screener/internal/mend"
)

func TestTurnsThatAreSkippedGoOn(t *testing.T) {
	const begin = fiveMinutes + "i, seen, up, dojis := len(klines)-1, 0, 0, 0\n"
	const rest = "\tif k.Close > k.Open {\n\t\tup++\n\t}\n\tseen++\n\ti--\n}\nreturn up > 3 && dojis < 4"
	const head = begin + "for seen < 8 && i >= 0 {\n\tk := klines[i]\n"
	const hours = fiveMinutes + "hours := data.Klines[\"1h\"]\nq, h, above := 0, 0, 0\nfor q < len(klines) && h < len(hours) {\n\tcandle, hour := klines[q], hours[h]\n"
	const hoursRest = "\tif candle.Close > hour.Open {\n\t\tabove++\n\t}\n\tq++\n}\nreturn above > 3"
	checkEnded(t, []ended{
		{"two conditions", head + "\tif k.Close == k.Open {\n\t\tcontinue // a doji\n\t}\n" + rest, mend.EndlessLoop,
			head + "\tif k.Close == k.Open {\n\t\ti--\n\t\tcontinue // a doji\n\t}\n" + rest},
		{"what is skipped is counted", head + "\tif k.Close == k.Open {\n\t\tdojis++\n\t\tcontinue\n\t}\n" + rest, mend.EndlessLoop,
			head + "\tif k.Close == k.Open {\n\t\tdojis++\n\t\ti--\n\t\tcontinue\n\t}\n" + rest},
		{"several ways to skip, one with its step", head + "\tif k.Volume == 0 {\n\t\ti--\n\t\tcontinue\n\t}\n\tswitch {\n\tcase k.Close == k.Open:\n\t\tcontinue\n\tcase k.High == k.Low:\n\t\tcontinue\n\t}\n" + rest, mend.EndlessLoop,
			head + "\tif k.Volume == 0 {\n\t\ti--\n\t\tcontinue\n\t}\n\tswitch {\n\tcase k.Close == k.Open:\n\t\ti--\n\t\tcontinue\n\tcase k.High == k.Low:\n\t\ti--\n\t\tcontinue\n\t}\n" + rest},
		{"a function that asks", fiveMinutes + "isDoji := func(k types.Kline) bool { return k.Close == k.Open }\ni, up := 0, 0\nfor up < 3 && i+1 < len(klines) {\n\tif isDoji(klines[i]) {\n\t\tcontinue\n\t}\n\tup++\n\ti += 2\n}\nreturn up > 2", mend.EndlessLoop,
			fiveMinutes + "isDoji := func(k types.Kline) bool { return k.Close == k.Open }\ni, up := 0, 0\nfor up < 3 && i+1 < len(klines) {\n\tif isDoji(klines[i]) {\n\t\ti += 2\n\t\tcontinue\n\t}\n\tup++\n\ti += 2\n}\nreturn up > 2"},
		{"two charts, the other is behind", hours + "\tif candle.OpenTime > hour.CloseTime {\n\t\tcontinue\n\t}\n" + hoursRest, mend.EndlessLoop,
			hours + "\tif candle.OpenTime > hour.CloseTime {\n\t\th++\n\t\tcontinue\n\t}\n" + hoursRest},
		{"two charts, the one is behind", hours + "\tif candle.OpenTime < hour.OpenTime {\n\t\tcontinue\n\t}\n" + hoursRest, mend.EndlessLoop,
			hours + "\tif candle.OpenTime < hour.OpenTime {\n\t\tq++\n\t\tcontinue\n\t}\n" + hoursRest},
	})
}

func TestTurnsThatMayEndOtherwiseStay(t *testing.T) {
	const head = fiveMinutes + "i, seen, up, tries := len(klines)-1, 0, 0, 0\nfor seen < 8 && i >= 0 {\n\tk := klines[i]\n"
	const rest = "\tif k.Close > k.Open {\n\t\tup++\n\t}\n\tseen++\n\ti--\n}\nreturn up > 3 && tries < 4"
	const hours = fiveMinutes + "hours := data.Klines[\"1h\"]\nq, h, above := 0, 0, 0\nfor q < len(klines) && h < len(hours) {\n\tcandle, hour := klines[q], hours[h]\n"
	const hoursRest = "\tif candle.Close > hour.Open {\n\t\tabove++\n\t}\n\tq++\n}\nreturn above > 3"
	checkEnded(t, []ended{
		{"it ends after some", head + "\tif k.Close == k.Open {\n\t\tif tries++; tries > 3 {\n\t\t\tbreak\n\t\t}\n\t\tcontinue\n\t}\n" + rest, mend.EndlessLoop, ""},
		{"a function that may do anything", fiveMinutes + "i, up, n := 0, 0, 0\nnext := func() bool { i++; return n > i }\nfor up < 3 && i < len(klines) {\n\tif next() && klines[i].Volume == 0 {\n\t\tcontinue\n\t}\n\tup++\n\ti++\n}\nreturn up > 2", mend.EndlessLoop, ""},
		{"no element is asked", head + "\tif data.Ticker == nil {\n\t\tcontinue\n\t}\n" + "\tseen++\n}\nreturn up > tries && k.Close > 3", mend.EndlessLoop, ""},
		{"nothing steps", head + "\tif k.Close == k.Open {\n\t\tcontinue\n\t}\n\tseen++\n}\nreturn up > tries", mend.EndlessLoop, ""},
		{"steps of two kinds", head + "\tif k.Close == k.Open {\n\t\tcontinue\n\t}\n\tif k.Volume > 3 {\n\t\ti -= 2\n\t}\n" + rest, mend.EndlessLoop, ""},
		{"two charts by price", hours + "\tif candle.Close > hour.Close {\n\t\tcontinue\n\t}\n" + hoursRest, mend.EndlessLoop, ""},
		{"two charts, at another time", hours + "\tif candle.OpenTime != hour.OpenTime {\n\t\tcontinue\n\t}\n" + hoursRest, mend.EndlessLoop, ""},
		{"a list that the turn changes", head + "\tif k.Close == k.Open {\n\t\tklines = klines[1:]\n\t\tcontinue\n\t}\n" + rest, mend.EndlessLoop, ""},
		{"an element that the turn changes", head + "\tif k.Close == k.Open {\n\t\tklines[i].Close++\n\t\tcontinue\n\t}\n" + rest, mend.EndlessLoop, ""},
	})
}
