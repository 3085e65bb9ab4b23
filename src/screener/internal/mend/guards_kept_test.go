package mend_test

import "testing"

func TestConditionsKeptInVariablesAreCheckedInPlace(t *testing.T) {
	const some, checked = "data.Symbol != \"X\" && *ema > 100", "data.Symbol != \"X\" && ema != nil && *ema > 100"
	const against, checkedAgainst = "data.Symbol == \"X\" || *ema < 100", "data.Symbol == \"X\" || ema == nil || *ema < 100"
	const mixed = "data.Symbol != \"X\" && (ema == nil || *ema < 100)"
	checkGuarded(t, []guarded{
		{"given up without", emaOf5m + "MARK up := " + some + "\nif !up {\n\treturn false\n}\nreturn true", badPointer,
			emaOf5m + "up := " + checked + "\nif !up {\n\treturn false\n}\nreturn true"},
		{"one of several reasons", emaOf5m + "MARK up := " + some + "\nif len(klines) < 3 || !up {\n\treturn false\n}\nreturn true", badPointer,
			emaOf5m + "up := " + checked + "\nif len(klines) < 3 || !up {\n\treturn false\n}\nreturn true"},
		{"given up with", emaOf5m + "MARK down := " + against + "\nif down {\n\treturn false\n}\nreturn true", badPointer,
			emaOf5m + "down := " + checkedAgainst + "\nif down {\n\treturn false\n}\nreturn true"},
		{"a reason of two operands", emaOf5m + "MARK down := data.Symbol != \"X\" && *ema < 100\nreturn !down", badPointer,
			emaOf5m + "down := " + mixed + "\nreturn !down"},
		{"a negated pair", emaOf5m + "MARK up := " + some + "\nif !(up && len(klines) > 3) {\n\treturn false\n}\nreturn true", badPointer,
			emaOf5m + "up := " + checked + "\nif !(up && len(klines) > 3) {\n\treturn false\n}\nreturn true"},
		{"used twice", emaOf5m + "MARK up := " + some + "\nif !up {\n\treturn false\n}\nreturn up && len(klines) > 3", badPointer,
			emaOf5m + "up := " + checked + "\nif !up {\n\treturn false\n}\nreturn up && len(klines) > 3"},
		{"kept again", emaOf5m + "MARK up := " + some + "\nweak := !up\nif weak {\n\treturn false\n}\nreturn true", badPointer,
			emaOf5m + "up := " + checked + "\nweak := !up\nif weak {\n\treturn false\n}\nreturn true"},
		{"with var", emaOf5m + "MARK var up bool = " + some + "\nreturn up", badPointer, emaOf5m + "var up bool = " + checked + "\nreturn up"},
		{"two at once", emaOf5m + "MARK up, long := " + some + ", len(klines) > 3\nreturn up && long", badPointer,
			emaOf5m + "up, long := " + checked + ", len(klines) > 3\nreturn up && long"},
		{"in the beginning of an if", emaOf5m + "MARK if up := " + some + "; up {\n\treturn true\n}\nreturn false", badPointer,
			emaOf5m + "if up := " + checked + "; up {\n\treturn true\n}\nreturn false"},
		{"in an else-if, where no return fits before", emaOf5m + "if data.Symbol == \"X\" {\n\treturn false\n} else MARK if up := *ema > 100; up {\n\treturn true\n}\nreturn false", badPointer,
			emaOf5m + "if data.Symbol == \"X\" {\n\treturn false\n} else if up := ema != nil && *ema > 100; up {\n\treturn true\n}\nreturn false"},
		{"of lengths", fiveMinutes + "MARK up := data.Symbol != \"X\" && klines[len(klines)-2].Close > 3\nif !up {\n\treturn false\n}\nreturn true", badIndex,
			fiveMinutes + "up := data.Symbol != \"X\" && len(klines) >= 2 && klines[len(klines)-2].Close > 3\nif !up {\n\treturn false\n}\nreturn true"},

		{"not used both ways", emaOf5m + "MARK up := " + some + "\nif up {\n\treturn len(klines) > 3\n}\nreturn !up", badPointer, ""},
		{"not when another may outvote it", emaOf5m + "MARK up := " + some + "\nreturn up || len(klines) > 3", badPointer, ""},
		{"not when it takes two to give up", emaOf5m + "MARK up := " + some + "\nif !up && len(klines) > 3 {\n\treturn false\n}\nreturn true", badPointer, ""},
		{"not when it is set again", emaOf5m + "MARK up := " + some + "\nup = up && len(klines) > 3\nreturn up", badPointer, ""},
		{"not what is set by itself", emaOf5m + "up := len(klines) > 3\nMARK up = up && *ema > 100\nreturn up", badPointer, ""},
		{"not in a comparison", emaOf5m + "MARK up := " + some + "\nreturn up == (len(klines) > 3)", badPointer, ""},
		{"not when a function uses it", emaOf5m + "MARK up := " + some + "\nf := func() bool { return up }\nreturn !f()", badPointer, ""},
	})
}
