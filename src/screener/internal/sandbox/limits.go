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
	lazyGC      = 300       // percent: a worker's heap is small, and collecting it often takes longer than a check
	stackLimit  = 32 << 20
	threadLimit = 64
	fileLimit   = 16
)

// Confine limits the calling process, for good. The kernel's limit on
// processes is not used: it counts all that its user runs, on the whole
// machine. Instead the runtime counts threads, and only threads can be made.
//
// isolation is nil when system calls are restricted too; platforms differ in
// what they permit, and the other limits hold without it.
func Confine() (isolation, err error) {
	debug.SetMaxStack(stackLimit)
	debug.SetMaxThreads(threadLimit)
	debug.SetGCPercent(lazyGC)
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
		{"open files", syscall.RLIMIT_NOFILE, fileLimit},
	}
	for _, limit := range limits {
		if err := syscall.Setrlimit(limit.resource, &syscall.Rlimit{Cur: limit.value, Max: limit.value}); err != nil {
			return nil, fmt.Errorf("limit %s to %d: %w", limit.name, limit.value, err)
		}
	}
	return confineSyscalls(), nil
}
