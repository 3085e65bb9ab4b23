package main_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"filtermend/screener/internal/screenertest"
)

var executable string

func TestMain(m *testing.M) {
	os.Exit(screenertest.Run(m, func(path string) { executable = path }))
}

// start runs the screener with a clean environment plus these settings.
func start(t *testing.T, settings []string, args ...string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	process := exec.Command(executable, args...)
	process.Env = settings
	stdout, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = process.Process.Kill()
		_ = process.Wait()
	})
	return process, bufio.NewReader(stdout)
}

// serve starts a server on a free port and returns its address.
func serve(t *testing.T, settings []string, args ...string) (*exec.Cmd, string) {
	t.Helper()
	process, stdout := start(t, settings, args...)
	line, err := stdout.ReadString('\n')
	address, found := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !found {
		t.Fatalf("first line %q, %v", line, err)
	}
	return process, address
}

func post(t *testing.T, url, body string) (int, string) {
	t.Helper()
	answer, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func TestServer(t *testing.T) {
	process, address := serve(t, nil, "-port", "0")
	if status, answer := post(t, address+"/api/validate-filter", `{"code":"return true"}`); status != 200 {
		t.Errorf("validate: %d %s", status, answer)
	}
	status, answer := post(t, address+"/api/test-filter", `{"code":"k := data.Klines[\"5m\"]\nreturn k[len(k)-20].Close > 1"}`)
	if status != 200 || strings.Count(answer, `"matched":true`) != 9 ||
		strings.Count(answer, `"native_error":"index out of range","hint":"k may be shorter than 20: before this line, if len(k) < 20 { return false }",`+
			`"without":"k may be shorter than 20. To do without: before this line, if len(k) < 20 { return true }","line":2`) != 15 {
		t.Errorf("test: %d %s", status, answer)
	}
	if err := process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := process.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}

func TestServerTakesItsSettingsFromTheEnvironment(t *testing.T) {
	_, address := serve(t, []string{"HOST=127.0.0.1", "PORT=0", "WORKERS=1"})
	answer, err := http.Get(address + "/health")
	if err != nil || answer.StatusCode != 200 {
		t.Errorf("health: %+v, %v", answer, err)
	}
}

func TestBadSettingsAreToldBeforeAnythingStarts(t *testing.T) {
	process := exec.Command(executable)
	process.Env = []string{"PORT=eighty", "WORKERS=2"}
	output, err := process.CombinedOutput()
	if err == nil || !strings.Contains(string(output), "PORT=eighty") {
		t.Errorf("output %q, error %v", output, err)
	}
}

func TestWorkersEndWithTheirServer(t *testing.T) {
	process, address := serve(t, []string{"WORKERS=1"}, "-port", "0")
	go func() {
		_, _ = http.Post(address+"/api/test-filter", "application/json", strings.NewReader(`{"code":"for {\n}"}`))
	}()
	time.Sleep(300 * time.Millisecond)
	_ = process.Process.Kill()
	_ = process.Wait()
	for range 250 {
		if running, _ := exec.Command("pgrep", "-f", executable).Output(); len(running) == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("a worker goes on without its server")
}

// runtimeAPI hands one event to a Lambda function and receives its answer.
func runtimeAPI(event string) (*httptest.Server, <-chan string) {
	answers := make(chan string, 1)
	events := make(chan string, 1)
	events <- event
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", func(w http.ResponseWriter, r *http.Request) {
		select {
		case next := <-events:
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", "1")
			w.Header().Set("Lambda-Runtime-Deadline-Ms", "4102444800000")
			_, _ = io.WriteString(w, next)
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/1/response", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		answers <- string(body)
		w.WriteHeader(http.StatusAccepted)
	})
	return httptest.NewServer(mux), answers
}

func TestLambda(t *testing.T) {
	api, answers := runtimeAPI(`{
		"version": "2.0", "rawPath": "/api/validate-filter", "rawQueryString": "",
		"headers": {"accept": "application/json", "content-type": "application/json"},
		"requestContext": {"domainName": "x.on.aws", "http": {"method": "POST", "path": "/api/validate-filter", "sourceIp": "127.0.0.1"}},
		"body": "{\"code\":\"return data.Close > 1\"}", "isBase64Encoded": false}`)
	defer api.CloseClientConnections()
	start(t, []string{"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(api.URL, "http://")})
	select {
	case answer := <-answers:
		var got struct {
			StatusCode int
			Body       string
		}
		if err := json.Unmarshal([]byte(answer), &got); err != nil {
			t.Fatal(err)
		}
		if got.StatusCode != 400 || !strings.Contains(got.Body, "types.MarketData has Symbol") {
			t.Errorf("answer %s", answer)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("no answer")
	}
}
