package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"filtermend/screener/internal/candidate"
	"filtermend/screener/internal/replay"
	"filtermend/screener/internal/validate"
	"filtermend/screener/types"
)

// grace is how much longer than its limit an input may take before the worker,
// which should have stopped it, is killed.
const grace = 500 * time.Millisecond

// ending is how a worker ended that should have answered.
type ending struct{ cause error }

func (e ending) Error() string { return e.cause.Error() }
func (e ending) Unwrap() error { return e.cause }

// Validate checks a submission. A submission that ends its worker is invalid;
// an error is about the service, not about the code.
func (p *Pool) Validate(ctx context.Context, code string) (validate.Report, error) {
	e, err := p.ask(ctx, job{Task: checkTask, Code: code})
	var end ending
	if errors.As(err, &end) {
		return p.verdict(ctx, end.cause)
	}
	if err != nil {
		return validate.Report{}, err
	}
	return *e.Report, nil
}

// Intent lists what a submission, which compiles, has given up of the failed
// code that it is to replace. Codes that cannot be compared have no findings.
func (p *Pool) Intent(ctx context.Context, failed, code string) ([]candidate.Diagnostic, error) {
	e, err := p.ask(ctx, job{Task: intentTask, Code: code, Replaces: failed})
	var end ending
	if errors.As(err, &end) && ctx.Err() == nil {
		return nil, nil
	}
	return e.Intent, err
}

// ask has a job done that runs nothing of its code. It fails with an ending
// when that is the code's fault.
func (p *Pool) ask(ctx context.Context, j job) (event, error) {
	e, err := p.askIn(ctx, p.fast, j, min(p.config.Patience, p.config.CompileLimit))
	if errors.Is(err, errTimeout) {
		e, err = p.askIn(ctx, p.slow, j, p.config.CompileLimit)
	}
	return e, err
}

func (p *Pool) askIn(ctx context.Context, l *lane, j job, limit time.Duration) (event, error) {
	w, err := l.acquire(ctx)
	if err != nil {
		return event{}, err
	}
	w.send(j)
	e, err := w.next(ctx, limit)
	if err != nil {
		l.replace(w)
		return event{}, ending{err}
	}
	l.release(w)
	return e, nil
}

// Replay checks a submission and runs it on each input. An input that ends the
// worker costs only its own result; the rest goes on in another worker.
func (p *Pool) Replay(ctx context.Context, code string, inputs []types.MarketData) (validate.Report, []replay.Result, error) {
	never := func([]replay.Result) bool { return false }
	return p.replayWithin(ctx, code, inputs, p.config.ReplayLimit, never)
}

// replayWithin is Replay with a limit of its own, which ends when the results
// so far are enough.
func (p *Pool) replayWithin(ctx context.Context, code string, inputs []types.MarketData, limit time.Duration, isEnough func([]replay.Result) bool) (validate.Report, []replay.Result, error) {
	report, results, err := p.replayIn(ctx, p.fast, code, inputs, min(p.config.Patience, limit), isEnough)
	if errors.Is(err, errTimeout) {
		report, results, err = p.replayIn(ctx, p.slow, code, inputs, limit, isEnough)
	}
	switch {
	case errors.Is(err, errTimeout) && len(results) > 0:
		return report, skip(inputs, results), nil
	case errors.Is(err, errTimeout): // not even the first input: the machine is short of something
		return report, nil, fmt.Errorf("replay: %w", ErrBusy)
	}
	return report, results, err
}

// replayIn fails with errTimeout when the limit is over, and has the results
// so far.
func (p *Pool) replayIn(ctx context.Context, l *lane, code string, inputs []types.MarketData, limit time.Duration, isEnough func([]replay.Result) bool) (validate.Report, []replay.Result, error) {
	w, err := l.acquire(ctx)
	if err != nil {
		return validate.Report{}, nil, err
	}
	defer func() { l.replace(w) }()
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()

	report, results, err := p.run(limited, w, code, inputs)
	for err == nil && report.Valid && len(results) < len(inputs) {
		if isEnough(results) {
			return report, skip(inputs, results), nil
		}
		w.stop()
		if w, err = l.start(); err != nil {
			return report, nil, err
		}
		var again validate.Report
		var more []replay.Result
		again, more, err = p.run(limited, w, code, inputs[len(results):])
		if err == nil && !again.Valid { // it compiled before: the machine is short of something
			err = errTimeout
		}
		results = append(results, more...)
	}
	switch {
	case ctx.Err() != nil:
		return report, nil, fmt.Errorf("replay: %w", ctx.Err())
	case err != nil && limited.Err() != nil:
		return report, results, errTimeout
	}
	return report, results, err
}

// run takes a worker through the inputs, up to the one that ends it. There is
// at least one result unless the report is bad or there is an error.
func (p *Pool) run(ctx context.Context, w *worker, code string, inputs []types.MarketData) (validate.Report, []replay.Result, error) {
	w.send(job{Task: replayTask, Code: code, Inputs: inputsOf(inputs), Limit: p.config.InputLimit})
	first, err := w.next(ctx, p.config.CompileLimit)
	if err != nil {
		report, err := p.verdict(ctx, err)
		return report, nil, err
	}
	report := *first.Report
	if !report.Valid {
		return report, nil, nil
	}
	var results []replay.Result
	for _, input := range inputs {
		start := time.Now()
		e, err := w.next(ctx, p.config.InputLimit+grace)
		if ctx.Err() != nil {
			return report, results, fmt.Errorf("replay: %w", ctx.Err())
		}
		if err != nil {
			last := p.killed(input.Symbol, err, time.Since(start))
			if errors.Is(err, errRecursion) && first.Recursion != "" {
				last.Hint = first.Recursion
			}
			return report, append(results, last), nil
		}
		results = append(results, *e.Result)
		if e.Result.ErrorType == replay.Timeout {
			break
		}
	}
	return report, results, nil
}

// verdict turns the end of a worker that was compiling into a report.
func (p *Pool) verdict(ctx context.Context, err error) (validate.Report, error) {
	switch {
	case ctx.Err() != nil:
		return validate.Report{}, fmt.Errorf("validate: %w", ctx.Err())
	case errors.Is(err, errTimeout):
		return validate.Refuse(fmt.Sprintf("the filter took too long to compile (over %s)", p.config.CompileLimit)), nil
	case errors.Is(err, errRecursion):
		return validate.Refuse("the filter is nested too deeply: compiling it recursed without end"), nil
	}
	return validate.Refuse("compiling the filter " + err.Error()), nil
}

// killed turns the end of a worker that was running a filter into a result.
func (p *Pool) killed(symbol string, err error, after time.Duration) replay.Result {
	if errors.Is(err, errTimeout) {
		return replay.Killed(symbol, replay.Timeout, replay.TimeoutMessage(p.config.InputLimit), after)
	}
	return replay.Killed(symbol, replay.Runtime, "the filter "+err.Error(), after)
}

// skip fills up the results of a replay whose time is over.
func skip(inputs []types.MarketData, results []replay.Result) []replay.Result {
	for _, input := range inputs[len(results):] {
		results = append(results, replay.Killed(input.Symbol, replay.Timeout,
			"not run: the inputs before it used up the time of the replay", 0))
	}
	return results
}
