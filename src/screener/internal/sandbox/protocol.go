// Package sandbox keeps submissions away from the server: they are compiled
// and run in worker processes that are limited, watched and expendable.
package sandbox

import (
	"time"

	"filtermend/screener/internal/replay"
	"filtermend/screener/internal/validate"
	"filtermend/screener/types"
)

// job is what a worker is asked, as one JSON value on its standard input. With
// Replay it also runs the filter on the inputs.
type job struct {
	Code   string
	Replay bool
	Inputs []types.MarketData
	Limit  time.Duration // for each input
}

// event is what a worker answers, on its standard output: the report first,
// then a result for each input. Before its first job it may have to say that
// its platform does not let it restrict its system calls.
type event struct {
	Unconfined string `json:",omitempty"`
	Report     *validate.Report
	Result     *replay.Result
}
