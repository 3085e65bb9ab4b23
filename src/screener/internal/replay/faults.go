package replay

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
)

// maxMessage keeps a filter's own panic text short.
const maxMessage = 1000

// faultMessage is the text of a recovered panic; yaegi wraps a filter's own values.
func faultMessage(fault any) string {
	if value, ok := fault.(reflect.Value); ok && value.IsValid() && value.CanInterface() {
		fault = value.Interface()
	}
	message := strings.ToValidUTF8(fmt.Sprint(fault), "?")
	if len(message) > maxMessage {
		message = message[:maxMessage] + "..."
	}
	return message
}

// native are the interpreter's words for what Go words otherwise.
var native = []struct {
	interpreted *regexp.Regexp
	goMessage   string
}{
	{regexp.MustCompile(`^reflect: (slice|array|string) index out of range`), "index out of range"},
	{regexp.MustCompile(`^reflect\.Value\.Slice3?: .*out of bounds`), "slice bounds out of range"},
	{regexp.MustCompile(`on zero Value$|^reflect\.Value\.Call: call of nil function`), "invalid memory address or nil pointer dereference"},
	{regexp.MustCompile(`^reflect\.MakeSlice: negative`), "makeslice: len out of range"},
	{regexp.MustCompile(`assignment to entry in nil map`), "assignment to entry in nil map"},
}

func nativeError(message string) string {
	for _, n := range native {
		if n.interpreted.MatchString(message) {
			return n.goMessage
		}
	}
	if own, found := strings.CutPrefix(message, "runtime error: "); found {
		return own
	}
	return ""
}
