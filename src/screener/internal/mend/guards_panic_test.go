package mend_test

import "testing"

// ownError is what is known in Go's words of a panic that the filter calls for.
const ownError = ""

func TestOwnPanicsDoNotMatch(t *testing.T) {
	const answer = "return klines[len(klines)-1].Close > 100"
	checkGuarded(t, []guarded{
		{"too few candles", fiveMinutes + "if len(klines) < 20 {\n\tMARK panic(\"not enough data\")\n}\n" + answer, ownError,
			fiveMinutes + "if len(klines) < 20 {\n\treturn false\n}\n" + answer},
		{"on one line", fiveMinutes + "MARK if len(klines) < 20 { panic(\"not enough data\") }\n" + answer, ownError,
			fiveMinutes + "if len(klines) < 20 {\n\treturn false\n}\n" + answer},
		{"what follows stays", fiveMinutes + "if len(klines) < 20 {\n\tMARK panic(len(klines))\n\treturn true\n}\n" + answer, ownError,
			fiveMinutes + "if len(klines) < 20 {\n\treturn false\n\treturn true\n}\n" + answer},
		{"in a loop", "for _, ks := range data.Klines {\n\tif len(ks) < 20 {\n\t\tMARK panic(\"short\")\n\t}\n}\nreturn true", ownError,
			"for _, ks := range data.Klines {\n\tif len(ks) < 20 {\n\t\treturn false\n\t}\n}\nreturn true"},
		{"as the default", "switch len(data.Klines[\"5m\"]) {\ncase 250:\n\treturn true\ndefault:\n\tMARK panic(\"unexpected\")\n}", ownError,
			"switch len(data.Klines[\"5m\"]) {\ncase 250:\n\treturn true\ndefault:\n\treturn false\n}"},
		{"as the end", fiveMinutes + "if len(klines) > 20 {\n\treturn true\n}\nMARK panic(\"short\")", ownError,
			fiveMinutes + "if len(klines) > 20 {\n\treturn true\n}\nreturn false"},

		{"not in a function", "must := func(n int) {\n\tif n < 20 {\n\t\tMARK panic(\"short\")\n\t}\n}\nmust(len(data.Klines[\"5m\"]))\nreturn true", ownError, ""},
		{"not when it is recovered", fiveMinutes + "defer func() { recover() }()\nif len(klines) < 20 {\n\tMARK panic(\"short\")\n}\nreturn true", ownError, ""},
		{"not a function of the same name", "panic := func(string) {}\nMARK panic(\"short\")\nreturn true", ownError, ""},
		{"not what Go has words for", fiveMinutes + "MARK if klines[0].Close < 3 { panic(\"cheap\") }\nreturn true", badDivision, ""},
		{"not another statement", fiveMinutes + "MARK if len(klines) < 20 {\n\tpanic(\"short\")\n}\nreturn true", ownError, ""},
	})
}
