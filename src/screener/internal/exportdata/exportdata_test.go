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

// With the folder it was built in, each build would be another one, and each deployment a change.
func TestTheDataDoesNotSayWhereItWasMade(t *testing.T) {
	set := token.NewFileSet()
	pkg, err := exportdata.NewImporter(set).Import(screener.Module + "/types")
	if err != nil {
		t.Fatal(err)
	}
	if file := set.Position(pkg.Scope().Lookup("MarketData").Pos()).Filename; !strings.HasPrefix(file, screener.Module+"/") {
		t.Errorf("declared in %s", file)
	}
}

func TestOtherPackagesCannotBeImported(t *testing.T) {
	_, err := exportdata.NewImporter(token.NewFileSet()).Import("os")
	if err == nil || !strings.Contains(err.Error(), "no export data") {
		t.Errorf("error %v", err)
	}
}
