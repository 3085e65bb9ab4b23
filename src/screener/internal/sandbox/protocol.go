// Package sandbox keeps submissions away from the server: they are compiled
// and run in worker processes that are limited, watched and expendable.
package sandbox

import (
	"time"

	"filtermend/screener/internal/candidate"
	"filtermend/screener/internal/mend"
	"filtermend/screener/internal/replay"
	"filtermend/screener/internal/validate"
	"filtermend/screener/types"
)

// task is what to do with a job's code.
type task string

const (
	checkTask  task = "check"
	replayTask task = "replay" // and run it on the inputs
	mendTask   task = "mend"   // and change what is certain, so that it compiles
	guardTask  task = "guard"  // and guard against one panic
	reportTask task = "report" // and guard against an error that was reported
	intentTask task = "intent" // compare it with the failed code that it is to replace
)

// job is what a worker is asked, as one JSON value on its standard input.
type job struct {
	Task        task
	Code        string
	Inputs      []input
	Limit       time.Duration // for each input
	Line        int           // where the panic to guard against is, in the code
	NativeError string        // and what Go says of it
	Reported    mend.Reported // or what is known of an error that no input repeats
	Optional    []string      // data that the strategy can do without, for guards
	Strategy    string        // what a filter that is mended is to do, if that is known
	Replaces    string        // the failed code
}

// input is market data, or the place of a built-in sample: samples are large,
// and quicker made than read.
type input struct {
	Data   *types.MarketData `json:",omitempty"`
	Sample int               `json:",omitempty"`
}

func inputsOf(data []types.MarketData) []input {
	inputs := make([]input, len(data))
	for i := range data {
		if place, found := replay.SamplePlace(data[i]); found {
			inputs[i].Sample = place
			continue
		}
		inputs[i].Data = &data[i]
	}
	return inputs
}

func (i input) marketData() types.MarketData {
	if i.Data == nil {
		return replay.SampleData(i.Sample)
	}
	return *i.Data
}

// event is what a worker answers, on its standard output: the report first,
// then a result for each input. The report on a job that mends is that on the
// changed code. Before its first job a worker may have to say that its platform
// does not let it restrict its system calls.
type event struct {
	Unconfined string `json:",omitempty"`
	Report     *validate.Report
	Code       string                 `json:",omitempty"` // of a job that mends: the body alone
	Changes    []mend.Change          `json:",omitempty"`
	Intent     []candidate.Diagnostic `json:",omitempty"`
	Recursion  string                 `json:",omitempty"` // with the report: the hint, should a run not end that way
	Result     *replay.Result
}
