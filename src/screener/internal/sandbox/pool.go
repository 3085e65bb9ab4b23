package sandbox

import (
	"runtime"
	"time"
)

// Config sizes a pool; zero values take the defaults.
type Config struct {
	Executable    string        // what to run as `<executable> worker`
	Workers       int           // at work at the same time: one per CPU, at least 2
	SlowWorkers   int           // for what takes longer than Patience: 4
	Queue         int           // requests that may wait, for each of the two: 128
	Patience      time.Duration // 150 ms
	CompileLimit  time.Duration // 2 s
	InputLimit    time.Duration // for each input of a replay: 1 s
	ReplayLimit   time.Duration // for all inputs together: 15 s
	JobsPerWorker int           // before it is replaced: 300
}

// Pool hands jobs to workers that are running already. A job that is not done
// within the patience is a bomb or a long replay: it is stopped, and begins
// again among its kind, where it has its full limits and less of the CPU. So
// the many that take milliseconds never wait for the few that take seconds.
type Pool struct {
	config Config
	fast   *lane
	slow   *lane
}

// NewPool starts the workers of a pool.
func NewPool(config Config) (*Pool, error) {
	setDefault(&config.Workers, max(2, runtime.NumCPU()))
	setDefault(&config.SlowWorkers, 4)
	setDefault(&config.Queue, 128)
	setDefault(&config.Patience, 150*time.Millisecond)
	setDefault(&config.CompileLimit, 2*time.Second)
	setDefault(&config.InputLimit, time.Second)
	setDefault(&config.ReplayLimit, 15*time.Second)
	setDefault(&config.JobsPerWorker, 300)
	p := &Pool{
		config: config,
		fast:   &lane{executable: config.Executable, queue: config.Queue, jobs: config.JobsPerWorker},
		slow:   &lane{executable: config.Executable, queue: config.Queue, background: true},
	}
	if err := p.fast.open(config.Workers); err != nil {
		return nil, err
	}
	return p, p.slow.open(config.SlowWorkers)
}

func setDefault[T int | time.Duration](value *T, otherwise T) {
	if *value <= 0 {
		*value = otherwise
	}
}

// Close ends the workers, after their current jobs.
func (p *Pool) Close() {
	p.fast.close()
	p.slow.close()
}
