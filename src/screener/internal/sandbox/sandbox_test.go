package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"filtermend/screener/internal/replay"
	"filtermend/screener/internal/screenertest"
	"filtermend/screener/types"
)

var executable string

func TestMain(m *testing.M) {
	os.Exit(screenertest.Run(m, func(path string) { executable = path }))
}

func newPool(t *testing.T, config Config) *Pool {
	t.Helper()
	config.Executable = executable
	pool, err := NewPool(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// symbols are inputs that differ in their names only.
func symbols(names ...string) []types.MarketData {
	inputs := make([]types.MarketData, len(names))
	for i, name := range names {
		inputs[i].Symbol = name
	}
	return inputs
}

// patient is a limit that a busy machine does not reach by itself.
const patient = 30 * time.Second

// wantWorking checks that the pool still serves.
func wantWorking(t *testing.T, pool *Pool) {
	t.Helper()
	report, err := pool.Validate(context.Background(), "return true")
	if err != nil || !report.Valid {
		t.Errorf("afterwards: %+v, %v", report, err)
	}
}

// doubling is a constant string that doubles n times.
func doubling(n int) string {
	code := "const s0 = \"aaaaaaaa\"\n"
	for i := range n {
		code += fmt.Sprintf("const s%d = s%d + s%d\n", i+1, i, i)
	}
	return code + fmt.Sprintf("return s%d != \"\"", n)
}

func TestASubmissionThatKillsItsCompilerIsInvalid(t *testing.T) {
	nested := "x := " + strings.Repeat("func() bool { return ", 2500) + "true" + strings.Repeat("}()", 2500) + "\nreturn x"
	for name, test := range map[string]struct {
		limit      time.Duration
		code, want string
	}{
		"memory":    {patient, doubling(30), "used too much memory (over 300 MB)"},
		"recursion": {patient, "return " + strings.Repeat("!", 60000) + "true", "recursed without end"},
		"time":      {time.Second, nested, "took too long to compile (over 1s)"},
	} {
		t.Run(name, func(t *testing.T) {
			pool := newPool(t, Config{Workers: 1, CompileLimit: test.limit})
			report, err := pool.Validate(context.Background(), test.code)
			if err != nil || report.Valid || !strings.Contains(report.Diagnostics[0].Message, test.want) {
				t.Errorf("report %+v, error %v, want %q", report, err, test.want)
			}
			wantWorking(t, pool)
		})
	}
}

func TestAnInputThatKillsItsWorkerCostsOnlyItsOwnResult(t *testing.T) {
	const onB = "if data.Symbol != \"B\" {\n\treturn true\n}\n"
	for name, test := range map[string]struct {
		limit                    time.Duration
		code, errorType, message string
		line                     int
	}{
		"endless loop":     {time.Second, "x := 0\nfor {\n\tx++\n}", replay.Timeout, "filter execution timed out after 1s", 6},
		"waiting":          {time.Second, "c := make(chan bool)\nreturn <-c", replay.Timeout, "filter execution timed out after 1s", 5},
		"one allocation":   {patient, "b := make([]byte, 1<<40)\nreturn len(b) > 0", replay.Runtime, "used too much memory", 0},
		"many allocations": {patient, "var b [][]byte\nfor {\n\tb = append(b, make([]byte, 1<<20))\n}", replay.Runtime, "used too much memory", 0},
		"recursion":        {patient, "var f func(int) int\nf = func(n int) int { return f(n+1) + 1 }\nreturn f(0) > 0", replay.Runtime, "recursed without end", 0},
		"goroutine":        {patient, "go func() { panic(\"lost\") }()\nfor {\n}", replay.Runtime, "crashed: panic: lost", 0},
		"panic":            {patient, "panic(\"boom\")", replay.Panic, "boom", 4},
	} {
		t.Run(name, func(t *testing.T) {
			pool := newPool(t, Config{Workers: 1, CompileLimit: patient, InputLimit: test.limit, ReplayLimit: 3 * patient})
			report, results, err := pool.Replay(context.Background(), onB+test.code, symbols("A", "B", "C"))
			if err != nil || !report.Valid || len(results) != 3 {
				t.Fatalf("report %+v, results %+v, error %v", report, results, err)
			}
			if !results[0].Matched || !results[2].Matched || results[2].Symbol != "C" {
				t.Errorf("the others: %+v, %+v", results[0], results[2])
			}
			b := results[1]
			if b.ErrorType != test.errorType || !strings.Contains(b.Error, test.message) || b.Line != test.line {
				t.Errorf("got %+v", b)
			}
			wantWorking(t, pool)
		})
	}
}

func TestAReplayEndsWhenItsTimeIsOver(t *testing.T) {
	pool := newPool(t, Config{Workers: 1, InputLimit: 500 * time.Millisecond, ReplayLimit: 1800 * time.Millisecond})
	_, results, err := pool.Replay(context.Background(), "for {\n}", symbols("A", "B", "C", "D", "E"))
	if err != nil || len(results) != 5 || results[0].Line != 1 || !strings.HasPrefix(results[4].Error, "not run") {
		t.Errorf("results %+v, error %v", results, err)
	}
	wantWorking(t, pool)
}

func TestHintsNameWhatDoesNotEnd(t *testing.T) {
	pool := newPool(t, Config{Workers: 1, CompileLimit: patient, InputLimit: time.Second, ReplayLimit: 3 * patient})
	for code, want := range map[string]string{
		"i, n := 0, 0\nfor i < 3 {\n\tn++\n}\nreturn n > 3":                                   "nothing in the loop of line 2 changes i",
		"var f func(int) int\nf = func(n int) int {\n\treturn f(n-1) + 1\n}\nreturn f(3) > 0": "f calls itself in line 3, and no case ends it",
	} {
		_, results, err := pool.Replay(context.Background(), code, symbols("A"))
		if err != nil || len(results) != 1 || !strings.HasPrefix(results[0].Hint, want) {
			t.Errorf("%s: results %+v, error %v", code, results, err)
		}
	}
}

func TestAFilterThatDoesNotCompileIsNotReplayed(t *testing.T) {
	pool := newPool(t, Config{Workers: 1})
	report, results, err := pool.Replay(context.Background(), "return 1", symbols("A"))
	if err != nil || report.Valid || len(results) != 0 {
		t.Errorf("report %+v, results %+v, error %v", report, results, err)
	}
}

func TestRequestsBeyondTheQueueAreRefused(t *testing.T) {
	pool := newPool(t, Config{Workers: 1, Queue: 1})
	held, err := pool.fast.acquire(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	waits := make(chan error)
	go func() {
		_, err := pool.Validate(ctx, "return true")
		waits <- err
	}()
	for pool.fast.waiting.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	if _, err := pool.Validate(context.Background(), "return true"); !errors.Is(err, ErrBusy) {
		t.Errorf("error %v, want ErrBusy", err)
	}
	cancel()
	if err := <-waits; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want canceled", err)
	}
	pool.fast.release(held)
	wantWorking(t, pool)
}

func TestAWorkerThatDiedInItsSleepIsReplaced(t *testing.T) {
	pool := newPool(t, Config{Workers: 2})
	for range 2 {
		w := <-pool.fast.slots
		w.stop()
		pool.fast.slots <- w
	}
	wantWorking(t, pool)
	wantWorking(t, pool)
}

func TestWorkersAreReplacedAfterTheirShareOfJobs(t *testing.T) {
	pool := newPool(t, Config{Workers: 1, JobsPerWorker: 2})
	pids := map[int]int{}
	for range 6 {
		w := <-pool.fast.slots
		pids[w.process.Process.Pid]++
		pool.fast.slots <- w
		wantWorking(t, pool)
	}
	if len(pids) != 3 {
		t.Errorf("jobs by process: %v, want 3 processes", pids)
	}
}

func TestManyRequestsAtOnceAllGetTheirOwnAnswer(t *testing.T) {
	pool := newPool(t, Config{Workers: 2})
	var group sync.WaitGroup
	for i := range 40 {
		group.Go(func() {
			code, valid := "return true", true
			if i%2 == 1 {
				code, valid = "return 1", false
			}
			report, err := pool.Validate(context.Background(), code)
			if err != nil || report.Valid != valid || report.NormalizedCode != code {
				t.Errorf("%s: %+v, %v", code, report, err)
			}
		})
	}
	group.Wait()
}

func TestARequestGivenUpEndsItsWork(t *testing.T) {
	pool := newPool(t, Config{Workers: 1, InputLimit: patient})
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, _, err := pool.Replay(ctx, "for {\n}", symbols("A")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	if took := time.Since(start); took > patient/2 {
		t.Errorf("it took %s", took)
	}
	wantWorking(t, pool)
}

func TestWorkersGetNoEnvironment(t *testing.T) {
	t.Setenv("SECRET", "hunter2")
	pool := newPool(t, Config{Workers: 1})
	w := <-pool.fast.slots
	defer func() { pool.fast.slots <- w }()
	environment, err := os.ReadFile("/proc/" + strconv.Itoa(w.process.Process.Pid) + "/environ")
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("no /proc here")
	}
	if err != nil || len(environment) != 0 {
		t.Errorf("environment %q, error %v", environment, err)
	}
}

func TestAPoolWithoutItsExecutableIsAnError(t *testing.T) {
	if _, err := NewPool(Config{Executable: "/nonexistent/screener"}); err == nil {
		t.Error("no error")
	}
}

func TestTheQuickDoNotWaitForTheSlow(t *testing.T) {
	pool := newPool(t, Config{Workers: 1, SlowWorkers: 1, Patience: 100 * time.Millisecond, InputLimit: patient, ReplayLimit: patient})
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	for range 3 { // one at work, two that wait to be
		group.Go(func() {
			if _, _, err := pool.Replay(ctx, "for {\n}", symbols("A")); !errors.Is(err, context.Canceled) {
				t.Errorf("error %v", err)
			}
		})
	}
	for pool.slow.waiting.Load() < 2 {
		time.Sleep(time.Millisecond)
	}
	start := time.Now()
	wantWorking(t, pool)
	if took := time.Since(start); took > patient/2 {
		t.Errorf("it took %s", took)
	}
	cancel()
	group.Wait()
}

func TestWhatTakesLongerThanThePatienceStillGetsItsTime(t *testing.T) {
	pool := newPool(t, Config{Workers: 1, Patience: 1, InputLimit: patient, CompileLimit: patient})
	wantWorking(t, pool)
	_, results, err := pool.Replay(context.Background(), "return data.Symbol == \"B\"", symbols("A", "B"))
	if err != nil || len(results) != 2 || results[0].Matched || !results[1].Matched {
		t.Errorf("results %+v, error %v", results, err)
	}
}
