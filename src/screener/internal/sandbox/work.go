package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"filtermend/screener/internal/candidate"
	"filtermend/screener/internal/interpreter"
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
	report, c := validate.Prepare(j.Code)
	var filter *interpreter.Filter
	if j.Replay && report.Valid {
		var err error
		if filter, err = interpreter.Load(c.Program(), candidate.Name); err != nil {
			report = validate.Refuse("the interpreter cannot load this filter: " + err.Error())
		}
	}
	if err := answer.Encode(event{Report: &report}); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	if filter == nil {
		return nil
	}
	for _, input := range j.Inputs {
		result := replay.Run(filter, c, input, j.Limit)
		if err := answer.Encode(event{Result: &result}); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
		if result.ErrorType == replay.Timeout {
			os.Exit(0) // the filter cannot be stopped otherwise
		}
	}
	return nil
}
