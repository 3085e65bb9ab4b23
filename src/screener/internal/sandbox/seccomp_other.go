//go:build !linux

package sandbox

import (
	"fmt"
	"runtime"
)

func confineSyscalls() error {
	return fmt.Errorf("system calls cannot be restricted on %s", runtime.GOOS)
}
