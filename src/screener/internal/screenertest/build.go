// Package screenertest builds the screener for tests that need real workers.
// A test binary cannot be one: the race detector takes more memory than a
// worker may have.
package screenertest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// folder holds what is built while Run runs the tests.
var folder string

// Run builds the screener, hands its path over, and runs the tests.
func Run(m *testing.M, built func(executable string)) int {
	var err error
	if folder, err = os.MkdirTemp("", "screener"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	executable := filepath.Join(folder, "screener")
	if err := build(executable, "filtermend/screener/cmd/screener"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	built(executable)
	return m.Run()
}

// Confined is a program, built once, that tries what a worker must not do.
var Confined = sync.OnceValues(func() (executable string, err error) {
	executable = filepath.Join(folder, "confined")
	return executable, build(executable, "filtermend/screener/internal/screenertest/confined")
})

func build(executable, pkg string) error {
	command := exec.Command("go", "build", "-o", executable, pkg)
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", pkg, err, output)
	}
	return nil
}
