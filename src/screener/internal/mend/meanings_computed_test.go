package mend

import (
	"strings"
	"testing"
)

// declaredATR is the function for the ATR as it stands in a filter.
var declaredATR = "// calculateATR " + averageTrueRange.does + "\ncalculateATR := " + averageTrueRange.text + "\n"

func TestTheATRIsComputedInTheFilter(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nif len(klines) < 30 {\n\treturn false\n}\n"
	const checked = "if atr == nil {\n\treturn false\n}\n"
	mended := declaredATR + head + "atr := calculateATR(klines, 14)\n" + checked + "return *atr > 1"
	check(t, []mending{
		{"pointer", head + "atr := indicators.CalculateATR(klines, 14)\n" + checked + "return *atr > 1", mended},
		{"number", head + "atr := indicators.GetLatestATR(klines, 14)\nreturn atr > 1", mended},
		{"without a period", head + "atr := indicators.averageTrueRange(klines)\nreturn atr > 1", mended},
		{"without a package", head + "atr := calculateATR(klines, 14)\nreturn atr > 1", mended},
		{"in one word", head + "atr := indicators.calculateatr(klines, 14)\nreturn atr > 1", mended},
		{"with an error", head + "atr, err := indicators.ATR(klines, 14)\nif err != nil {\n\treturn false\n}\nreturn atr > 1", mended},
		{"last of a series", head + "atr := indicators.CalculateATRSeries(klines, 14)\nreturn atr[len(atr)-1] > 1", mended},
		{
			"by its interval, below a comment",
			"// wide range\natr := indicators.GetATR(data, \"5m\", 14)\nreturn atr > 1",
			declaredATR + "// wide range\natr := calculateATR(data.Klines[\"5m\"], 14)\n" + checked + "return *atr > 1",
		},
		{
			"two in one line",
			head + "return indicators.ATR(klines, 7) > 1.5*indicators.ATR(klines, 21)",
			declaredATR + head + "atr7 := calculateATR(klines, 7)\natr21 := calculateATR(klines, 21)\n" +
				"if atr7 == nil || atr21 == nil {\n\treturn false\n}\nreturn *atr7 > 1.5**atr21",
		},
		{
			"after another condition",
			head + "return klines[0].Close > 5 && indicators.ATR(klines, 7) > 1",
			declaredATR + head + "atr7 := calculateATR(klines, 7)\nreturn klines[0].Close > 5 && atr7 != nil && *atr7 > 1",
		},
		{
			"the name is taken",
			head + "var calculateATR float64\natr := indicators.CalculateATR(klines, 14)\n" + checked + "return *atr > calculateATR",
			strings.ReplaceAll(declaredATR, "calculateATR ", "calculateATROf ") + head +
				"var calculateATR float64\natr := calculateATROf(klines, 14)\n" + checked + "return *atr > calculateATR",
		},
		{"a function of the filter that comes later",
			"width := ATR(data.Klines[\"5m\"], 14)\nATR := func(k []types.Kline, n int) float64 { return k[n].High }\nreturn width > 1", ""},
		{"a series", head + "atr := indicators.CalculateATR(klines, 14)\nreturn atr[len(atr)-1] > atr[len(atr)-2]", ""},
		{"another subject", head + "atr := indicators.CalculateATRBands(klines, 14)\nreturn atr > 1", ""},
		{"argument too many", head + "atr := indicators.CalculateATR(klines, 14, 3)\nreturn atr > 1", ""},
	})
}

func TestTheMessageSaysHowItIsComputed(t *testing.T) {
	_, changes, _ := Compile("return indicators.CalculateATR(data.Klines[\"5m\"], 14) > 3")
	const want = "there is no helper for the ATR: it is computed here, as the plain average of the true range"
	if len(changes) == 0 || changes[0].Message != want {
		t.Errorf("got %+v, want %q", changes, want)
	}
}
