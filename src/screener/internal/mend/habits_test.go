package mend

import "testing"

func TestOtherLanguagesForms(t *testing.T) {
	check(t, []mending{
		{"triple equals", "return data.Symbol === \"A\" && data.Symbol !== \"B\"", "return data.Symbol == \"A\" && data.Symbol != \"B\""},
		{"not equal", "return data.Symbol <> \"A\"", "return data.Symbol != \"A\""},
		{"assigned condition", "if data.Symbol = \"A\" {\n\treturn true\n}\nreturn false", "if data.Symbol == \"A\" {\n\treturn true\n}\nreturn false"},
		{"chain", "x := 3\nreturn 2 < x <= 5 && x > 1", "x := 3\nreturn 2 < x && x <= 5 && x > 1"},
		{"bit operators", "x := 3\nreturn (x > 2) & (x < 5) | (x == 7)", "x := 3\nreturn (x > 2) && (x < 5) || (x == 7)"},
		{"get and at", "k := data.Klines.get('5m')\nreturn k.at(-1).Close > k.at(0).Close", "k := data.Klines[\"5m\"]\nreturn k[len(k)-1].Close > k[0].Close"},
		{"hash comments", "# first # more\nreturn data.Symbol != \"#\" # last", "// first # more\nreturn data.Symbol != \"#\" // last"},
		{"single quotes", "return data.Symbol == 'BTC\"USDT' || data.Symbol == ''", "return data.Symbol == \"BTC\\\"USDT\" || data.Symbol == \"\""},
		{"letters", "return data.Symbol[0] == 'B' || data.Symbol == 'C'", "return data.Symbol[0] == 'B' || data.Symbol == \"C\""},
		{"else on its own line", "if len(data.Klines) > 3 {\n\treturn true\n}\n\nelse {\n\treturn false\n}",
			"if len(data.Klines) > 3 {\n\treturn true\n} else {\n\treturn false\n}"},
		{"elif", "if len(data.Klines) > 3 {\n\treturn true\n}\nelif data.Ticker == nil {\n\treturn true\n} elif data.Symbol == \"\" {\n\treturn true\n}\nreturn false",
			"if len(data.Klines) > 3 {\n\treturn true\n} else if data.Ticker == nil {\n\treturn true\n} else if data.Symbol == \"\" {\n\treturn true\n}\nreturn false"},
		{"operator at the beginning of a line", "return data.Ticker != nil\n\t&& data.Ticker.LastPrice > 3 // dear\n\t|| data.Symbol == \"A\"",
			"return data.Ticker != nil &&\n\tdata.Ticker.LastPrice > 3 || // dear\n\tdata.Symbol == \"A\""},
		{"and, or, not", "return data.Ticker != nil and not data.Symbol == \"A\" or not (len(data.Klines) > 2)",
			"return data.Ticker != nil && !(data.Symbol == \"A\") || !(len(data.Klines) > 2)"},
		{"not a variable", "up := data.Ticker != nil\nif not up and len(data.Klines) > 0 {\n\treturn false\n}\nreturn up",
			"up := data.Ticker != nil\nif !up && len(data.Klines) > 0 {\n\treturn false\n}\nreturn up"},
		{"is None", "return data.Ticker is not None and data.Klines is None", "return data.Ticker != nil && data.Klines == nil"},
		{"prefix increment", "n := 0\nfor i := 0; i < 3; ++i {\n\t++n\n}\nreturn n > 2", "n := 0\nfor i := 0; i < 3; i++ {\n\tn++\n}\nreturn n > 2"},
		{"let", "let n = len(data.Klines);\nreturn n > 0;", "n := len(data.Klines)\nreturn n > 0"},
		{"const", "const n = len(data.Klines)\nreturn n > 0", "n := len(data.Klines)\nreturn n > 0"},
		{"const with a type", "const n int = len(data.Klines)\nreturn n > 0", "var n int = len(data.Klines)\nreturn n > 0"},
		{"undeclared", "x = 3\nif x > 2 {\n\ty = x + 1\n\tx = y\n}\nreturn x > 2", "x := 3\nif x > 2 {\n\ty := x + 1\n\tx = y\n}\nreturn x > 2"},
		{"brace on its own line", "for _, k := range data.Klines[\"5m\"]\n{\n\tif k.Close > 3 // dear\n\t{\n\t\treturn true\n\t}\n\telse\n\t{\n\t\treturn false\n\t}\n}\nreturn false",
			"for _, k := range data.Klines[\"5m\"] {\n\tif k.Close > 3 { // dear\n\n\t\treturn true\n\t} else {\n\t\treturn false\n\t}\n}\nreturn false"},
		{"type before the name", "double price = 3;\nreturn price > 2", "var price float64 = 3\nreturn price > 2"},
		{"null, True", "return data.Ticker != null && data.Klines != None && True", "return data.Ticker != nil && data.Klines != nil && true"},
		{"length", "return data.Klines.length > 2 && data.Klines[\"5m\"].length() > 3", "return len(data.Klines) > 2 && len(data.Klines[\"5m\"]) > 3"},
		{"negative index", "k := data.Klines[\"5m\"]\nreturn k[-1].Close > k[-2].Close", "k := data.Klines[\"5m\"]\nreturn k[len(k)-1].Close > k[len(k)-2].Close"},
		{"square", "x := 3.0\nreturn x ** 2 > 2", "x := 3.0\nreturn (x * x) > 2"},
		{"unused label", "outer:\n\tfor range data.Klines {\n\t}\nreturn true", "for range data.Klines {\n}\nreturn true"},
		{"a brace too many", "return len(data.Klines) > 0\n}", "return len(data.Klines) > 0"},
		{"a brace too few", "if data.Ticker != nil {\n\treturn true\n}\nfor range data.Klines {\n\treturn false\n", "if data.Ticker != nil {\n\treturn true\n}\nfor range data.Klines {\n\treturn false\n}\nreturn false"},
	})
}

func TestConditionalExpressions(t *testing.T) {
	check(t, []mending{
		{"returned", "return data.Ticker != nil ? data.Ticker.LastPrice > 3 : false", "if data.Ticker != nil {\n\treturn data.Ticker.LastPrice > 3\n}\nreturn false"},
		{"declared", "x := data.Ticker != nil ? data.Ticker.LastPrice : 0\nreturn x > 3",
			"var x float64\nif data.Ticker != nil {\n\tx = data.Ticker.LastPrice\n} else {\n\tx = 0\n}\nreturn x > 3"},
		{"const, in brackets, in two lines", "const x = (data.Ticker !== null\n\t? 'long'\n\t: 'short');\nreturn x === 'long';",
			"var x string\nif data.Ticker != nil {\n\tx = \"long\"\n} else {\n\tx = \"short\"\n}\nreturn x == \"long\""},
		{"assigned", "x := 0.0\nx = data.Ticker == nil ? 1 : 2\nx += data.Ticker == nil ? 1 : 2\nreturn x > 3",
			"x := 0.0\nif data.Ticker == nil {\n\tx = 1\n} else {\n\tx = 2\n}\nif data.Ticker == nil {\n\tx += 1\n} else {\n\tx += 2\n}\nreturn x > 3"},
		{"nested", "n := len(data.Klines)\nx := n > 3 ? 3 : (n > 2 ? 2 : 1)\nreturn x > 1",
			"n := len(data.Klines)\nvar x int\nif n > 3 {\n\tx = 3\n} else if n > 2 {\n\tx = 2\n} else {\n\tx = 1\n}\nreturn x > 1"},
		{"in an expression", "n := len(data.Klines)\nreturn 3 > (n > 2 ? n : 4)",
			"n := len(data.Klines)\nreturn 3 > func() int {\n\tif n > 2 {\n\t\treturn n\n\t}\n\treturn 4\n}()"},
		{"Python's", "x := data.Ticker.LastPrice if data.Ticker != None else 0\nreturn x > 3",
			"var x float64\nif data.Ticker != nil {\n\tx = data.Ticker.LastPrice\n} else {\n\tx = 0\n}\nreturn x > 3"},
		{"Python's, returned", "return True if len(data.Klines) > 2 else False", "if len(data.Klines) > 2 {\n\treturn true\n}\nreturn false"},
		{"branch without braces", "if (data.Ticker === null) return false;\nreturn data.Ticker.LastPrice > 3;",
			"if data.Ticker == nil {\n\treturn false\n}\nreturn data.Ticker.LastPrice > 3"},
		{"branch and else without braces", "x := 0\nif (len(data.Klines) > 3)\n\tx = 1;\nelse x = 2;\nreturn x > 1",
			"x := 0\nif len(data.Klines) > 3 {\n\tx = 1\n} else {\n\tx = 2\n}\nreturn x > 1"},
		{"one branch after the other", "if (len(data.Klines) > 3) return true; else if (data.Ticker == nil) return false; else return data.Symbol == 'AB'",
			"if len(data.Klines) > 3 {\n\treturn true\n} else if data.Ticker == nil {\n\treturn false\n} else {\n\treturn data.Symbol == \"AB\"\n}"},
	})
}

func TestLoops(t *testing.T) {
	const head = "n := 0\nklines := data.Klines[\"5m\"]\n"
	const tail = " {\n\tn++\n}\nreturn n > 3"
	const use = " {\n\tif k.Close > 3 {\n\t\tn++\n\t}\n}\nreturn n > 3"
	check(t, []mending{
		{"while", head + "while (n < len(klines))" + tail, head + "for n < len(klines)" + tail},
		{"while true", head + "while True {\n\tn++\n\tif n > 4 {\n\t\tbreak\n\t}\n}\nreturn n > 3 && klines != nil",
			head + "for {\n\tn++\n\tif n > 4 {\n\t\tbreak\n\t}\n}\nreturn n > 3 && klines != nil"},
		{"three parts", head + "for (let i = 0; i < klines.length; i++)" + tail, head + "for i := 0; i < len(klines); i++" + tail},
		{"three parts, two counters", head + "for (let i = 0, m = klines.length; i < m; i++)" + tail, head + "for i, m := 0, len(klines); i < m; i++" + tail},
		{"three parts, the first empty", head + "for (; n < klines.length; n++) {\n\tn++\n}\nreturn n > 3", head + "for ; n < len(klines); n++" + tail},
		{"three parts, int", head + "for (int i = 0; i < len(klines); ++i)" + tail, head + "for i := 0; i < len(klines); i++" + tail},
		{"of", head + "for (const k of klines)" + use, head + "for _, k := range klines" + use},
		{"in a list", head + "for k in klines" + use, head + "for _, k := range klines" + use},
		{"in, JavaScript's", head + "for (let i in klines) {\n\tn += i\n}\nreturn n > 3", head + "for i := range klines {\n\tn += i\n}\nreturn n > 3"},
		{"in a map", "for tf in data.Klines {\n\tif tf == '5m' {\n\t\treturn true\n\t}\n}\nreturn false", "for tf := range data.Klines {\n\tif tf == \"5m\" {\n\t\treturn true\n\t}\n}\nreturn false"},
		{"enumerate", head + "for i, k in enumerate(klines) {\n\tif k.Close > 3 && i > 2 {\n\t\tn++\n\t}\n}\nreturn n > 3",
			head + "for i, k := range klines {\n\tif k.Close > 3 && i > 2 {\n\t\tn++\n\t}\n}\nreturn n > 3"},
		{"range call", head + "for i in range(1, len(klines)) {\n\tn += i\n}\nreturn n > 3", head + "for i := 1; i < len(klines); i++ {\n\tn += i\n}\nreturn n > 3"},
		{"range over a number", "n := 0\nfor i := range 10 {\n\tn += i\n}\nreturn n > 3", "n := 0\nfor i := 0; i < 10; i++ {\n\tn += i\n}\nreturn n > 3"},
		{"range over a number, uncounted", "n := 0\nfor range 10" + tail, "n := 0\nfor i := 0; i < 10; i++" + tail},
	})
}

func TestFunctionsAndPackages(t *testing.T) {
	check(t, []mending{
		{"steps in blocks of their own", "First:\n```go\nks := data.Klines[\"5m\"]\n```\nThen:\n```go\nreturn len(ks) > 3\n```\n",
			"ks := data.Klines[\"5m\"]\nreturn len(ks) > 3"},
		{"tildes around it", "~~~go\nreturn data.Ticker != nil\n~~~", "return data.Ticker != nil"},
		{"function in the body", "func mean(a, b float64) float64 {\n\treturn (a + b) / 2\n}\nreturn mean(1, 2) > 1",
			"mean := func(a, b float64) float64 {\n\treturn (a + b) / 2\n}\nreturn mean(1, 2) > 1"},
		{"function that calls itself", "func sum(n int) int {\n\tif n == 0 {\n\t\treturn 0\n\t}\n\treturn n + sum(n-1)\n}\nreturn sum(3) > 1",
			"var sum func(n int) int\nsum = func(n int) int {\n\tif n == 0 {\n\t\treturn 0\n\t}\n\treturn n + sum(n-1)\n}\nreturn sum(3) > 1"},
		{"function beside the filter", "package main\n\nimport \"math\"\n\nfunc evaluate(data *types.MarketData) bool {\n\treturn twice(2) > 3\n}\n\nfunc twice(x float64) float64 {\n\treturn 2 * x\n}\n",
			"twice := func(x float64) float64 {\n\treturn 2 * x\n}\n\nreturn twice(2) > 3"},
		{"constant beside the filter", "package main\n\nconst least = 3\n\nvar names = []string{\"A\"}\n\nfunc evaluate(data *types.MarketData) bool {\n\treturn len(names) > least\n}\n",
			"const least = 3\n\nvar names = []string{\"A\"}\n\nreturn len(names) > least"},
		{"parameter of another name", "func check(md *types.MarketData) bool {\n\treturn md.Ticker != nil\n}", "md := data\n\nreturn md.Ticker != nil"},
		{"parameter that is no pointer", "func check(data types.MarketData) bool {\n\treturn data.Ticker != nil\n}", "return data.Ticker != nil"},
		{"imports", "import (\n\t\"math\"\n\t\"fmt\"\n)\nreturn true", "return true"},
		{"package", "package main\nreturn true", "return true"},
		{"prints", "x := 3\nfmt.Println(\"x\", x)\nlog.Printf(\"%d\", len(data.Klines))\nconsole.log(x)\nreturn x > 2", "x := 3\n\nreturn x > 2"},
		{"abs", "x := -3.0\nreturn math.Abs(x) > 2 && Math.abs(x-1) > 3",
			"abs := func(x float64) float64 {\n\tif x <= 0 {\n\t\treturn 0 - x\n\t}\n\treturn x\n}\nx := -3.0\nreturn abs(x) > 2 && abs(x-1) > 3"},
		{"max of whole numbers", "n := len(data.Klines)\nreturn max(n, 3, 4) > 4",
			"larger := func(a, b int) int {\n\tif a > b {\n\t\treturn a\n\t}\n\treturn b\n}\nn := len(data.Klines)\nreturn larger(larger(n, 3), 4) > 4"},
		{"min in abs", "x := 3.0\nreturn math.Min(math.Abs(x), 2) > 1",
			"abs := func(x float64) float64 {\n\tif x <= 0 {\n\t\treturn 0 - x\n\t}\n\treturn x\n}\nsmaller := func(a, b float64) float64 {\n\tif a < b || a != a {\n\t\treturn a\n\t}\n\treturn b\n}\nx := 3.0\nreturn smaller(abs(x), 2) > 1"},
		{"largest number", "low := math.MaxFloat64\nhigh := -math.MaxFloat64\nreturn low > high", "low := 1.7976931348623157e308\nhigh := -1.7976931348623157e308\nreturn low > high"},
		{"infinity", "low, high := math.Inf(1), math.Inf(-1)\nreturn low > high", "infinity := 1e308\ninfinity *= 10\nlow, high := infinity, -infinity\nreturn low > high"},
		{"square, not a number", "x := 3.0\nreturn math.Pow(x, 2) > 3 && !math.IsNaN(x)", "x := 3.0\nreturn (x*x) > 3 && !(x != x)"},
	})
}

func TestTheEndOfAFilter(t *testing.T) {
	check(t, []mending{
		{"only refusals", "if data.Ticker == nil {\n\treturn false\n}", "if data.Ticker == nil {\n\treturn false\n}\nreturn true"},
		{"a match", "for _, k := range data.Klines[\"5m\"] {\n\tif k.Close > 3 {\n\t\treturn true\n\t}\n}",
			"for _, k := range data.Klines[\"5m\"] {\n\tif k.Close > 3 {\n\t\treturn true\n\t}\n}\nreturn false"},
		{"a condition", "x := len(data.Klines)\nx > 3 && data.Ticker != nil", "x := len(data.Klines)\nreturn x > 3 && data.Ticker != nil"},
	})
}

func TestHabitsThatAreNotCertain(t *testing.T) {
	check(t, []mending{
		{"no answer at all", "x := 3\n_ = x", ""},
		{"two braces too few", "if data.Ticker != nil {\n\tfor range data.Klines {\n\t\treturn true", ""},
		{"a brace too many, somewhere", "if data.Ticker == nil {\n\treturn false\n}\n}\nreturn true", ""},
		{"list in a language that is not known", "for x in somewhere {\n\tx()\n}\nreturn true", ""},
		{"number that the loop changes", "n := 3\nfor i := range n {\n\tn--\n\t_ = i\n}\nreturn true", ""},
		{"values of two types", "x := data.Ticker == nil ? 1 : \"a\"\nreturn x == x", ""},
		{"print that does something", "n := 0\nadd := func() int {\n\tn++\n\treturn n\n}\nfmt.Println(add())\nreturn n > 0", ""},
		{"variable that is kept", "var count = 0\n\nfunc evaluate(data *types.MarketData) bool {\n\tcount++\n\treturn count > 3\n}", ""},
		{"undeclared in two branches", "if data.Ticker == nil {\n\tx = 1\n} else {\n\tx = 2\n}\nreturn x > 1", ""},
		{"chain around a call", "f := func() int { return 3 }\nreturn 2 < f() < 5", ""},
		{"bit operators between numbers", "return data.Ticker.LastPrice > 3&data.Ticker.QuoteVolume > 10", ""},
		{"assignment in a condition", "x := 3\nif x = len(data.Klines) {\n\treturn true\n}\nreturn false", ""},
		{"prose with words of Python", "The filter matches when price and volume rise, and not when they fall.", ""},
		{"a brace that was opened nowhere", "if data.Ticker == nil\n\treturn false\n}", ""},
		{"a letter of a text", "return data.Symbol[0] == B", ""},
		{"prose", "The filter returns true when it's up.", ""},
		{"arrow function", "const up = (a, b) => a > b\nreturn up(1, 2)", ""},
	})
}
