package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"filtermend/screener/internal/candidate"
	"filtermend/screener/internal/intent"
	"filtermend/screener/internal/interpreter"
	"filtermend/screener/internal/mend"
	"filtermend/screener/internal/replay"
	"filtermend/screener/internal/validate"
)

// Work is the life of a worker: it confines itself, then answers jobs until
// its input ends, which also happens when the server dies.
func Work(in io.Reader, out io.Writer) error {
	isolation, err := Confine()
	if err != nil {
		return err
	}
	answer := json.NewEncoder(out)
	if isolation != nil {
		if err := answer.Encode(event{Unconfined: isolation.Error()}); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
	}
	jobs := make(chan job)
	go func() {
		decoder := json.NewDecoder(in)
		for {
			var next job
			if decoder.Decode(&next) != nil {
				os.Exit(0) // whatever is being done, nobody waits for it
			}
			jobs <- next
		}
	}()
	for next := range jobs {
		if err := do(next, answer); err != nil {
			return err
		}
	}
	return nil
}

func do(j job, answer *json.Encoder) error {
	var err error
	switch j.Task {
	case replayTask:
		return run(j, answer)
	case mendTask:
		code, changes, report := mend.Compile(j.Code, j.Strategy)
		err = answer.Encode(event{Report: &report, Code: code, Changes: changes})
	case guardTask:
		err = answer.Encode(guard(j))
	case reportTask:
		err = answer.Encode(guardReported(j))
	case intentTask:
		err = answer.Encode(event{Intent: intent.Compare(j.Replaces, j.Code)})
	default:
		report := validate.Check(j.Code)
		err = answer.Encode(event{Report: &report})
	}
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return nil
}

// guard is the code with a guard against the job's panic, if there is one.
func guard(j job) event {
	code, change := mend.Guard(j.Code, j.Line, j.NativeError, j.Optional...)
	if change == nil {
		return event{Report: &validate.Report{}}
	}
	return changed(code, []mend.Change{*change})
}

// guardReported is the code with guards against the error that was reported,
// if there are any.
func guardReported(j job) event {
	code, changes := mend.GuardReported(j.Code, j.Reported, j.Optional...)
	if len(changes) == 0 {
		return event{Report: &validate.Report{}}
	}
	return changed(code, changes)
}

func changed(code string, changes []mend.Change) event {
	report := validate.Check(code)
	return event{Report: &report, Code: report.NormalizedCode, Changes: changes}
}

// run answers with the report, then with a result for each input.
func run(j job, answer *json.Encoder) error {
	report, c := validate.Prepare(j.Code)
	var filter *interpreter.Filter
	if report.Valid {
		var err error
		if filter, err = interpreter.Load(c.Program(), candidate.Name); err != nil {
			report = validate.Refuse("the interpreter cannot load this filter: " + err.Error())
		}
	}
	if err := answer.Encode(event{Report: &report, Recursion: mend.RecursionHint(j.Code)}); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	if filter == nil {
		return nil
	}
	hints := hinter{j.Code, map[panicked]hints{}}
	for _, input := range j.Inputs {
		result := replay.Run(filter, c, input.marketData(), j.Limit)
		hints.improve(&result)
		if err := answer.Encode(event{Result: &result}); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
		if result.ErrorType == replay.Timeout {
			os.Exit(0) // the filter cannot be stopped otherwise
		}
	}
	return nil
}
