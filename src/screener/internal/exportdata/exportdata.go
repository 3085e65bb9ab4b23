// Package exportdata lets go/types know the contract's packages without a Go
// toolchain at run time: their compiled declarations are part of the binary.
package exportdata

import (
	"bytes"
	"embed"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"path"
)

// data always holds a README; the export files beside it are generated.
//
//go:generate go run ./gen -out data
//go:embed data
var data embed.FS

// Check tells whether the export data was generated before building. Without
// it every filter would look wrong.
func Check() error {
	for _, name := range []string{"types", "indicators"} {
		if _, err := open(name); err != nil {
			return err
		}
	}
	return nil
}

// NewImporter imports the contract's packages, and nothing else.
func NewImporter(fset *token.FileSet) types.Importer {
	return importer.ForCompiler(fset, "gc", open)
}

// open finds the export data of an import path by its last element.
func open(importPath string) (io.ReadCloser, error) {
	content, err := data.ReadFile("data/" + path.Base(importPath) + ".export")
	if err != nil {
		return nil, fmt.Errorf("no export data for %q, build with make: %w", importPath, err)
	}
	return io.NopCloser(bytes.NewReader(content)), nil
}
