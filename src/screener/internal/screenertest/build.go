// Package screenertest builds the screener for tests that need real workers.
// A test binary cannot be one: the race detector takes more memory than a
// worker may have.
package screenertest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Run builds the screener, hands its path over, and runs the tests.
func Run(m *testing.M, built func(executable string)) int {
	folder, err := os.MkdirTemp("", "screener")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	executable := filepath.Join(folder, "screener")
	build := exec.Command("go", "build", "-o", executable, "filtermend/screener/cmd/screener")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build the screener:", err)
		return 1
	}
	built(executable)
	return m.Run()
}
