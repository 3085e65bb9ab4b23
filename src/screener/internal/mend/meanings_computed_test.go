package mend

import (
	"strings"
	"testing"
)

// declaring is a formula's function as it stands in a filter.
func declaring(f formula) string {
	return "// " + f.name + " " + f.does + "\n" + f.name + " := " + f.text + "\n"
}

var declaredATR = declaring(averageTrueRange)

func TestTheATRIsComputedInTheFilter(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nif len(klines) < 30 {\n\treturn false\n}\n"
	const checked = "if atr == nil {\n\treturn false\n}\n"
	mended := declaredATR + head + "atr := calculateATR(klines, 14)\n" + checked + "return *atr > 1"
	check(t, []mending{
		{"pointer", head + "atr := indicators.CalculateATR(klines, 14)\n" + checked + "return *atr > 1", mended},
		{"number", head + "atr := indicators.GetLatestATR(klines, 14)\nreturn atr > 1", mended},
		{"without a period", head + "atr := indicators.averageTrueRange(klines)\nreturn atr > 1", mended},
		{"without a package", head + "atr := calculateATR(klines, 14)\nreturn atr > 1", mended},
		{
			"by its variable's name", head + "atr := ATR(klines, 14)\nreturn atr != nil && *atr > 1",
			declaredATR + head + "atr := calculateATR(klines, 14)\nreturn atr != nil && *atr > 1",
		},
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

func TestOtherFormulas(t *testing.T) {
	const head = "klines := data.Klines[\"5m\"]\nif len(klines) < 30 {\n\treturn false\n}\n"
	const series = "fast := indicators.CalculateEMASeries(klines, 9)\nslow := indicators.CalculateEMASeries(klines, 21)\n"
	const closes = "var closes []float64\nfor _, k := range klines {\n\tcloses = append(closes, k.Close)\n}\n"
	check(t, []mending{
		{
			"CCI without a period", head + "cci := indicators.CCI(klines)\nreturn cci != nil && *cci > 100",
			declaring(channelIndex) + head + "cci := calculateCCI(klines, 20)\nreturn cci != nil && *cci > 100",
		},
		{
			"Williams without a period", head + "r := indicators.WilliamsPercentR(klines)\nreturn r != nil && *r > -20",
			declaring(williamsRange) + head + "r := calculateWilliamsR(klines, 14)\nreturn r != nil && *r > -20",
		},
		{
			"true range", head + "tr := indicators.GetTrueRange(klines)\nreturn tr != nil && *tr > 1",
			declaring(trueRange) + head + "tr := calculateTrueRange(klines)\nreturn tr != nil && *tr > 1",
		},
		{
			"of collected closes", head + closes + "dev := indicators.StdDev(closes, 20)\nreturn dev != nil && *dev > 1",
			declaring(deviation) + head + closes + "dev := calculateStdDev(klines, 20)\nreturn dev != nil && *dev > 1",
		},
		{
			"two formulas", head + "atr, wma := indicators.ATR(klines), indicators.WMA(klines, 9)\nreturn atr != nil && wma != nil && *atr > *wma",
			declaring(weightedAverage) + declaredATR + head + "atr, wma := calculateATR(klines, 14), calculateWMA(klines, 9)\nreturn atr != nil && wma != nil && *atr > *wma",
		},
		{
			"crossing of series", head + series + "if !indicators.CrossOver(fast, slow) {\n\treturn false\n}\nreturn true",
			declaring(crossingUp) + head + series + "if !crossedAbove(fast, slow, 1) {\n\treturn false\n}\nreturn true",
		},
		{
			"crossing of averages",
			head + "fast := indicators.CalculateEMA(klines, 9)\nreturn indicators.HasCrossedBelow(fast, indicators.CalculateMA(klines, 21), 3)",
			declaring(crossingDown) + head + "fast := indicators.CalculateEMASeries(klines, 9)\nreturn crossedBelow(fast, indicators.CalculateMASeries(klines, 21), 3)",
		},
		{"crossing of numbers", head + "fast := indicators.CalculateEMA(klines, 9)\nreturn fast != nil && *fast > 1 && indicators.CrossOver(fast, 30)", ""},
		{"crossing as a number", head + series + "return indicators.CrossOver(fast, slow) > 0", ""},
		{"change over how many candles", head + "roc := indicators.CalculateROC(klines)\nreturn roc != nil && *roc > 1", ""},
		{"difference or percent", head + "m := indicators.CalculateMomentum(klines, 10)\nreturn m != nil && *m > 1", ""},
		{"of other values", head + "w := indicators.WMA([]float64{1, 2}, 2)\nreturn w != nil && *w > 1", ""},
	})
}

func TestTheMessageSaysHowItIsComputed(t *testing.T) {
	_, changes, _ := Compile("return indicators.CalculateATR(data.Klines[\"5m\"], 14) > 3")
	const want = "there is no helper for the ATR: it is computed here, as the plain average of the true range"
	if len(changes) == 0 || changes[0].Message != want {
		t.Errorf("got %+v, want %q", changes, want)
	}
}
