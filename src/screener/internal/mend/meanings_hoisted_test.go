package mend

import "testing"

func TestNamesAreDeclaredBeforeTheirBlock(t *testing.T) {
	const begin = "ks := data.Klines[\"4h\"]\n"
	const block = "if len(ks) >= 30 {\n\tup := false\n\tfor _, k := range ks {\n\t\tup = up || k.Close > k.Open\n\t}\n}\n"
	const mended = "up := false\nif len(ks) >= 30 {\n\tfor _, k := range ks {\n\t\tup = up || k.Close > k.Open\n\t}\n}\n"
	const count = "{\n\t\tvar n int\n\t\tfor _, k := range ks {\n\t\t\tif k.Close > 1 {\n\t\t\t\tn++\n\t\t\t}\n\t\t}\n\t}\n"
	const counted = "{\n\t\tfor _, k := range ks {\n\t\t\tif k.Close > 1 {\n\t\t\t\tn++\n\t\t\t}\n\t\t}\n\t}\n"
	const deep = begin + "if len(ks) < 5 {\n\treturn false\n} else {\n\tif data.Ticker != nil "
	check(t, []mending{
		{"a flag", begin + block + "return up && len(ks) > 3", begin + mended + "return up && len(ks) > 3"},
		{"a flag that is asked for", begin + block + "if !up {\n\treturn false\n}\nreturn len(ks) > 3", begin + mended + "if !up {\n\treturn false\n}\nreturn len(ks) > 3"},
		{"a flag that may help", begin + block + "if up || len(ks) > 90 {\n\treturn true\n}\nreturn false", begin + mended + "if up || len(ks) > 90 {\n\treturn true\n}\nreturn false"},
		{"a count in a block of a block", deep + count + "}\nreturn n >= 3", begin + "var n int\nif len(ks) < 5 {\n\treturn false\n} else {\n\tif data.Ticker != nil " + counted + "}\nreturn n >= 3"},
		{"a count that has to be reached", deep + count + "}\nif n < 3 {\n\treturn false\n}\nreturn true", begin + "var n int\nif len(ks) < 5 {\n\treturn false\n} else {\n\tif data.Ticker != nil " + counted + "}\nif n < 3 {\n\treturn false\n}\nreturn true"},
		{"false would match", begin + block + "return !up", ""},
		{"0 would match", deep + count + "}\nreturn n < 3", ""},
		{"0 is calculated with", deep + count + "}\nreturn n+1 > 3", ""},
		{"0 would be a price", begin + "if len(ks) > 3 {\n\tlevel := 0.0\n\tlevel += ks[0].Close\n}\nreturn ks[0].Close > level", ""},
		{"each turn begins anew", begin + "for _, k := range ks {\n\tn := 0\n\tif k.Close > 1 {\n\t\tn++\n\t}\n}\nreturn n >= 3", ""},
		{"a value", begin + "if len(ks) > 3 {\n\tup := ks[0].Close > 3\n\tup = !up\n}\nreturn up", ""},
		{"true", begin + "if len(ks) > 3 {\n\tup := true\n\tup = !up\n}\nreturn up", ""},
		{"declared twice", begin + "if len(ks) > 3 {\n\tup := false\n\tup = !up\n}\nif len(ks) > 5 {\n\tup := false\n\tup = !up\n}\nreturn up", ""},
		{"another of that name before", "for up := 0; up < 3; up++ {\n}\n" + begin + block + "return up", ""},
		{"in a function", begin + "f := func() bool {\n\tup := false\n\tup = !up\n\treturn up\n}\nreturn f() && up", ""},
		{"used before", begin + "if up {\n\treturn false\n}\n" + block + "return up", ""},
	})
}
