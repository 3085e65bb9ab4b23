package exportdata_test

import (
	"go/token"
	"go/types"
	"strings"
	"testing"

	"filtermend/screener"
	"filtermend/screener/internal/exportdata"
)

func TestTheContractCanBeImported(t *testing.T) {
	if err := exportdata.Check(); err != nil {
		t.Fatal(err)
	}
	importer := exportdata.NewImporter(token.NewFileSet())
	pkg, err := importer.Import(screener.Module + "/types")
	if err != nil {
		t.Fatal(err)
	}
	data := pkg.Scope().Lookup("MarketData").Type().Underlying().(*types.Struct)
	stamp := data.Field(3).Type()
	if method, _, _ := types.LookupFieldOrMethod(stamp, true, pkg, "Hour"); stamp.String() != "time.Time" || method == nil {
		t.Errorf("the timestamp is a %s, its Hour %v", stamp, method)
	}
}

func TestOtherPackagesCannotBeImported(t *testing.T) {
	_, err := exportdata.NewImporter(token.NewFileSet()).Import("os")
	if err == nil || !strings.Contains(err.Error(), "no export data") {
		t.Errorf("error %v", err)
	}
}
