package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// The ways in which a worker ends before its answer.
var (
	errTimeout   = errors.New("took too long")
	errMemory    = fmt.Errorf("used too much memory (over %d MB)", MemoryLimit>>20)
	errRecursion = errors.New("recursed without end")
	errForbidden = errors.New("tried what filters must not do (a forbidden system call)")
)

// crash is a worker's end for any other reason, in its own last words.
type crash struct{ lastWords string }

func (c crash) Error() string { return "crashed: " + c.lastWords }

// worker is a worker process as the server sees it.
type worker struct {
	process *exec.Cmd
	stdin   io.WriteCloser
	events  chan event // closed when the process has ended
	words   *opening   // what it wrote to standard error
	jobs    int
}

// start runs the executable as a worker, without an environment.
func start(executable string) (*worker, error) {
	w := &worker{events: make(chan event), words: &opening{}}
	w.process = exec.Command(executable, "worker")
	w.process.Env = []string{}
	w.process.Dir = "/"
	w.process.Stderr = w.words
	w.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var err error
	if w.stdin, err = w.process.StdinPipe(); err != nil {
		return nil, fmt.Errorf("worker: %w", err)
	}
	stdout, err := w.process.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("worker: %w", err)
	}
	if err := w.process.Start(); err != nil {
		return nil, fmt.Errorf("worker: %w", err)
	}
	go w.listen(stdout)
	return w, nil
}

// listen passes events on until the process ends, then collects it.
func (w *worker) listen(stdout io.Reader) {
	defer close(w.events)
	for decoder := json.NewDecoder(stdout); ; {
		var e event
		if decoder.Decode(&e) != nil {
			break
		}
		if e.Unconfined != "" {
			reportUnconfined(e.Unconfined)
			continue
		}
		w.events <- e
	}
	w.kill()
	_ = w.process.Wait() // how it ended is read from its state
}

var unconfined sync.Once

// reportUnconfined tells the log, once: every worker has the same to say.
func reportUnconfined(reason string) {
	unconfined.Do(func() {
		slog.Warn("workers run without a system call filter; their other limits hold", "reason", reason)
	})
}

// send hands a job over. A worker that cannot take it shows so in next.
func (w *worker) send(j job) {
	w.jobs++
	go func() { _ = json.NewEncoder(w.stdin).Encode(j) }()
}

// next waits for an event. Its error says why there is none, and that the
// worker is gone.
func (w *worker) next(ctx context.Context, limit time.Duration) (event, error) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case e, open := <-w.events:
		if open {
			return e, nil
		}
		return event{}, w.fate()
	case <-timer.C:
		w.stop()
		return event{}, errTimeout
	case <-ctx.Done():
		w.stop()
		return event{}, ctx.Err()
	}
}

// fate tells from the remains why the process ended.
func (w *worker) fate() error {
	words := w.words.String()
	status, _ := w.process.ProcessState.Sys().(syscall.WaitStatus)
	switch {
	case strings.Contains(words, "stack overflow"), strings.Contains(words, "goroutine stack exceeds"):
		return errRecursion
	case outOfMemory(words), status.Signaled() && status.Signal() == syscall.SIGKILL:
		return errMemory
	case status.Signaled() && status.Signal() == syscall.SIGSYS:
		return errForbidden
	case words == "":
		return crash{w.process.ProcessState.String()}
	}
	first, _, _ := strings.Cut(words, "\n")
	return crash{first}
}

// outOfMemory tells from a process's last words that it met its data limit.
// Mostly the runtime says so; but its garbage collector, when it gets no memory
// for its own queues, faults on its own stack (goroutine 0). A filter cannot do
// that: its nil pointers are panics.
func outOfMemory(words string) bool {
	collector := strings.HasPrefix(words, "SIGSEGV") && strings.Contains(words, "goroutine 0 ")
	return collector || strings.Contains(words, "memory")
}

// gone tells whether the process ended while it had nothing to do.
func (w *worker) gone() bool {
	select {
	case _, open := <-w.events:
		return !open
	default:
		return false
	}
}

// stop ends the process and waits until it is gone.
func (w *worker) stop() {
	w.kill()
	for range w.events {
	}
}

// backgroundNice is how far a background worker stands back for the others.
const backgroundNice = 10

// yield lets the process stand back. What cannot be had is done without.
func (w *worker) yield() {
	_ = syscall.Setpriority(syscall.PRIO_PGRP, w.process.Process.Pid, backgroundNice)
}

func (w *worker) kill() {
	_ = w.stdin.Close()
	_ = w.process.Process.Kill()
}
