package validate

import (
	"fmt"
	"go/token"
	"go/types"
	"path"
	"strings"
	"sync"

	"filtermend/screener"
	"filtermend/screener/internal/exportdata"
)

// library is the contract's packages as the type checker sees them.
var library = sync.OnceValue(func() map[string]*types.Package {
	importer := exportdata.NewImporter(token.NewFileSet())
	packages := map[string]*types.Package{}
	for _, name := range []string{"types", "indicators"} {
		if imported, err := importer.Import(screener.Module + "/" + name); err == nil {
			packages[name] = imported
		}
	}
	return packages
})

// Helpers are the functions of the indicators package by name.
func Helpers() map[string]*types.Signature {
	found := map[string]*types.Signature{}
	if indicators := library()["indicators"]; indicators != nil {
		for _, name := range indicators.Scope().Names() {
			if function, ok := indicators.Scope().Lookup(name).(*types.Func); ok && function.Exported() {
				found[name] = function.Signature()
			}
		}
	}
	return found
}

// helperUse is a helper's signature and what to do with its result.
func helperUse(match []string) string {
	signature := Helpers()[match[1]]
	if signature == nil {
		return ""
	}
	written := strings.TrimPrefix(types.TypeString(signature, byName), "func")
	result := signature.Results().At(0).Type()
	return fmt.Sprintf("use %s%s: %s", match[1], written, resultAdvice(result))
}

// resultUse is how to read a result that was used as if it were a number or a series.
func resultUse(match []string) string {
	named := lookup("indicators", match[2])
	if named == nil {
		return ""
	}
	return fmt.Sprintf("%s is a *indicators.%s: %s", match[1], match[2],
		strings.ReplaceAll(resultAdvice(types.NewPointer(named)), "result", match[1]))
}

// fieldsOf lists what a type of the contract does have.
func fieldsOf(match []string) string {
	named := lookup(match[1], match[2])
	if named == nil {
		return ""
	}
	names := fieldNames(named)
	list := fmt.Sprintf("%s.%s has %s", match[1], match[2], strings.Join(names, ", "))
	if near := sameBeginning(match[3], names); near != "" {
		return fmt.Sprintf("use %s: %s", near, list)
	}
	return list
}

// UsualSettings are the numbers that everybody takes when a strategy names none,
// by what a helper's name ends with.
var UsualSettings = map[string]string{
	"MACD": "12, 26, 9", "RSI": "14", "BollingerBands": "20, 2.0", "Stochastic": "14, 3",
}

// helperSettings is a helper's use, and its usual numbers where there are any.
func helperSettings(match []string) string {
	use := helperUse(match)
	for about, numbers := range UsualSettings {
		if use != "" && strings.HasSuffix(match[1], about) {
			use += "; when the strategy names no numbers, the usual ones are " + numbers
		}
	}
	return use
}

// resultAdvice is how to use a value of a helper's result type.
func resultAdvice(result types.Type) string {
	pointer, isPointer := result.(*types.Pointer)
	if !isPointer {
		switch result.String() {
		case "float64":
			return "it is a plain number, never nil"
		case "[]float64":
			return "check its length, then use series[len(series)-1]"
		}
		return `compare it with "bullish" or "bearish"`
	}
	structure, isStruct := pointer.Elem().Underlying().(*types.Struct)
	if !isStruct {
		return "check it for nil, then compare *value"
	}
	field := structure.Field(0)
	if _, isSeries := field.Type().(*types.Slice); isSeries {
		return fmt.Sprintf("check it for nil, then use result.%s[len(result.%[1]s)-1]; its series are %s",
			field.Name(), strings.Join(fieldNames(pointer.Elem()), ", "))
	}
	return fmt.Sprintf("check it for nil, then compare result.%s; its numbers are %s",
		field.Name(), strings.Join(fieldNames(pointer.Elem()), ", "))
}

// libraryImporter hands out the library: reading it anew for each filter would
// take as long as checking the filter.
type libraryImporter struct{}

func (libraryImporter) Import(importPath string) (*types.Package, error) {
	if imported := library()[path.Base(importPath)]; imported != nil && imported.Path() == importPath {
		return imported, nil
	}
	return nil, fmt.Errorf("there is no package %q", importPath)
}

func lookup(pkg, name string) types.Type {
	if imported := library()[pkg]; imported != nil {
		if object := imported.Scope().Lookup(name); object != nil {
			return object.Type()
		}
	}
	return nil
}

func fieldNames(t types.Type) []string {
	structure, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var names []string
	for field := range structure.Fields() {
		names = append(names, field.Name())
	}
	return names
}

func byName(p *types.Package) string { return p.Name() }
