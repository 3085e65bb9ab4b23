package mend_test

import "testing"

func TestTheElementBehindTheLastIsTheLast(t *testing.T) {
	const last = fiveMinutes + "if len(klines) < 3 {\n\treturn false\n}\n"
	checkGuarded(t, []guarded{
		{"by its length", last + "MARK x := klines[len(klines)]\nreturn x.Close > 1e9", badIndex, last + "x := klines[len(klines)-1]\nreturn x.Close > 1e9"},
		{"by a variable", last + "n := len(klines)\nMARK return klines[n].Close > 1e9", badIndex, last + "n := len(klines)\nreturn klines[n-1].Close > 1e9"},
		{"twice", last + "MARK return klines[len(klines)].Close > 2*klines[len(klines)].Open", badIndex, last + "return klines[len(klines)-1].Close > 2*klines[len(klines)-1].Open"},
		{"with one before the last", last + "MARK return klines[len(klines)].Close > 2*klines[len(klines)-2].Close", badIndex, last + "return klines[len(klines)-1].Close > 2*klines[len(klines)-2].Close"},

		{"not with the last", last + "MARK x := klines[len(klines)]\ny := klines[len(klines)-1]\nreturn x.Close > y.Close", badIndex, ""},
		{"not what is set", "x := []int{}\nMARK x[len(x)] = 3\nreturn len(x) > 3", badIndex, ""},
		{"not another list's length", last + "h := data.Klines[\"1h\"]\nMARK return klines[len(h)].Close > 3", badIndex, ""},
		{"not two behind", last + "MARK return klines[len(klines)+1].Close > 3", badIndex, ""},
		{"not a length from before", last + "n := len(klines)\nklines = klines[1:]\nMARK return klines[n].Close > 1", badIndex, ""},
	})
}

// TestWindowsThatBeginBeforeTheFirstAreLeftOut: such a turn always panicked.
func TestWindowsThatBeginBeforeTheFirstAreLeftOut(t *testing.T) {
	const body = "\tw := klines[i-20 : i]\n\tn += len(w)\n}\nreturn n > 1e6"
	const before = fiveMinutes + "n := 0\nfor i := "
	checkGuarded(t, []guarded{
		{"from the first", before + "0; i < len(klines); i++ {\n\tMARK " + body[1:], badSlice, before + "20; i < len(klines); i++ {\n" + body},
		{"not one of another beginning", before + "n; i < len(klines); i++ {\n\tMARK w := klines[i-n-1 : i]\n\tn += len(w)\n}\nreturn n > 1e6", badSlice, ""},
	})
}
