// Command screener validates and replays filters: as an HTTP server, as an AWS
// Lambda function behind a function URL, and, hidden, as their worker process.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"filtermend/screener/internal/exportdata"
	"filtermend/screener/internal/functionurl"
	"filtermend/screener/internal/sandbox"
	"filtermend/screener/internal/server"
)

// version is set when building.
var version = "dev"

func main() {
	if len(os.Args) == 2 && os.Args[1] == "worker" {
		exitOn(sandbox.Work(os.Stdin, os.Stdout))
		return
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	slog.SetDefault(log)
	exitOn(serve(log))
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "screener:", err)
		os.Exit(1)
	}
}

// settings are flags that the environment can set too, in capitals.
type settings struct {
	host    string
	port    int
	workers int
	queue   int
}

func parseSettings() (settings, error) {
	var s settings
	flag.StringVar(&s.host, "host", "127.0.0.1", "address to listen on")
	flag.IntVar(&s.port, "port", 8080, "port to listen on, 0 for a free one")
	flag.IntVar(&s.workers, "workers", 0, "worker processes, 0 for one per CPU but at least 2")
	flag.IntVar(&s.queue, "queue", 0, "requests that may wait for a worker, 0 for 128")
	var wrong error
	flag.VisitAll(func(f *flag.Flag) {
		name := strings.ToUpper(f.Name)
		if value := os.Getenv(name); value != "" {
			if err := f.Value.Set(value); err != nil {
				wrong = errors.Join(wrong, fmt.Errorf("%s=%s: %w", name, value, err))
			}
		}
	})
	flag.Parse()
	return s, wrong
}

func serve(log *slog.Logger) error {
	s, err := parseSettings()
	if err != nil {
		return err
	}
	if err := exportdata.Check(); err != nil {
		return err
	}
	executable, err := os.Executable()
	if err != nil {
		return err
	}
	pool, err := sandbox.NewPool(sandbox.Config{Executable: executable, Workers: s.workers, Queue: s.queue})
	if err != nil {
		return err
	}
	defer pool.Close()
	handler, err := server.New(pool, version, log)
	if err != nil {
		return err
	}
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		lambda.Start(functionurl.Handler(handler))
		return nil
	}
	return listen(net.JoinHostPort(s.host, strconv.Itoa(s.port)), handler)
}

// listen serves until it is interrupted, then lets requests finish.
func listen(address string, handler http.Handler) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Printf("listening on http://%s\n", listener.Addr())
	httpServer := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
	stopped, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	failed := make(chan error, 1)
	go func() { failed <- httpServer.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-stopped.Done():
		patience, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		return httpServer.Shutdown(patience)
	}
}
