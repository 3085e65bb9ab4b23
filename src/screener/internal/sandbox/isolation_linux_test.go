package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"filtermend/screener/internal/screenertest"
)

// confinedProgram is the program of the tests; they are skipped where the
// platform does not permit what they are about.
func confinedProgram(t *testing.T) string {
	t.Helper()
	confined, err := screenertest.Confined()
	if err != nil {
		t.Fatal(err)
	}
	if output, err := exec.Command(confined, "nothing").CombinedOutput(); err != nil {
		t.Skipf("%s", output)
	}
	return confined
}

func TestAConfinedProcessComputesAndNothingElse(t *testing.T) {
	confined := confinedProgram(t)
	const killed = "killed"
	for attempt, want := range map[string]string{
		"nothing":            "done",
		"compute in threads": "done",
		"read a file":        "refused: open /etc/hostname: operation not permitted",
		"list a folder":      "refused: open /: operation not permitted",
		"write a file":       killed,
		"append to /dev":     killed,
		"remove a file":      killed,
		"make a folder":      killed,
		"open a socket":      killed,
		"a pair of sockets":  killed,
		"run a program":      killed,
		"become a program":   killed,
		"signal another":     killed,
		"trace":              killed,
		"memory to execute":  killed,
	} {
		t.Run(attempt, func(t *testing.T) {
			output, err := exec.Command(confined, attempt).CombinedOutput()
			got := strings.TrimSpace(string(output))
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				if status := exit.Sys().(syscall.WaitStatus); status.Signaled() && status.Signal() == syscall.SIGSYS {
					got = killed
				}
			}
			if got != want {
				t.Errorf("%q (%v), want %q", got, err, want)
			}
		})
	}
}

func TestAllThreadsOfAWorkerAreConfined(t *testing.T) {
	confinedProgram(t)
	pool := newPool(t, Config{Workers: 1})
	wantWorking(t, pool)
	w := <-pool.fast.slots
	defer func() { pool.fast.slots <- w }()
	folder := fmt.Sprintf("/proc/%d/task", w.process.Process.Pid)
	threads, err := os.ReadDir(folder)
	if err != nil || len(threads) < 2 {
		t.Fatalf("%d threads, %v", len(threads), err)
	}
	for _, thread := range threads {
		status, err := os.ReadFile(folder + "/" + thread.Name() + "/status")
		if err != nil {
			continue // it ended meanwhile
		}
		for _, want := range []string{"NoNewPrivs:\t1", "Seccomp:\t2"} {
			if !strings.Contains(string(status), want) {
				t.Errorf("thread %s has no %q", thread.Name(), want)
			}
		}
	}
}

func TestAForbiddenCallIsToldFromACrash(t *testing.T) {
	confined := confinedProgram(t)
	w := &worker{process: exec.Command(confined, "open a socket"), words: &opening{}}
	_ = w.process.Run()
	if err := w.fate(); !errors.Is(err, errForbidden) {
		t.Errorf("it is said to have %v", err)
	}
}

func TestAPlatformWithoutFiltersIsLoggedAndServes(t *testing.T) {
	var log bytes.Buffer
	former := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(former)
	script := filepath.Join(t.TempDir(), "worker")
	const answers = "#!/bin/sh\n" +
		`echo '{"Unconfined": "seccomp: operation not permitted"}'` + "\n" +
		`while read job; do echo '{"Report": {"valid": true}}'; done` + "\n"
	if err := os.WriteFile(script, []byte(answers), 0o700); err != nil {
		t.Fatal(err)
	}
	pool, err := NewPool(Config{Executable: script, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	wantWorking(t, pool)
	pool.Close()
	if !strings.Contains(log.String(), "seccomp: operation not permitted") {
		t.Errorf("log: %q", log.String())
	}
}
