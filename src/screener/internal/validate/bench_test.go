package validate_test

import (
	"os"
	"testing"

	"filtermend/screener/internal/validate"
)

func BenchmarkCheck(b *testing.B) {
	code, err := os.ReadFile("../../../../tests/performance/screener/testdata/filter.txt")
	if err != nil {
		b.Skip(err)
	}
	for b.Loop() {
		if report := validate.Check(string(code)); !report.Valid {
			b.Fatal(report)
		}
	}
}
