// Package screener carries the sources of the packages a filter may use, so
// that the contract shown to authors is the code itself.
package screener

import "embed"

// Module is the import path that the contract's packages share.
const Module = "filtermend/screener"

// Sources are the files of the types and indicators packages.
//
//go:embed types/*.go indicators/*.go
var Sources embed.FS
