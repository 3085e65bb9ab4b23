package intent_test

import (
	"strings"
	"testing"

	"filtermend/screener/internal/intent"
	"filtermend/screener/internal/validate"
)

// momentum is a repaired filter that several failed ones stand for.
const momentum = `klines, ok := data.Klines["15m"]
if !ok || len(klines) < 20 || data.Ticker == nil {
	return false
}
fast := indicators.CalculateEMA(klines, 9)
slow := indicators.CalculateEMA(klines, 21)
rsi := indicators.GetLatestRSI(klines, 14)
avg := indicators.CalculateAvgVolume(klines, 20)
if fast == nil || slow == nil || rsi == nil || avg == nil {
	return false
}
last := klines[len(klines)-1]
return *fast > *slow && *rsi > 55 && last.Volume > *avg*1.5 && data.Ticker.PriceChangePercent > 2.5`

// unchecked is the same without any check.
const unchecked = `klines := data.Klines["15m"]
fast := indicators.CalculateEMA(klines, 9)
slow := indicators.CalculateEMA(klines, 21)
rsi := indicators.GetLatestRSI(klines, 14)
avg := indicators.CalculateAvgVolume(klines, 20)
last := klines[len(klines)-1]
return *fast > *slow && *rsi > 55 && last.Volume > *avg*1.5 && data.Ticker.PriceChangePercent > 2.5`

// with is a code with parts of it replaced: old, new, old, new.
func with(code string, changes ...string) string {
	return strings.NewReplacer(changes...).Replace(code)
}

func TestRepairsKeepTheIntent(t *testing.T) {
	for name, test := range map[string]struct{ failed, repaired string }{
		"nothing checked":             {unchecked, momentum},
		"itself":                      {momentum, momentum},
		"latest EMA":                  {with(unchecked, "CalculateEMA", "GetLatestEMA"), momentum},
		"volume average":              {with(unchecked, "CalculateAvgVolume", "CalculateVolumeMA"), momentum},
		"latest volume average":       {with(unchecked, "CalculateAvgVolume", "GetLatestVolumeMA"), momentum},
		"pointers compared":           {with(unchecked, "*fast", "fast", "*slow", "slow", "*rsi", "rsi"), momentum},
		"strict equality":             {with(unchecked, "return", "if (data.Symbol === \"X\") { return false }\nreturn"), with(momentum, "\nreturn *", "\nif data.Symbol == \"X\" {\n\treturn false\n}\nreturn *")},
		"javascript declarations":     {with(unchecked, "fast :=", "const fast =", "rsi :=", "let rsi ="), momentum},
		"fenced":                      {"Here it is:\n```go\n" + unchecked + "\n```\nIt works.", momentum},
		"a function":                  {"func evaluate(data *types.MarketData) bool {\n" + unchecked + "\n}", momentum},
		"a file with imports":         {"package main\n\nimport (\n\t\"math\"\n\t\"fmt\"\n)\n\nfunc evaluate(data *types.MarketData) bool {\n" + unchecked + "\n}", momentum},
		"a brace too few":             {with(momentum, "return false\n}\nlast", "return false\nlast"), momentum},
		"an unused interval":          {"hours := data.Klines[\"1h\"]\n" + unchecked, momentum},
		"an unused indicator":         {"hours := data.Klines[\"1h\"]\nmacd := indicators.GetLatestMACD(hours, 12, 26, 9)\n" + unchecked, momentum},
		"an unused threshold":         {"limit := 77.0\n" + unchecked, momentum},
		"a length that was too weak":  {with(momentum, "len(klines) < 20", "len(klines) < 5"), momentum},
		"a length in a variable":      {with(unchecked, "last := klines[len(klines)-1]", "n := len(klines)\nif n < 99 {\n\treturn false\n}\nlast := klines[n-1]"), momentum},
		"a helper's own name":         {with(unchecked, "indicators.CalculateEMA", "calculateEMA"), momentum},
		"another package":             {with(unchecked, "indicators.GetLatestRSI", "ta.RSI"), momentum},
		"thresholds in variables":     {unchecked, with(momentum, "last :=", "limit := 55.0\nlast :=", "> 55", "> limit")},
		"thresholds out of variables": {"const limit = 55\n" + with(unchecked, "> 55", "> limit"), momentum},
		"conditions one by one": {unchecked, with(momentum, "return *fast > *slow && *rsi > 55 && last.Volume > *avg*1.5 && ",
			"if *fast <= *slow || *rsi <= 55 {\n\treturn false\n}\nif last.Volume <= 1.50*(*avg) {\n\treturn false\n}\nreturn ")},
		"null checks": {with(unchecked, "last :=", "if fast === null || slow == undefined { return false }\nlast :="), momentum},

		"VWAP is no pointer": {
			"klines := data.Klines[\"5m\"]\nvwap := indicators.CalculateVWAP(klines)\nif vwap == nil || len(klines) == 0 {\n\treturn false\n}\nreturn klines[len(klines)-1].Close > *vwap",
			"klines := data.Klines[\"5m\"]\nif len(klines) == 0 {\n\treturn false\n}\nvwap := indicators.CalculateVWAP(klines)\nreturn klines[len(klines)-1].Close > vwap"},
		"a stochastic without series": {
			"stoch := indicators.GetLatestStochastic(data.Klines[\"1h\"], 14, 3)\nreturn stoch.K[len(stoch.K)-1] < 20 && stoch.K[len(stoch.K)-1] > stoch.D[0]",
			"stoch := indicators.CalculateStochastic(data.Klines[\"1h\"], 14, 3)\nif stoch == nil {\n\treturn false\n}\nreturn stoch.K < 20 && stoch.K > stoch.D"},
		"math by hand": {
			"klines := data.Klines[\"1m\"]\na, b := klines[0], klines[1]\nreturn math.Abs(a.Close-b.Close)/b.Close > 0.01",
			"klines := data.Klines[\"1m\"]\nif len(klines) < 2 {\n\treturn false\n}\na, b := klines[0], klines[1]\nd := a.Close - b.Close\nif d < 0 {\n\td = -d\n}\nreturn d/b.Close > 0.01"},
		"a ternary": {
			"k := data.Klines[\"1m\"]\nx := len(k) > 3 ? k[3].Close : 0\nreturn x > 5",
			"k := data.Klines[\"1m\"]\nx := 0.0\nif len(k) > 3 {\n\tx = k[3].Close\n}\nreturn x > 5"},
		"a missing return": {
			"rsi := indicators.GetLatestRSI(data.Klines[\"5m\"], 14)\nif rsi != nil && *rsi < 30 {\n\treturn true\n}",
			"rsi := indicators.GetLatestRSI(data.Klines[\"5m\"], 14)\nif rsi != nil && *rsi < 30 {\n\treturn true\n}\nreturn false"},
		"a loop with other bounds": {
			"k := data.Klines[\"5m\"]\nfor i := 0; i <= 20; i++ {\n\tif k[len(k)-i].Close > 100 {\n\t\treturn true\n\t}\n}\nreturn false",
			"k := data.Klines[\"5m\"]\nif len(k) < 20 {\n\treturn false\n}\nfor i := 1; i < 21; i++ {\n\tif k[len(k)-i].Close > 100 {\n\t\treturn true\n\t}\n}\nreturn false"},
		"a length by two names": {
			"k := data.Klines[\"5m\"]\nn := len(k)\nlast := n - 1\nif last < 19 {\n\treturn false\n}\nreturn k[last-20].Close > 100",
			"k := data.Klines[\"5m\"]\nif len(k) < 21 {\n\treturn false\n}\nreturn k[len(k)-21].Close > 100"},
		"while": {
			"k := data.Klines[\"5m\"]\nlet i = 0\nlet sum = 0.0\nwhile (i < 20) {\n\tsum += k[i].Close\n\ti++\n}\nreturn sum > 100",
			"k := data.Klines[\"5m\"]\nif len(k) < 20 {\n\treturn false\n}\nsum := 0.0\nfor _, c := range k[:20] {\n\tsum += c.Close\n}\nreturn sum > 100"},
		"a pattern as a truth": {
			"if indicators.DetectEngulfingPattern(data.Klines[\"1h\"]) == 1 {\n\treturn true\n}\nreturn false",
			"return indicators.DetectEngulfingPattern(data.Klines[\"1h\"]) == \"bullish\""},
		"a helper that does not exist, by hand": {
			"high := indicators.GetHighestClose(data.Klines[\"1h\"], 20)\nk := data.Klines[\"1h\"]\nreturn k[len(k)-1].Close >= *high",
			"k := data.Klines[\"1h\"]\nif len(k) < 20 {\n\treturn false\n}\nhigh := 0.0\nfor _, c := range k[len(k)-20:] {\n\tif c.Close > high {\n\t\thigh = c.Close\n\t}\n}\nreturn k[len(k)-1].Close >= high"},
		"a helper given what it does not take": {
			"k := data.Klines[\"1h\"]\nspreads := []float64{}\nfor _, c := range k {\n\tspreads = append(spreads, c.High-c.Low)\n}\navg := indicators.CalculateEMA(spreads, 5)\nreturn avg > 3",
			"k := data.Klines[\"1h\"]\nspreads := []float64{}\nfor _, c := range k {\n\tspreads = append(spreads, c.High-c.Low)\n}\nif len(spreads) < 5 {\n\treturn false\n}\nema := spreads[0]\nfor _, s := range spreads {\n\tema += (s - ema) / 3\n}\nreturn ema > 3"},
		"average of volumes by the helper": {
			"k := data.Klines[\"1h\"]\nvolumes := []float64{}\nfor _, c := range k {\n\tvolumes = append(volumes, c.Volume)\n}\navg := indicators.CalculateMA(volumes, 20)\nreturn k[len(k)-1].Volume > avg*2",
			"k := data.Klines[\"1h\"]\navg := indicators.CalculateAvgVolume(k, 20)\nif avg == nil {\n\treturn false\n}\nreturn k[len(k)-1].Volume > *avg*2"},
		"a filter that never decided": {"return tru", "return true"},
		"one that says true to all":   {"return true", "return true"},
		"single quotes":               {"k := data.Klines['5m']\nreturn k[0].Close > 5", "k := data.Klines[\"5m\"]\nreturn len(k) > 0 && k[0].Close > 5"},
		"several intervals":           {"for _, tf := range []string{\"5m\", \"1h\"} {\n\tif data.Klines[tf][0].Close < 5 {\n\t\treturn false\n\t}\n}\nreturn true", "for _, tf := range []string{\"5m\", \"1h\"} {\n\tk := data.Klines[tf]\n\tif len(k) == 0 || k[0].Close < 5 {\n\t\treturn false\n\t}\n}\nreturn true"},
		"bands by another helper":     {"bb := indicators.GetBollinger(data.Klines[\"4h\"], 20, 2)\nreturn data.Ticker.LastPrice < bb.Lower", "bb := indicators.GetLatestBollingerBands(data.Klines[\"4h\"], 20, 2)\nif bb == nil || data.Ticker == nil {\n\treturn false\n}\nreturn data.Ticker.LastPrice < bb.Lower"},
	} {
		t.Run(name, func(t *testing.T) {
			if report := validate.Check(test.repaired); !report.Valid {
				t.Fatalf("the repair does not compile: %+v\n%s", report.Diagnostics, test.repaired)
			}
			if findings := intent.Compare(test.failed, test.repaired); len(findings) > 0 {
				t.Errorf("findings: %+v", findings)
			}
		})
	}
}

func TestGivingUpIsFound(t *testing.T) {
	for name, test := range map[string]struct{ failed, given, finding string }{
		"false":                     {unchecked, "return false", "always answers false"},
		"true":                      {unchecked, "return true", "always answers true"},
		"false after a check":       {unchecked, "if len(data.Klines[\"15m\"]) < 20 {\n\treturn false\n}\nreturn false", "always answers false"},
		"true in both branches":     {unchecked, "if data.Ticker == nil {\n\treturn true\n}\nreturn true", "always answers true"},
		"a return in front":         {unchecked, "return false\n" + momentum, "always answers false"},
		"in a false condition":      {unchecked, "if false {\n" + momentum + "\n}\nreturn false", "always answers false"},
		"behind a true condition":   {unchecked, "if true {\n\treturn false\n}\n" + momentum, "always answers false"},
		"behind what always holds":  {unchecked, "if len(data.Klines) >= 0 {\n\treturn false\n}\n" + momentum, "always answers false"},
		"behind a data check":       {unchecked, "if data != nil {\n\treturn false\n}\n" + momentum, "always answers false"},
		"and false":                 {unchecked, with(momentum, "> 2.5", "> 2.5 && false"), "always answers false"},
		"or true":                   {unchecked, with(momentum, "return false", "return true", "> 2.5", "> 2.5 || true"), "always answers true"},
		"a variable never set":      {unchecked, with(momentum, "return *fast", "matched := false\n_ = *fast", "> 2.5", "> 2.5\nreturn matched"), "always answers false"},
		"a declared variable":       {unchecked, "var matched bool\nreturn matched", "always answers false"},
		"one of two helpers":        {unchecked, with(momentum, "rsi := indicators.GetLatestRSI(klines, 14)\n", "", "rsi == nil || ", "", "*rsi > 55 && ", ""), "uses the RSI"},
		"all EMAs":                  {unchecked, with(momentum, "indicators.CalculateEMA(klines, 9)", "indicators.CalculateMA(klines, 9)", "indicators.CalculateEMA(klines, 21)", "indicators.CalculateMA(klines, 21)"), "uses the EMA"},
		"a helper into a comment":   {unchecked, with(momentum, "rsi := indicators.GetLatestRSI(klines, 14)", "rsi := indicators.CalculateEMA(klines, 14) // indicators.GetLatestRSI(klines, 14)"), "uses the RSI"},
		"a helper into nothing":     {unchecked, with(momentum, "rsi := indicators.GetLatestRSI(klines, 14)", "_ = indicators.GetLatestRSI(klines, 14)\nrsi := fast"), "uses the RSI"},
		"a helper by hand":          {unchecked, with(momentum, "avg := indicators.CalculateAvgVolume(klines, 20)", "sum := 0.0\nfor _, k := range klines {\n\tsum += k.Volume\n}\navg := &sum"), "uses the average volume"},
		"a renamed helper":          {with(unchecked, "CalculateAvgVolume", "CalculateVolumeMA"), with(momentum, "last.Volume > *avg*1.5 && ", "", "avg := indicators.CalculateAvgVolume(klines, 20)\n", "", " || avg == nil", "", "last := klines[len(klines)-1]\n", "", "> 2.5", "> 2.5*1.5"), "uses the average volume"},
		"another interval":          {unchecked, with(momentum, "15m", "5m"), "reads the interval \"15m\", this one does not: it reads \"5m\""},
		"an interval":               {with(unchecked, "return *fast", "hours := indicators.CalculateMA(data.Klines[\"1h\"], 5)\nreturn *hours > 3 && *fast"), momentum, "reads the interval \"1h\""},
		"an interval in a dead end": {with(unchecked, "return *fast", "hours := indicators.CalculateMA(data.Klines[\"1h\"], 5)\nreturn *hours > 3 && *fast"), with(momentum, "last :=", "hours := data.Klines[\"1h\"]\n_ = hours\nlast :="), "reads the interval \"1h\""},
		"most comparisons":          {unchecked, with(momentum, "last := klines[len(klines)-1]\n", "", "return *fast > *slow && *rsi > 55 && last.Volume > *avg*1.5 && ", "limit := *fast - *slow + *rsi - 55 + *avg*1.5\nreturn limit+"), "compares 4 times, this one only 1"},
		"a threshold":               {unchecked, with(momentum, "*rsi > 55", "*rsi > *fast"), "compares with 55"},
		"another threshold":         {unchecked, with(momentum, "*rsi > 55", "*rsi > 45"), "compares with 55"},
		"a factor":                  {unchecked, with(momentum, "*avg*1.5", "*avg"), "compares with 1.5"},
		"a threshold into a period": {unchecked, with(momentum, "*rsi > 55", "*rsi > 45", "klines, 14)", "klines, 55)"), "compares with 55"},
		"a threshold into a length": {unchecked, with(momentum, "*rsi > 55", "*rsi > 45", "len(klines) < 20", "len(klines) < 55"), "compares with 55"},
		"a threshold in a variable": {"limit := 55.0\n" + with(unchecked, "> 55", "> limit"), with(momentum, "*rsi > 55", "*rsi > 5"), "compares with 55"},
		"a negative threshold":      {with(unchecked, "> 2.5", "< -2.5"), with(momentum, "> 2.5", "< -1"), "compares with 2.5"},
		"everything but a check":    {unchecked, "return len(data.Klines[\"15m\"]) > 20", "uses the EMA"},
		"only the ticker":           {unchecked, "return data.Ticker != nil && data.Ticker.PriceChangePercent > 2.5", "compares 4 times"},
		"code that does not parse":  {"if indicators.GetLatestRSI(data.Klines['5m'], 14) < 30 { return true", "return false", "uses the RSI"},
		"a pattern":                 {"return indicators.DetectEngulfing(data.Klines[\"1h\"]) == \"bullish\" && data.Ticker.LastPrice > 5", "return len(data.Klines[\"1h\"]) > 0 && data.Ticker != nil && data.Ticker.LastPrice > 5", "uses the engulfing pattern"},
	} {
		t.Run(name, func(t *testing.T) {
			if report := validate.Check(test.given); !report.Valid {
				t.Fatalf("the candidate does not compile: %+v\n%s", report.Diagnostics, test.given)
			}
			findings := intent.Compare(test.failed, test.given)
			for _, found := range findings {
				if strings.Contains(found.Message, test.finding) {
					if found.Hint == "" {
						t.Error("no hint")
					}
					return
				}
			}
			t.Errorf("findings: %+v", findings)
		})
	}
}

func TestTheLineOfTheConstantIsGiven(t *testing.T) {
	findings := intent.Compare(unchecked, "if data.Ticker == nil {\n\treturn false\n}\nreturn false")
	if len(findings) == 0 || findings[0].Line != 4 || findings[0].SourceLine != "return false" {
		t.Errorf("findings: %+v", findings)
	}
}

func TestACountOfWhatIsChosenIsNoLength(t *testing.T) {
	failed := "up := ks.filter(c => c.Close > c.Open).length\nif up < 12 {\n\treturn false\n}\nreturn ks[0].Close > 3"
	mended := "up := len(func() []types.Kline {\n\treturn ks\n}())\nif up < 12 {\n\treturn false\n}\nreturn ks[0].Close > 3"
	for _, finding := range intent.Compare(failed, mended) {
		if strings.Contains(finding.Message, "12") {
			t.Errorf("%+v", finding)
		}
	}
}

func TestAnythingCanBeCompared(t *testing.T) {
	for _, text := range []string{"", "```", "}", ")))", "=== !== =>", "for", "x :=", "_ =", "if x ==", "\x00", "'", "`", "a.b(", "for i", "let"} {
		if findings := intent.Compare(text, "return data.Symbol == \"X\""); len(findings) > 0 && text == "" {
			t.Errorf("%q: %+v", text, findings)
		}
		intent.Compare(momentum, text)
	}
}
