package validate

import (
	"fmt"
	"regexp"
)

// on is a rule about a message.
func on(message string, advice func([]string) string) rule {
	return rule{message: regexp.MustCompile(message), advice: advice}
}

// at is a rule about a message on a line of some form.
func at(message, source string, advice func([]string) string) rule {
	return rule{regexp.MustCompile(message), regexp.MustCompile(source), advice}
}

// say is advice that may name the pattern's groups with %[1]s and so on; the
// whole match is not among them.
func say(format string) func([]string) string {
	return func(match []string) string {
		groups := make([]any, len(match)-1)
		for i := range groups {
			groups[i] = match[i+1]
		}
		return fmt.Sprintf(format, groups...)
	}
}

var rules = append(habits, append(grammar, misuse...)...)

// habits are words of other languages.
var habits = []rule{
	on(`illegal character U\+003F '\?'`, say("Go has no ternary operator: use if and else")),
	at(`.`, `[^=!]==='|[^=!<>]===|!==`, say("Go compares with == and !=")),
	at(`^expected`, `=>`, say("Go has no arrow functions: write func(x float64) bool { return ... }")),
	at(`^expected`, `^\s*let\s`, say("Go has no let: declare with name := value")),
	at(`^expected`, `^\s*while\b`, say("Go has no while: write for condition { ... }")),
	at(`^(expected|rune literal|illegal rune|more than one character)`, `'[^']{2,}'`, say("strings stand in double quotes")),
	on(`is not constant`, say("const is for constants: declare with name := value")),
	on(`^undefined: (null|None|undefined)$`, say("Go's word is nil")),
	on(`^undefined: (True|False)$`, say("Go's words are true and false")),
	on(`\.length undefined`, say("use len(...)")),
	on(`^undefined: (Math|math)$`, say("there is no math package and nothing can be imported: write it in plain Go, e.g. if x < 0 { x = -x }")),
	on(`^undefined: (fmt|sort|strings|time|errors|log|strconv|console|slices|sync)$`, say("there is no %[1]s and nothing can be imported: a filter has types and indicators, and returns its answer")),
}

// grammar is what goes wrong in any Go.
var grammar = []rule{
	at(`^expected '\(', found`, `^\s*func\s`, say("a function inside the body is a value: name := func(...) ... { ... }")),
	on(`found 'else'|unexpected else`, say("else stands on the line of the brace before it: } else {")),
	on(`found 'EOF'`, say("a { above is not closed")),
	on(`^expected declaration, found`, say("there is one } too many above: the body ends before this")),
	on(`^missing return$`, say("end the body with return true or return false")),
	on(`^declared and not used: (\w+)`, say("use %[1]s or remove it")),
	on(`^no new variables on left side of :=`, say("assign with = instead of :=")),
	on(`^not enough return values`, say("return true or return false")),
	on(`^(?:built-in )?(min|max|clear) requires`, say("the interpreter has no %[1]s: write it with if")),
	on(`^cannot range over .* requires go1\.22`, say("write for i := 0; i < n; i++ { ... }")),
}

// misuse is about the contract's own types and helpers.
var misuse = []rule{
	on(`^undefined: indicators\.(\w+)`, missingHelper),
	on(`^(?:not enough|too many) arguments in call to indicators\.(\w+)`, helperUse),
	on(`^assignment mismatch: .* but indicators\.(\w+) returns`, helperUse),
	on(`variable of type map\[string\]\[\]types\.Kline\) as \[\]types\.Kline value`, say(`choose an interval, e.g. klines := data.Klines["5m"], and check len(klines)`)),
	on(`as (?:\[\]types\.Kline|int|float64) value in argument to indicators\.(\w+)`, helperUse),

	on(`^invalid operation: (\w+) [-+*/<>=!]+ .* \(mismatched types \*float64 and`, say("%[1]s is a *float64: check it for nil, then compare *%[1]s")),
	on(`^invalid operation: .* [-+*/<>=!]+ (\w+) \(mismatched types .* and \*float64\)`, say("%[1]s is a *float64: check it for nil, then compare *%[1]s")),
	on(`^cannot use (\w+) \(variable of type \*float64\) as float64`, say("%[1]s is a *float64: check it for nil, then use *%[1]s")),
	on(`mismatched types \*float64 and|and \*float64\)|\*float64\) as float64|not defined on pointer`, say("it is a *float64: keep it in a variable x, check x for nil, then compare *x")),

	on(`^invalid operation: (.+) [=!]= nil \(mismatched types float64 and untyped nil\)`, say("%[1]s is a plain float64, never nil: remove the nil check")),
	on(`cannot indirect (.+) \((?:variable|value) of type float64\)`, say("%[1]s is a plain float64: use it without *")),
	on(`cannot index (.+) \((?:variable|value) of type float64\)`, say("%[1]s is one number, not a series: use it without an index")),
	on(`(?:cannot index|cannot range over) (\S+) \((?:variable|value) of type \*indicators\.(\w+)\)`, resultUse),
	on(`^invalid operation: (\w+) .*mismatched types \*indicators\.(\w+) and`, resultUse),
	on(`mismatched types (?:.* and )?\[\]float64`, say("it is a series: check its length, then compare its last element, series[len(series)-1]")),
	on(`undefined \(type \*?(types|indicators)\.(\w+) has no field or method \w+\)$`, fieldsOf),
}
