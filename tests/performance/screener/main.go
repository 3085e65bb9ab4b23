// Command screener measures the screener from outside: a real server process,
// asked over HTTP on 127.0.0.1.
//
//	go run . bench     speed against a yaegi process and go vet, size, memory at rest
//	go run . load      32 clients, a tenth of the requests bombs
//	go run . memory    resident memory over many validations, as CSV and SVG
//	go run . all
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

// options are the flags that the measurements share.
type options struct {
	screener    string // the sources
	out         string // where results go
	requests    int
	validations int
}

func main() {
	var o options
	flag.StringVar(&o.screener, "screener", "../../../src/screener", "the screener's sources")
	flag.StringVar(&o.out, "out", "results", "folder for CSV and SVG files")
	flag.IntVar(&o.requests, "requests", 1000, "requests of the load")
	flag.IntVar(&o.validations, "validations", 100_000, "validations of the memory measurement")
	flag.Parse()
	if err := run(flag.Arg(0), o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(what string, o options) error {
	measurements := map[string][]func(options, string) error{
		"bench":  {bench},
		"load":   {load},
		"memory": {memory},
		"all":    {bench, load, memory},
	}[what]
	if measurements == nil {
		return fmt.Errorf("measure what? bench, load, memory or all; not %q", what)
	}
	folder, err := os.MkdirTemp("", "screener-performance")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	binary := filepath.Join(folder, "screener")
	if err := command(o.screener, "make", "-s", "build", "BIN="+binary); err != nil {
		return err
	}
	for _, measure := range measurements {
		if err := measure(o, binary); err != nil {
			return err
		}
		fmt.Println()
	}
	if missed > 0 {
		return fmt.Errorf("goals missed: %d", missed)
	}
	return nil
}
