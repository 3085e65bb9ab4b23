package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync/atomic"
	"time"
)

// ErrBusy means that all workers are at work and enough requests wait already.
var ErrBusy = errors.New("too many requests are waiting")

// Config sizes a pool; zero values take the defaults.
type Config struct {
	Executable    string        // what to run as `<executable> worker`
	Workers       int           // at work at the same time: one per CPU, at least 2
	Queue         int           // requests that may wait: 128
	CompileLimit  time.Duration // 2 s
	InputLimit    time.Duration // for each input of a replay: 1 s
	ReplayLimit   time.Duration // for all inputs together: 15 s
	JobsPerWorker int           // before it is replaced: 300
}

// Pool hands jobs to workers that are running already.
type Pool struct {
	config  Config
	slots   chan *worker // a nil is a worker yet to be started
	waiting atomic.Int64
}

// NewPool starts the workers of a pool.
func NewPool(config Config) (*Pool, error) {
	setDefault(&config.Workers, max(2, runtime.NumCPU()))
	setDefault(&config.Queue, 128)
	setDefault(&config.CompileLimit, 2*time.Second)
	setDefault(&config.InputLimit, time.Second)
	setDefault(&config.ReplayLimit, 15*time.Second)
	setDefault(&config.JobsPerWorker, 300)
	p := &Pool{config: config, slots: make(chan *worker, config.Workers)}
	for range config.Workers {
		w, err := start(config.Executable)
		if err != nil {
			return nil, err
		}
		p.slots <- w
	}
	return p, nil
}

func setDefault[T int | time.Duration](value *T, otherwise T) {
	if *value <= 0 {
		*value = otherwise
	}
}

// Close ends the workers, after their current jobs.
func (p *Pool) Close() {
	for range p.config.Workers {
		if w := <-p.slots; w != nil {
			w.stop()
		}
	}
}

// acquire waits for a worker to be free. Give it back with release or replace.
func (p *Pool) acquire(ctx context.Context) (*worker, error) {
	select {
	case w := <-p.slots:
		return p.ready(w)
	default:
	}
	defer p.waiting.Add(-1)
	if p.waiting.Add(1) > int64(p.config.Queue) {
		return nil, ErrBusy
	}
	select {
	case w := <-p.slots:
		return p.ready(w)
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for a worker: %w", ctx.Err())
	}
}

// ready makes sure that the worker of a slot is there.
func (p *Pool) ready(w *worker) (*worker, error) {
	if w != nil && !w.gone() {
		return w, nil
	}
	w, err := start(p.config.Executable)
	if err != nil {
		p.slots <- nil
		return nil, err
	}
	return w, nil
}

// release gives a worker back that may go on.
func (p *Pool) release(w *worker) {
	if w.jobs >= p.config.JobsPerWorker {
		p.replace(w)
		return
	}
	p.slots <- w
}

// replace ends a worker, if there is one, and starts another in its place, in
// the background.
func (p *Pool) replace(w *worker) {
	go func() {
		if w != nil {
			w.stop()
		}
		fresh, err := start(p.config.Executable)
		if err != nil {
			slog.Error("start a worker", "error", err)
		}
		p.slots <- fresh // nil when it failed: the next user of the slot tries again
	}()
}
