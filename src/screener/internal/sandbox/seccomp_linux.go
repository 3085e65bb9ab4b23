package sandbox

import (
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What the filter answers to a system call.
const (
	allow  = unix.SECCOMP_RET_ALLOW
	kill   = unix.SECCOMP_RET_KILL_PROCESS
	deny   = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	absent = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
)

// Offsets in what the kernel shows to the filter (struct seccomp_data, little endian).
const (
	numberOffset       = 0
	architectureOffset = 4
	argumentOffset     = 16
)

// confineSyscalls leaves the process what the Go runtime needs to compute, to
// read its input and to write its answer, in all its threads and for good.
// What a filter that broke out would want ends the process; what is left is
// refused, because libraries ask for things that they can do without.
func confineSyscalls() error {
	architecture, known := architectures[runtime.GOARCH]
	if !known {
		return fmt.Errorf("seccomp: no filter for %s", runtime.GOARCH)
	}
	runtime.LockOSThread() // both calls are about the calling thread, before the second spreads it
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no new privileges: %w", err)
	}
	filter := syscallFilter(architecture)
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	thread, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER,
		unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&program)))
	runtime.KeepAlive(filter)
	if errno != 0 {
		return fmt.Errorf("seccomp: %w", errno)
	}
	if thread != 0 {
		return fmt.Errorf("seccomp: thread %d cannot be confined", thread)
	}
	return nil
}

var architectures = map[string]uint32{
	"amd64": unix.AUDIT_ARCH_X86_64,
	"arm64": unix.AUDIT_ARCH_AARCH64,
}

// syscallFilter is the filter as a program for the kernel.
func syscallFilter(architecture uint32) []unix.SockFilter {
	const writing = unix.O_WRONLY | unix.O_RDWR | unix.O_CREAT | unix.O_TRUNC | unix.O_APPEND
	var p program
	p.load(architectureOffset)
	p.unless(architecture, kill)
	p.load(numberOffset)
	if architecture == unix.AUDIT_ARCH_X86_64 {
		p.from(x32, kill)
	}
	p.onAny(runtimeCalls, allow)
	p.onArgument(unix.SYS_MMAP, 2, unix.PROT_EXEC, kill, allow)
	p.onArgument(unix.SYS_MPROTECT, 2, unix.PROT_EXEC, kill, allow)
	p.onArgument(unix.SYS_CLONE, 0, unix.CLONE_THREAD, allow, kill)
	p.onAny([]uint32{unix.SYS_CLONE3}, absent) // its flags cannot be seen; callers fall back to clone
	p.onArgument(unix.SYS_OPENAT, 2, writing, kill, deny)
	p.onAny(forbiddenCalls, kill)
	p.onAny(forbiddenHere, kill)
	p.answer(deny)
	return p
}

// x32 is where another numbering of the same calls begins on amd64.
const x32 = 0x40000000

// runtimeCalls are what the Go runtime, pipes and timers live on.
var runtimeCalls = []uint32{
	unix.SYS_FUTEX, unix.SYS_READ, unix.SYS_WRITE, unix.SYS_MADVISE, unix.SYS_NANOSLEEP, unix.SYS_SCHED_YIELD,
	unix.SYS_EPOLL_PWAIT, unix.SYS_TGKILL, unix.SYS_GETPID, unix.SYS_GETTID, unix.SYS_RT_SIGRETURN,
	unix.SYS_RT_SIGPROCMASK, unix.SYS_RT_SIGACTION, unix.SYS_SIGALTSTACK, unix.SYS_MUNMAP, unix.SYS_MINCORE,
	unix.SYS_CLOCK_GETTIME, unix.SYS_CLOCK_NANOSLEEP, unix.SYS_EXIT, unix.SYS_EXIT_GROUP, unix.SYS_RESTART_SYSCALL,
	unix.SYS_SET_ROBUST_LIST, unix.SYS_RSEQ, unix.SYS_SCHED_GETAFFINITY, unix.SYS_GETRANDOM, unix.SYS_PREAD64,
	unix.SYS_EPOLL_CREATE1, unix.SYS_EPOLL_CTL, unix.SYS_EVENTFD2, unix.SYS_FCNTL, unix.SYS_CLOSE,
}

// forbiddenCalls are the ways to another program, to the network, to files and
// to other processes.
var forbiddenCalls = []uint32{
	unix.SYS_EXECVE, unix.SYS_EXECVEAT, unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV,
	unix.SYS_PIDFD_OPEN, unix.SYS_PIDFD_GETFD, unix.SYS_KILL, unix.SYS_TKILL,
	unix.SYS_SOCKET, unix.SYS_SOCKETPAIR, unix.SYS_CONNECT, unix.SYS_BIND, unix.SYS_LISTEN, unix.SYS_ACCEPT, unix.SYS_ACCEPT4,
	unix.SYS_OPENAT2, unix.SYS_UNLINKAT, unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2, unix.SYS_MKDIRAT, unix.SYS_MKNODAT,
	unix.SYS_LINKAT, unix.SYS_SYMLINKAT, unix.SYS_FCHMOD, unix.SYS_FCHMODAT, unix.SYS_FCHOWN, unix.SYS_FCHOWNAT,
	unix.SYS_TRUNCATE, unix.SYS_FTRUNCATE, unix.SYS_MEMFD_CREATE,
	unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_UNSHARE, unix.SYS_SETNS,
	unix.SYS_BPF, unix.SYS_IO_URING_SETUP, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_KEYCTL,
	unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_KEXEC_LOAD, unix.SYS_REBOOT,
}

// program is a list of the kernel's filter instructions.
type program []unix.SockFilter

func (p *program) add(code uint16, operand uint32, ifTrue, ifFalse uint8) {
	*p = append(*p, unix.SockFilter{Code: code, K: operand, Jt: ifTrue, Jf: ifFalse})
}

func (p *program) load(offset uint32)   { p.add(unix.BPF_LD|unix.BPF_W|unix.BPF_ABS, offset, 0, 0) }
func (p *program) answer(action uint32) { p.add(unix.BPF_RET|unix.BPF_K, action, 0, 0) }

func (p *program) unless(value, action uint32) {
	p.add(unix.BPF_JMP|unix.BPF_JEQ|unix.BPF_K, value, 1, 0)
	p.answer(action)
}

func (p *program) from(value, action uint32) {
	p.add(unix.BPF_JMP|unix.BPF_JGE|unix.BPF_K, value, 0, 1)
	p.answer(action)
}

func (p *program) onAny(calls []uint32, action uint32) {
	for _, call := range calls {
		p.add(unix.BPF_JMP|unix.BPF_JEQ|unix.BPF_K, call, 0, 1)
		p.answer(action)
	}
}

// onArgument decides a call by whether an argument has any of these bits, all
// of which are in its lower half.
func (p *program) onArgument(call, argument, bits, ifAny, ifNone uint32) {
	p.add(unix.BPF_JMP|unix.BPF_JEQ|unix.BPF_K, call, 0, 4)
	p.load(argumentOffset + 8*argument)
	p.add(unix.BPF_JMP|unix.BPF_JSET|unix.BPF_K, bits, 0, 1)
	p.answer(ifAny)
	p.answer(ifNone)
}
