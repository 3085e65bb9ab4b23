package mend

import "go/ast"

// Functions of one float64 that filters miss. Each gives, bit for bit, what the
// math package gives: 1<<52 and more have no fraction, and a square root is
// found digit by digit, like the package's own.
const (
	floorText = "func(x float64) float64 {\n\tif x != x || x >= 1<<52 || x <= -1<<52 {\n\t\treturn x\n\t}\n" +
		"\twhole := float64(int64(x))\n\tif whole > x {\n\t\treturn whole - 1\n\t}\n\treturn whole\n}\n"
	ceilText = "func(x float64) float64 {\n\tif x != x || x >= 1<<52 || x <= -1<<52 {\n\t\treturn x\n\t}\n" +
		"\twhole := float64(int64(x))\n\tif whole < x {\n\t\treturn whole + 1\n\t}\n\treturn whole\n}\n"
	truncText = "func(x float64) float64 {\n\tif x != x || x >= 1<<52 || x <= -1<<52 {\n\t\treturn x\n\t}\n" +
		"\treturn float64(int64(x))\n}\n"
	roundText = "func(x float64) float64 {\n\tif x != x || x >= 1<<52 || x <= -1<<52 {\n\t\treturn x\n\t}\n" +
		"\twhole := float64(int64(x))\n\tif x-whole >= 0.5 {\n\t\treturn whole + 1\n\t}\n" +
		"\tif x-whole <= -0.5 {\n\t\treturn whole - 1\n\t}\n\treturn whole\n}\n"
	sqrtText = "func(x float64) float64 {\n\tif !(x > 0) || x > 1.7976931348623157e308 {\n" +
		"\t\tif x < 0 {\n\t\t\treturn (x - x) / (x - x)\n\t\t}\n\t\treturn x\n\t}\n\tscale := 1.0\n" +
		"\tfor ; x >= 4; x /= 4 {\n\t\tscale *= 2\n\t}\n\tfor ; x < 1; x *= 4 {\n\t\tscale /= 2\n\t}\n" +
		"\trest, root, sum := uint64(x*(1<<52))*2, uint64(0), uint64(0)\n" +
		"\tfor bit := uint64(1 << 53); bit > 0; bit /= 2 {\n\t\tif sum+bit <= rest {\n" +
		"\t\t\trest -= sum + bit\n\t\t\tsum += 2 * bit\n\t\t\troot += bit\n\t\t}\n\t\trest *= 2\n\t}\n" +
		"\tif rest > 0 {\n\t\troot += root % 2\n\t}\n\treturn float64(root/2) / (1 << 52) * scale\n}\n"
	squareText = "func(x float64) float64 { return x * x }\n"
	cubeText   = "func(x float64) float64 { return x * x * x }\n"
)

// ofFractions are the functions of one float64 by what they are called in the
// math package. Round is Go's alone: others round halves elsewhere.
var ofFractions = map[string]string{
	"Floor": "floor", "floor": "floor", "Ceil": "ceil", "ceil": "ceil", "Trunc": "trunc", "trunc": "trunc",
	"Round": "round", "Sqrt": "sqrt", "sqrt": "sqrt",
}

// powers are the exponents for which a power is exact when it is multiplied out.
var powers = map[string]string{"2": "square", "2.0": "square", "3": "cube", "3.0": "cube", "0.5": "sqrt"}

// fractionFunction is which of them a call of the math package means, or "".
func (s *source) fractionFunction(call *ast.CallExpr) string {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || call.Ellipsis.IsValid() {
		return ""
	}
	switch name := s.mathName(selector); {
	case len(call.Args) == 1:
		return ofFractions[name]
	case len(call.Args) == 2 && (name == "Pow" || name == "pow"):
		return powers[s.code(call.Args[1])]
	}
	return ""
}
