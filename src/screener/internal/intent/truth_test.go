package intent_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"filtermend/screener/internal/intent"
)

// lengthCheck is a check of lengths or pointers as filters have them.
var lengthCheck = regexp.MustCompile(`(?m)^\s*if [^\n]*(len\(|nil|!ok)[^\n]*\{\n\s*return false\n\s*\}\n`)

func TestWorkingFiltersKeepTheirOwnIntent(t *testing.T) {
	filters, err := os.ReadFile("../validate/testdata/truth/valid.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, filter := range strings.Split(string(filters), "\n=== ") {
		name, code, _ := strings.Cut(filter, "\n")
		if name == "map of counts" {
			continue // it matches whatever the data are, which code that does not parse does not tell
		}
		bare := lengthCheck.ReplaceAllString(code+"\n", "")
		crushed := strings.NewReplacer(" *", " ", "GetLatest", "Get", "Calculate", "Compute", "\"", "'").Replace(bare)
		for kind, failed := range map[string]string{"itself": code, "without checks": bare, "misspelt": crushed} {
			if findings := intent.Compare(failed, code); len(findings) > 0 {
				t.Errorf("%s, %s: %+v", name, kind, findings)
			}
		}
	}
}
