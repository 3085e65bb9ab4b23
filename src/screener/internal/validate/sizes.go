package validate

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"filtermend/screener/internal/candidate"
)

// The compiler's own limits, which the type checker does not know.
const (
	largestType        = 1 << 50
	largestChanElement = 1 << 16
)

// sizeErrors finds types that the compiler would not lay out. The sizes of a
// type's parts are looked at first: what is too large may overflow its whole.
func sizeErrors(c candidate.Candidate, fset *token.FileSet, file *ast.File, info *types.Info, sizes types.Sizes) []candidate.Diagnostic {
	var found []candidate.Diagnostic
	refuse := func(node ast.Node, format string, arguments ...any) {
		found = append(found, c.Diagnose(fset.PositionFor(node.Pos(), false), fmt.Sprintf(format, arguments...)))
	}
	ast.Inspect(file, func(node ast.Node) bool {
		expr, ok := node.(ast.Expr)
		if !ok {
			return true
		}
		switch written := info.TypeOf(expr).(type) {
		case *types.Array:
			if size := sizes.Sizeof(written); size < 0 || size >= largestType {
				refuse(node, "type %s larger than address space", written)
				return false
			}
		case *types.Chan:
			if size := sizes.Sizeof(written.Elem()); size < 0 || size >= largestChanElement {
				refuse(node, "channel element type too large (>64kB)")
				return false
			}
		}
		return true
	})
	return found
}
