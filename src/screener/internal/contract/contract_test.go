package contract_test

import (
	"flag"
	"go/token"
	"os"
	"strings"
	"testing"

	"filtermend/screener"
	"filtermend/screener/internal/contract"
	"filtermend/screener/internal/exportdata"
)

var update = flag.Bool("update", false, "write the contract to testdata, after a change that is meant")

const golden = "testdata/contract.txt"

func text(t *testing.T) string {
	t.Helper()
	text, err := contract.Text()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestTheContractDoesNotDrift(t *testing.T) {
	got := text(t)
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the contract is not %s any more; if it should change: go test ./internal/contract -update\n%s", golden, got)
	}
}

func TestTheContractNamesAllThatIsExported(t *testing.T) {
	importer := exportdata.NewImporter(token.NewFileSet())
	for _, name := range []string{"types", "indicators"} {
		pkg, err := importer.Import(screener.Module + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, exported := range pkg.Scope().Names() {
			if token.IsExported(exported) && !strings.Contains(text(t), " "+exported) {
				t.Errorf("%s.%s is not in the contract", name, exported)
			}
		}
	}
}

func TestTheContractFitsIntoAPrompt(t *testing.T) {
	const mostTokens, charactersPerToken = 1000, 3.4
	if length := len(text(t)); float64(length) > mostTokens*charactersPerToken {
		t.Errorf("%d characters are about %.0f tokens, more than %d", length, float64(length)/charactersPerToken, mostTokens)
	}
}

func TestTheContractIsTheSameEveryTime(t *testing.T) {
	if text(t) != text(t) {
		t.Error("two texts differ")
	}
}
