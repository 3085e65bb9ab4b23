package mend_test

import "testing"

func TestCasesThatNeedSomethingHaveOneBefore(t *testing.T) {
	const begin = emaOf5m + "MARK switch {\n"
	const mended = emaOf5m + "switch {\n"
	const rest = "\treturn true\n}\nreturn false"
	checkGuarded(t, []guarded{
		{"the first", begin + "case *ema < 100:\n" + rest, badPointer, mended + "case ema == nil:\n\treturn false\ncase *ema < 100:\n" + rest},
		{"a later one", begin + "case data.Symbol == \"NILTICKERUSDT\":\n\treturn true\ncase *ema < 100:\n" + rest, badPointer,
			mended + "case data.Symbol == \"NILTICKERUSDT\":\n\treturn true\ncase ema == nil:\n\treturn false\ncase *ema < 100:\n" + rest},
		{"once for several", begin + "case *ema < 50:\n\treturn true\ncase *ema > 100:\n" + rest, badPointer,
			mended + "case ema == nil:\n\treturn false\ncase *ema < 50:\n\treturn true\ncase *ema > 100:\n" + rest},
		{"joined by &&", begin + "case len(klines) < 9 && *ema < 50:\n" + rest, badPointer,
			mended + "case len(klines) < 9 && ema == nil:\n\treturn false\ncase len(klines) < 9 && *ema < 50:\n" + rest},
		{"of a length", fiveMinutes + "MARK switch {\ncase klines[len(klines)-20].Close > 3:\n" + rest, badIndex,
			fiveMinutes + "switch {\ncase len(klines) < 20:\n\treturn false\ncase klines[len(klines)-20].Close > 3:\n" + rest},
		{"what leads to no match", begin + "case *ema < 50:\n\treturn false\n}\nreturn true", badPointer,
			mended + "case ema == nil:\n\treturn false\ncase *ema < 50:\n\treturn false\n}\nreturn true"},
		{"only where it was asked", begin + "case len(klines) < 9 && *ema < 50:\n\treturn true\ncase *ema > 100:\n" + rest, badPointer,
			mended + "case len(klines) < 9 && ema == nil:\n\treturn false\ncase len(klines) < 9 && *ema < 50:\n\treturn true\ncase ema == nil:\n\treturn false\ncase *ema > 100:\n" + rest},

		{"not twice", begin + "case len(klines) < 9 && ema == nil:\n\treturn false\ncase len(klines) < 9 && *ema < 50:\n" + rest, badPointer, ""},
		{"not one that is asked after another", begin + "case data.Symbol == \"X\", *ema < 50:\n" + rest, badPointer, ""},
		{"not what an earlier case checks", begin + "case ema == nil:\n\treturn true\ncase *ema > 50:\n" + rest, badPointer, ""},
		{"not with a fallthrough", begin + "case data.Symbol == \"X\":\n\tfallthrough\ncase *ema > 50:\n" + rest, badPointer, ""},
		{"not what || may skip", begin + "case data.Symbol == \"X\" || *ema > 50:\n" + rest, badPointer, ""},
	})
}
