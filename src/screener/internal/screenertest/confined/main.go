// Command confined is for tests: it confines itself as a worker does, then
// tries one thing and says how far it got.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"filtermend/screener/internal/sandbox"
)

var attempts = map[string]func() error{
	"nothing": func() error { return nil },
	"compute in threads": func() error {
		done := make(chan bool)
		for range 32 {
			go func() {
				time.Sleep(time.Millisecond)
				_ = make([]byte, 1<<20)
				done <- true
			}()
		}
		for range 32 {
			<-done
		}
		return nil
	},
	"read a file":       func() error { _, err := os.ReadFile("/etc/hostname"); return err },
	"list a folder":     func() error { _, err := os.ReadDir("/"); return err },
	"write a file":      func() error { return os.WriteFile(os.TempDir()+"/confined", []byte("x"), 0o600) },
	"append to /dev":    func() error { _, err := os.OpenFile("/dev/null", os.O_APPEND|os.O_WRONLY, 0); return err },
	"remove a file":     func() error { return os.Remove("/tmp/confined") },
	"make a folder":     func() error { return os.Mkdir("/tmp/confined", 0o700) },
	"open a socket":     func() error { _, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0); return err },
	"a pair of sockets": func() error { _, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0); return err },
	"run a program": func() error {
		program := exec.Command("/bin/true")
		program.Stdin, program.Stdout, program.Stderr = os.Stdin, os.Stdout, os.Stderr // otherwise it opens /dev/null first
		return program.Run()
	},
	"become a program": func() error { return syscall.Exec("/bin/true", []string{"true"}, nil) },
	"signal another":   func() error { return syscall.Kill(os.Getppid(), 0) },
	"trace":            func() error { _, _, errno := syscall.Syscall(syscall.SYS_PTRACE, 0, 0, 0); return failed(errno) },
	"memory to execute": func() error {
		_, err := syscall.Mmap(-1, 0, 4096, syscall.PROT_READ|syscall.PROT_EXEC, syscall.MAP_PRIVATE|syscall.MAP_ANON)
		return err
	},
}

func failed(errno syscall.Errno) error {
	if errno != 0 {
		return errno
	}
	return nil
}

func main() {
	isolation, err := sandbox.Confine()
	if isolation != nil || err != nil {
		fmt.Println("not confined:", isolation, err)
		os.Exit(1)
	}
	if err := attempts[os.Args[1]](); err != nil {
		fmt.Println("refused:", err)
		return
	}
	fmt.Println("done")
}
