package mend

import "testing"

func TestFunctionsOfSeries(t *testing.T) {
	const head = "x := []float64{1, 2}\n"
	const klines = "klines := data.Klines[\"5m\"]\n"
	check(t, []mending{
		{"sum", head + "return sum(x)/len(x) > 3", "sum := " + ofSeries["sum"].text + head + "return sum(x)/float64(len(x)) > 3"},
		{"largest", head + "return max(x) > Math.max(...x)", "largest := " + ofSeries["max"].text + head + "return largest(x) > largest(x)"},
		{"the last ones", klines + "a := klines[-20:]\nb := klines.slice(-25, -20)\nreturn len(a) > len(b)",
			klines + "a := klines[len(klines)-20:]\nb := klines[len(klines)-25 : len(klines)-20]\nreturn len(a) > len(b)"},
		{"push", klines + "let highs = []\nfor (let i = 0; i < klines.length; i++) {\n  highs.push(klines[i].High)\n}\nreturn highs[0] > 2",
			klines + "highs := []float64{}\nfor i := 0; i < len(klines); i++ {\n\thighs = append(highs, klines[i].High)\n}\nreturn highs[0] > 2"},
		{"append as a method", klines + "closes := []float64{}\nfor _, k := range klines {\n\tcloses.append(k.Close)\n}\nreturn closes[0] > 2",
			klines + "closes := []float64{}\nfor _, k := range klines {\n\tcloses = append(closes, k.Close)\n}\nreturn closes[0] > 2"},
		{"the sum of candles", klines + "return sum(klines) > 3", ""},
		{"a sum of their own", "sum := func(a int) int { return a }\n" + head + "return sum(x) > 3", ""},
		{"an empty list that nothing comes into", "x := []\nreturn len(x) > 3", ""},
		{"a push that is asked for its length", klines + "closes := []float64{}\nn := closes.push(3)\nreturn n > 2", ""},
		{"slices by what may be negative", klines + "n := -3\nreturn len(klines.slice(n)) > 2", ""},
	})
}
