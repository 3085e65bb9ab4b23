package mend_test

import (
	"testing"

	"filtermend/screener/internal/mend"
)

func TestStepsOfFlatDataAreChecked(t *testing.T) {
	const begin = "low, high, n, closes := 1.0, 1.0, 0, data.Klines[\"5m\"]\nfor _, k := range closes {\n\tlow, high = low+k.Low, low+k.High\n}\n"
	const size = begin + "size := (high - low) / 10\n"
	const check = "if size <= 0 && low <= high {\n\treturn false\n}\n"
	for _, test := range []struct{ name, before, after string }{
		{"in the head", size + "for edge := low; edge <= high; edge += size {\n\tMARK n++\n}\nreturn n > 3",
			size + check + "for edge := low; edge <= high; edge += size {\n\tn++\n}\nreturn n > 3"},
		{"beside another", size + "for edge, m := low, 0; edge <= high; edge = edge + size {\n\tMARK n += m\n}\nreturn n > 3",
			size + check + "for edge, m := low, 0; edge <= high; edge = edge + size {\n\tn += m\n}\nreturn n > 3"},
		{"down", size + "for edge := high; edge > low; edge -= size {\n\tMARK n++\n}\nreturn n > 3",
			size + "if size <= 0 && high > low {\n\treturn false\n}\nfor edge := high; edge > low; edge -= size {\n\tn++\n}\nreturn n > 3"},
		{"at the end of each turn", size + "edge := low\nfor edge <= high {\n\tMARK n++\n\tedge += size\n}\nreturn n > 3",
			size + "edge := low\nif size <= 0 && edge <= high {\n\treturn false\n}\nfor edge <= high {\n\tn++\n\tedge += size\n}\nreturn n > 3"},
		{"without a name", begin + "for edge := low; edge <= high; edge += (high - low) / 20 {\n\tMARK n++\n}\nreturn n > 3",
			begin + "if (high-low)/20 <= 0 && low <= high {\n\treturn false\n}\nfor edge := low; edge <= high; edge += (high - low) / 20 {\n\tn++\n}\nreturn n > 3"},
		{"with a loop inside that may end", size + "for edge := low; edge <= high; edge += size {\n\tMARK n++\n\tfor _, k := range closes {\n\t\tif k.Close > edge {\n\t\t\tbreak\n\t\t}\n\t}\n}\nreturn n > 3",
			size + check + "for edge := low; edge <= high; edge += size {\n\tn++\n\tfor _, k := range closes {\n\t\tif k.Close > edge {\n\t\t\tbreak\n\t\t}\n\t}\n}\nreturn n > 3"},
		{"a turn that may match", size + "for edge := low; edge <= high; edge += size {\n\tMARK if n++; edge == low {\n\t\treturn true\n\t}\n}\nreturn n > 3", ""},
		{"a turn that may end the loop", size + "for edge := low; edge <= high; edge += size {\n\tMARK n++\n\tif n > 3 {\n\t\tbreak\n\t}\n}\nreturn n > 3", ""},
		{"a step that is a number", begin + "size := 0.0\nfor edge := low; edge <= high; edge += size {\n\tMARK n++\n}\nreturn n > 3", ""},
		{"a step that is set again", size + "if n > 3 {\n\tsize = 1\n}\nfor edge := low; edge <= high; edge += size {\n\tMARK n++\n}\nreturn n > 3", ""},
		{"a step that a turn sets", begin + "for edge := low; edge <= high; edge += high - low {\n\tMARK n++\n\tlow--\n}\nreturn n > 3", ""},
		{"an end that a turn sets", size + "for edge := low; edge <= high; edge += size {\n\tMARK n++\n\thigh--\n}\nreturn n > 3", ""},
		{"a level that a turn sets", size + "for edge := low; edge <= high; edge += size {\n\tMARK n++\n\tedge *= 2\n}\nreturn n > 3", ""},
		{"a step the wrong way", size + "for edge := low; edge <= high; edge -= size {\n\tMARK n++\n}\nreturn n > 3", ""},
		{"in a function that counts", size + "count := func() int {\n\tfor edge := low; edge <= high; edge += size {\n\t\tMARK n++\n\t}\n\treturn n\n}\nreturn count() > 3", ""},
		{"a step of one turn of several", begin + "for _, k := range closes {\n\tsize := k.High - k.Low\n\tfor edge := k.Low; edge <= k.High; edge += size {\n\t\tMARK n++\n\t}\n}\nreturn n > 3", ""},
	} {
		t.Run(test.name, func(t *testing.T) { checkFlat(t, test.before, test.after) })
	}
}

// checkFlat does not run the filters before: some would not end.
func checkFlat(t *testing.T, marked, after string) {
	t.Helper()
	before, line := cutMark(marked)
	got, change := mend.Guard(before, line, mend.EndlessLoop)
	if (change == nil) != (after == "") || change != nil && got != after {
		t.Fatalf("change %+v:\n%s", change, got)
	}
	if change == nil {
		return
	}
	if !change.Guard {
		t.Error("it is no guard")
	}
	for i, result := range runs(t, got) {
		if result.Error != "" {
			t.Errorf("input %d: %s", i, result.Error)
		}
	}
}

// TestLoopsWithoutATurnAnswerAsBefore: no step is needed for these.
func TestLoopsWithoutATurnAnswerAsBefore(t *testing.T) {
	const code = "high, n := 1.0, 0\nsize := (high - 1) / 10\nfor edge := high + 1; edge <= high; edge += size {\n\tn++\n}\nreturn n == 0"
	got, change := mend.Guard(code, 4, mend.EndlessLoop)
	if change == nil {
		t.Fatal("no change")
	}
	compareRuns(t, code, got)
}
