package validate

import (
	"regexp"
	"strconv"
	"strings"
)

// on is a rule about a message.
func on(message string, advice advice) rule {
	return rule{message: regexp.MustCompile(message), advice: advice}
}

// at is a rule about a message on a line of some form.
func at(message, source string, advice advice) rule {
	return rule{regexp.MustCompile(message), regexp.MustCompile(source), advice}
}

// say is fixed advice in which $1, $2 stand for the message's groups.
func say(text string) advice {
	return func(match []string) string {
		said := text
		for i, group := range match {
			said = strings.ReplaceAll(said, "$"+strconv.Itoa(i), group)
		}
		return said
	}
}

// habits are words of other languages. They are certain even in a message
// that an earlier mistake may have caused.
var habits = []rule{
	on(`illegal character U\+003F '\?'`, say("Go has no ternary operator: use if and else")),
	at(`^expected`, `===|!==`, say("Go compares with == and !=")),
	at(`^expected`, `=>`, say("Go has no arrow functions: write func(x float64) bool { return ... }")),
	at(`^expected`, `^\s*let\s`, say("Go has no let: declare with name := value")),
	at(`^expected`, `^\s*while\b`, say("Go has no while: write for condition { ... }")),
	at(`^expected`, `^\s*for\b.*\b(in|of)\b`, say("write for i, x := range list { ... }")),
	on(`rune literal|more than one character`, say("strings stand in double quotes")),
	on(`is not constant`, say("const is for constants: declare with name := value")),
	on(`^undefined: (null|None|undefined)$`, say("Go's word is nil, not $1")),
	on(`^undefined: (True|False)$`, say("Go's words are true and false")),
	on(`^(.+)\.length undefined`, say("use len($1)")),
	on(`^undefined: [Mm]ath$`, say("there is no math package and nothing can be imported: write it in plain Go, e.g. if x < 0 { x = -x }")),
	on(`^undefined: (bytes|console|errors|fmt|log|maps|os|rand|slices|sort|strconv|strings|sync|ta|talib|time)$`,
		say("there is no $1 and nothing can be imported: a filter has the packages types and indicators")),
}

// grammar is what goes wrong in any Go.
var grammar = []rule{
	at(`^expected '\(', found`, `^\s*func\s`, say("a function inside the body is a value: name := func(...) ... { ... }")),
	on(`found 'else'|unexpected else`, say("else stands on the line of the brace before it: } else {")),
	on(`found 'EOF'`, say("a { above is not closed")),
	on(`^expected declaration, found`, say("there is one } too many above: the body ends before this")),
	on(`^missing return$`, say("end the body with return true or return false")),
	on(`^declared and not used: (\w+)`, say("use $1 or remove it")),
	on(`^no new variables on left side of :=`, say("assign with = instead of :=")),
	on(`^not enough return values`, say("return true or return false")),
	on(`^(?:built-in )?(min|max|clear) requires`, say("the interpreter has no $1: write it with if")),
	on(`^cannot range over .* requires go1\.22`, say("write for i := 0; i < n; i++ { ... }")),
	on(`operator ! not defined on (\w+) \(variable of type \*`, say("write $1 == nil")),
}

// number matches what go/types says of an operand that is one number.
const number = `\((?:variable|value) of type float64\)`

// misuse is about the contract's own types and helpers.
var misuse = []rule{
	on(`^undefined: indicators\.(\w+)`, missingHelper),
	on(`^not enough arguments in call to indicators\.(\w+)`, helperSettings),
	on(`^too many arguments in call to indicators\.(\w+)`, helperUse),
	on(`^assignment mismatch: .* but indicators\.(\w+) returns`, helperUse),
	on(`variable of type map\[string\]\[\]types\.Kline\) as \[\]types\.Kline value`,
		say(`choose an interval, e.g. klines := data.Klines["5m"], and check len(klines)`)),
	on(`as (?:\[\]types\.Kline|int|float64) value in argument to indicators\.(\w+)`, helperUse),

	on(`^invalid operation: (\w+) [-+*/<>=!]+ (\w+) \(operator .* not defined on pointer\)`,
		say("$1 and $2 are *float64: check both for nil, then compare *$1 and *$2")),
	on(`^invalid operation: (\w+) [-+*/<>=!]+ .* \(mismatched types \*float64 and`, pointer),
	on(`^invalid operation: .* [-+*/<>=!]+ (\w+) \(mismatched types .* and \*float64\)`, pointer),
	on(`^cannot use (\w+) \(variable of type \*float64\) as float64`, pointer),
	on(`mismatched types \*float64 and|and \*float64\)|\*float64\) as float64|not defined on pointer`,
		say("it is a *float64: keep it in a variable x, check x for nil, then compare *x")),

	on(`^invalid operation: (.+) [=!]= nil \(mismatched types float64 and untyped nil\)`,
		say("$1 is a plain float64, never nil: remove the nil check")),
	on(`cannot indirect (.+) `+number, say("$1 is a plain float64: use it without *")),
	on(`cannot index (.+) `+number, say("$1 is one number, not a series: use it without an index")),
	on(`^invalid argument: (.+) `+number+` for built-in len`, say("$1 is one number, not a series: use it as it is")),
	on(`(?:cannot index|cannot range over|invalid argument:) (\S+) \((?:variable|value) of type \*indicators\.(\w+)\)`, resultUse),
	on(`^invalid operation: (\w+) .*mismatched types \*indicators\.(\w+) and`, resultUse),
	on(`mismatched types (?:.* and )?\[\]float64`,
		say("it is a series: check its length, then compare its last element, series[len(series)-1]")),
	on(`^(.+)\.\w+ undefined \(type \[\]types\.Kline has no field or method (\w+)`,
		say("$1 is a list of candles: check its length, then use one of them, e.g. k := $1; k[len(k)-1].$2")),
	on(`undefined \(type \*?(types|indicators)\.(\w+) has no field or method (\w+)\)$`, fieldsOf),
	at(`untyped bool\)|^non-boolean condition`, `DetectEngulfingPattern`,
		say(`DetectEngulfingPattern returns a string: compare it with "bullish" or "bearish"`)),
}

var pointer = say("$1 is a *float64: check it for nil, then compare *$1")
