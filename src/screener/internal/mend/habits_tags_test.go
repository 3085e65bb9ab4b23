package mend

import "testing"

func TestTagsAndSigns(t *testing.T) {
	check(t, []mending{
		{"around the code", "<code>\nreturn len(data.Klines) > 3\n</code>", "return len(data.Klines) > 3"},
		{"with an attribute, around a fence", "<answer lang=\"go\">\n```go\nreturn len(data.Klines) > 3\n```\n</answer>", "return len(data.Klines) > 3"},
		{"thoughts before", "<think>\nIt breaks out.\n</think>\nreturn len(data.Klines) > 3", "return len(data.Klines) > 3"},
		{"signs of a page", "return len(data.Klines) &gt; 3 &amp;&amp; len(data.Klines) &lt; 9", "return len(data.Klines) > 3 && len(data.Klines) < 9"},
		{"two codes", "<a>\nreturn true\n</a>\n<b>\nreturn false\n</b>", ""},
		{"text behind", "<code>\nreturn true\n</code>\nThis is why.", ""},
		{"not closed", "<code>\nreturn true\n", ""},
	})
}

func TestHeadersAndNames(t *testing.T) {
	check(t, []mending{
		{"commas", "n := 0\nfor i := 0, i < 3, i++ {\n\tn += i\n}\nreturn n > 3", "n := 0\nfor i := 0; i < 3; i++ {\n\tn += i\n}\nreturn n > 3"},
		{"range as a name", "k := data.Klines[\"5m\"]\nrange := k[0].High - k[0].Low\nfor _, x := range k {\n\tif x.Close > range {\n\t\treturn true\n\t}\n}\nreturn false",
			"k := data.Klines[\"5m\"]\nrangeValue := k[0].High - k[0].Low\nfor _, x := range k {\n\tif x.Close > rangeValue {\n\t\treturn true\n\t}\n}\nreturn false"},
		{"type as a name", "type := \"none\"\nif data.Symbol == \"A\" {\n\ttype = \"a\"\n}\nreturn type == \"a\"",
			"typeValue := \"none\"\nif data.Symbol == \"A\" {\n\ttypeValue = \"a\"\n}\nreturn typeValue == \"a\""},
		{"commas in another order", "n := 0\nfor i := 0, i++, i < 3 {\n\tn += i\n}\nreturn n > 3", ""},
		{"four parts", "n := 0\nfor i := 0, j := 2, i < 3, i++ {\n\tn += i\n}\nreturn n > 3", ""},
	})
}

func TestABraceIsMissingWhereLinesStandFurtherOut(t *testing.T) {
	check(t, []mending{
		{"before another", "n := 0\nfor i := 0; i < 3; i++ {\n\tif i > 1 {\n\t\tn++\n}\nreturn n > 1", "n := 0\nfor i := 0; i < 3; i++ {\n\tif i > 1 {\n\t\tn++\n\t}\n}\nreturn n > 1"},
		{"before a statement", "if data.Ticker == nil {\n\treturn false\nif len(data.Klines) > 3 {\n\treturn true\n}\nreturn false",
			"if data.Ticker == nil {\n\treturn false\n}\nif len(data.Klines) > 3 {\n\treturn true\n}\nreturn false"},
		{"no indentation", "if data.Ticker == nil {\nreturn false\nif len(data.Klines) > 3 {\nreturn true\n}\nreturn false", ""},
		{"indentation all wrong", "n := 0\nfor i := 0; i < 3; i++ {\nif i > 1 {\n\t\tn++\n}\nreturn n > 1", ""},
		{"two", "for i := 0; i < 3; i++ {\n\tif i > 1 {\n\t\treturn true\nreturn false", ""},
	})
}
