package main

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// filter is the filter of 45 lines that is validated.
//
//go:embed testdata/filter.txt
var filter string

// wrapped is the filter as a file, as the interpreter and go vet want it.
func wrapped() string {
	return "package main\n\nimport (\n\t\"filtermend/screener/indicators\"\n\t\"filtermend/screener/types\"\n)\n\n" +
		"func main() {}\n\nfunc evaluate(data *types.MarketData) bool {\n" + filter + "}\n"
}

// command runs a program in a folder, and shows its output when it fails.
func command(folder, name string, arguments ...string) error {
	c := exec.Command(name, arguments...)
	c.Dir = folder
	if output, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(arguments, " "), err, output)
	}
	return nil
}

// screener is a running server.
type screener struct {
	process *exec.Cmd
	address string
	client  *http.Client
}

func startScreener(binary string) (*screener, error) {
	s := &screener{process: exec.Command(binary, "-port", "0")}
	s.process.Env = []string{}
	stdout, err := s.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("the screener does not start: %w", err)
	}
	s.address = strings.TrimSpace(strings.TrimPrefix(line, "listening on "))
	s.client = &http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: 64},
		Timeout:   time.Minute,
	}
	return s, nil
}

func (s *screener) stop() {
	_ = s.process.Process.Signal(syscall.SIGTERM)
	_ = s.process.Wait()
}

// validate returns the answer's status and how long it took.
func (s *screener) validate(code string) (int, time.Duration, error) {
	return s.post("/api/validate-filter", map[string]any{"code": code})
}

func (s *screener) post(path string, request any) (int, time.Duration, error) {
	body, err := json.Marshal(request)
	if err != nil {
		return 0, 0, err
	}
	start := time.Now()
	answer, err := s.client.Post(s.address+path, "application/json", bytes.NewReader(body))
	if err != nil {
		return 0, time.Since(start), err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, time.Since(start), err
}

// memoryUse adds a field of /proc/…/smaps_rollup up, in KB, over the server
// and its workers. Rss counts pages that they share once for each of them, Pss
// counts them once.
func (s *screener) memoryUse(field string) (kilobytes, processes int, err error) {
	pids := []string{fmt.Sprint(s.process.Process.Pid)}
	tasks, err := os.ReadDir("/proc/" + pids[0] + "/task")
	if err != nil {
		return 0, 0, err
	}
	for _, task := range tasks {
		children, _ := os.ReadFile("/proc/" + pids[0] + "/task/" + task.Name() + "/children")
		pids = append(pids, strings.Fields(string(children))...)
	}
	for _, pid := range pids {
		rollup, err := os.ReadFile("/proc/" + pid + "/smaps_rollup")
		if err != nil {
			continue // it ended meanwhile
		}
		for line := range strings.Lines(string(rollup)) {
			if value, found := strings.CutPrefix(line, field+":"); found {
				var kb int
				_, _ = fmt.Sscan(value, &kb)
				kilobytes, processes = kilobytes+kb, processes+1
			}
		}
	}
	return kilobytes, processes, nil
}
