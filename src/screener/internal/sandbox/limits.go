package sandbox

import (
	"fmt"
	"runtime/debug"
	"syscall"
)

// What a worker may use. The memory limit is on data, not on address space,
// of which a Go program reserves far more than it uses.
const (
	MemoryLimit = 300 << 20
	softMemory  = 200 << 20 // from here on the collector works hard
	stackLimit  = 32 << 20
)

// confine limits the calling process, for good.
func confine() error {
	debug.SetMaxStack(stackLimit)
	debug.SetMemoryLimit(softMemory)
	debug.SetTraceback("none")
	limits := []struct {
		name     string
		resource int
		value    uint64
	}{
		{"data", syscall.RLIMIT_DATA, MemoryLimit},
		{"core", syscall.RLIMIT_CORE, 0},
		{"file size", syscall.RLIMIT_FSIZE, 0},
	}
	for _, limit := range limits {
		if err := syscall.Setrlimit(limit.resource, &syscall.Rlimit{Cur: limit.value, Max: limit.value}); err != nil {
			return fmt.Errorf("limit %s to %d: %w", limit.name, limit.value, err)
		}
	}
	return nil
}
