package sandbox

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"filtermend/screener/internal/mend"
	"filtermend/screener/internal/replay"
	"filtermend/screener/internal/validate"
	"filtermend/screener/types"
)

// maxGuards is against how many panics one filter is guarded.
const maxGuards = 12

// Outcome is a filter's report, and its results when it is valid.
type Outcome struct {
	Report  validate.Report
	Results []replay.Result
}

// MendRequest asks for a filter's certain changes.
type MendRequest struct {
	Code     string
	Reported string // the error that was reported of it, if any
	Inputs   []types.MarketData
	NoGuards bool     // what counts where data is missing is not to be decided
	Optional []string // but for this data, which the strategy can do without
	Strategy string   // in the trader's words, if it is known
}

// Mending is what became of a filter. Code is the body alone; it has no change
// when nothing was certain.
type Mending struct {
	Before  Outcome
	Code    string
	Changes []mend.Change
	After   Outcome

	noGuards bool
}

// Mend makes the certain changes that a submission needs to compile, and then
// those that it needs to run through on each input, and against the error that
// was reported, if one was, wherever else it may come from. An error is about the service, not about the code. All replays together
// take the time of one.
func (p *Pool) Mend(ctx context.Context, asked MendRequest) (Mending, error) {
	code, inputs := asked.Code, asked.Inputs
	over := time.Now().Add(p.config.ReplayLimit)
	m := Mending{noGuards: asked.NoGuards}
	var err error
	if m.Before, err = p.outcome(ctx, code, inputs, p.config.ReplayLimit/2); err != nil {
		return m, err
	}
	if err := p.mendCompile(ctx, asked, &m); err != nil {
		return m, err
	}
	switch {
	case m.Code == code:
		m.After = m.Before
	case m.After.Report.Valid:
		limit := max(time.Until(over), p.config.InputLimit+grace)
		if m.After, err = p.outcome(ctx, m.Code, inputs, limit); err != nil {
			return m, err
		}
	}
	for range maxGuards {
		guarded, err := p.guard(ctx, &m, asked, time.Until(over))
		if err != nil {
			return m, err
		}
		if !guarded {
			break
		}
	}
	if m.After.runsThrough() {
		err = p.guardReported(ctx, &m, asked, time.Until(over))
	}
	return m, err
}

// runsThrough tells whether no input failed.
func (o Outcome) runsThrough() bool {
	return o.Report.Valid && !slices.ContainsFunc(o.Results, func(r replay.Result) bool { return r.ErrorType != "" })
}

// outcome is a replay as one value. One input with which the filter does not
// end is enough to know: each such costs much time.
func (p *Pool) outcome(ctx context.Context, code string, inputs []types.MarketData, limit time.Duration) (Outcome, error) {
	report, results, err := p.replayWithin(ctx, code, inputs, limit, neverEnds)
	return Outcome{report, results}, err
}

// mendCompile changes what does not compile. A submission that ends the worker
// doing that stays as it is.
func (p *Pool) mendCompile(ctx context.Context, asked MendRequest, m *Mending) error {
	e, err := p.ask(ctx, job{Task: mendTask, Code: asked.Code, Strategy: asked.Strategy})
	var end ending
	switch {
	case err == nil:
		m.Code, m.Changes, m.After.Report = e.Code, e.Changes, *e.Report
	case errors.As(err, &end) && ctx.Err() == nil:
		m.Code, m.After = asked.Code, m.Before
		if normalized := m.Before.Report.NormalizedCode; normalized != "" {
			m.Code = normalized
		}
	default:
		return err
	}
	return nil
}

// neverEnds tells whether the filter did not come to an end with some input.
func neverEnds(results []replay.Result) bool {
	return slices.ContainsFunc(results, func(r replay.Result) bool { return r.ErrorType == replay.Timeout || recursed(r) })
}

// isGuardable tells the failures that there are guards against.
func isGuardable(r replay.Result) bool {
	return r.Line > 0 && (r.ErrorType == replay.Panic || r.ErrorType == replay.Timeout) || recursed(r)
}

// recursed tells a run that called one function too often; it has no line.
func recursed(r replay.Result) bool {
	return r.ErrorType == replay.Runtime && strings.HasSuffix(r.Error, errRecursion.Error())
}

// nativeError is what a guard is asked for: Go's words, or those that stand for
// them.
func nativeError(r replay.Result) string {
	switch {
	case r.ErrorType == replay.Timeout:
		return mend.EndlessLoop
	case recursed(r):
		return mend.EndlessRecursion
	}
	return r.NativeError
}

// guard changes what the first failure comes from. A change stays when the input
// gets past that place, and all that ran through before still does, with the
// same answer.
func (p *Pool) guard(ctx context.Context, m *Mending, asked MendRequest, limit time.Duration) (bool, error) {
	failed := slices.IndexFunc(m.After.Results, isGuardable)
	if failed < 0 || limit < p.config.InputLimit+grace {
		return false, nil
	}
	fault := m.After.Results[failed]
	guard := job{Task: guardTask, Code: m.Code, Line: fault.Line, NativeError: nativeError(fault), Optional: asked.Optional}
	return p.change(ctx, m, guard, asked.Inputs, limit, func(after Outcome) bool { return isBetter(after, m.After, failed) })
}

// guardReported changes all that a reported error may still come from; each
// input has to answer as before. Lines are those of the submission, so that
// they say nothing when it was changed.
func (p *Pool) guardReported(ctx context.Context, m *Mending, asked MendRequest, limit time.Duration) error {
	guard := job{Task: reportTask, Code: asked.Code, Reported: mend.ReadError(asked.Reported), Optional: asked.Optional}
	if guard.Reported.NativeError == "" || limit < p.config.InputLimit+grace {
		return nil
	}
	if !m.Before.Report.Valid || !m.Before.runsThrough() {
		guard.Code, guard.Reported.Lines = m.Code, nil
	}
	_, err := p.change(ctx, m, guard, asked.Inputs, limit, func(after Outcome) bool { return after.isAs(m.After) })
	return err
}

// change has a job done that guards, and keeps its outcome when that is good.
func (p *Pool) change(ctx context.Context, m *Mending, guard job, inputs []types.MarketData, limit time.Duration, isGood func(Outcome) bool) (bool, error) {
	e, err := p.ask(ctx, guard)
	var end ending
	switch {
	case errors.As(err, &end) && ctx.Err() == nil:
		return false, nil
	case err != nil:
		return false, err
	case len(e.Changes) == 0 || !e.Report.Valid || m.refuses(e.Changes):
		return false, nil
	}
	after, err := p.outcome(ctx, e.Code, inputs, limit)
	if err != nil || !isGood(after) {
		return false, err
	}
	m.Code, m.After = e.Code, after
	m.Changes = append(m.Changes, e.Changes...)
	return true, nil
}

// refuses tells whether among some changes are guards that are not wanted.
func (m *Mending) refuses(changes []mend.Change) bool {
	return m.noGuards && slices.ContainsFunc(changes, func(c mend.Change) bool { return c.Guard })
}

// isAs tells whether every input is answered as it was before.
func (o Outcome) isAs(before Outcome) bool {
	same := func(is, was replay.Result) bool { return is.ErrorType == was.ErrorType && is.Matched == was.Matched }
	return o.Report.Valid && slices.EqualFunc(o.Results, before.Results, same)
}

// isBetter tells whether the input that failed got past that place, while no
// other got worse.
func isBetter(after, before Outcome, failed int) bool {
	if !after.Report.Valid || len(after.Results) != len(before.Results) {
		return false
	}
	for i, was := range before.Results {
		is := after.Results[i]
		if was.ErrorType == "" && (is.ErrorType != "" || is.Matched != was.Matched) {
			return false
		}
	}
	was, is := before.Results[failed], after.Results[failed]
	return is.Error != was.Error || is.SourceLine != was.SourceLine
}
