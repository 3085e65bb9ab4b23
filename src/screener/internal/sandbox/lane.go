package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
)

// ErrBusy means that all workers are at work and enough requests wait already.
var ErrBusy = errors.New("too many requests are waiting")

// lane is a number of workers that take one job each at a time, and the
// requests that wait for them.
type lane struct {
	executable string
	queue      int
	jobs       int          // a worker's share, before it is replaced
	background bool         // yields to the workers of the other lane, and starts workers only for a job
	slots      chan *worker // a nil is a worker yet to be started
	waiting    atomic.Int64
}

// open fills the lane; a background lane with places only.
func (l *lane) open(workers int) error {
	l.slots = make(chan *worker, workers)
	for range workers {
		var w *worker
		if !l.background {
			var err error
			if w, err = l.start(); err != nil {
				return err
			}
		}
		l.slots <- w
	}
	return nil
}

// close ends the workers, after their current jobs.
func (l *lane) close() {
	for range cap(l.slots) {
		if w := <-l.slots; w != nil {
			w.stop()
		}
	}
}

func (l *lane) start() (*worker, error) {
	w, err := start(l.executable)
	if err == nil && l.background {
		w.yield()
	}
	return w, err
}

// acquire waits for a worker to be free. Give it back with release or replace.
func (l *lane) acquire(ctx context.Context) (*worker, error) {
	select {
	case w := <-l.slots:
		return l.ready(w)
	default:
	}
	defer l.waiting.Add(-1)
	if l.waiting.Add(1) > int64(l.queue) {
		return nil, ErrBusy
	}
	select {
	case w := <-l.slots:
		return l.ready(w)
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for a worker: %w", ctx.Err())
	}
}

// ready makes sure that the worker of a slot is there.
func (l *lane) ready(w *worker) (*worker, error) {
	if w != nil && !w.gone() {
		return w, nil
	}
	w, err := l.start()
	if err != nil {
		l.slots <- nil
		return nil, err
	}
	return w, nil
}

// release gives a worker back that may go on.
func (l *lane) release(w *worker) {
	if w.jobs >= l.jobs || l.background {
		l.replace(w)
		return
	}
	l.slots <- w
}

// replace ends a worker, if there is one, and starts another in its place, in
// the background.
func (l *lane) replace(w *worker) {
	go func() {
		if w != nil {
			w.stop()
		}
		if l.background {
			l.slots <- nil
			return
		}
		fresh, err := l.start()
		if err != nil {
			slog.Error("start a worker", "error", err)
		}
		l.slots <- fresh // nil when it failed: the next user of the slot tries again
	}()
}
