package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// The goals, and how much is measured.
const (
	overYaegi      = 3
	overVet        = 50
	tailOverMedian = 5
	largestBinary  = 20 << 20
	mostMemory     = 60 << 10 // KB

	warmUp       = 200
	rounds       = 20
	validations  = 30 // in each round, one client
	processes    = 15 // in each round
	manyClients  = 16
	manyRequests = 4000
)

// bench compares the ways to validate in turns, so that whatever else the
// machine does meets all of them alike.
func bench(o options, binary string) error {
	s, err := startScreener(binary)
	if err != nil {
		return err
	}
	defer s.stop()
	time.Sleep(time.Second)
	rss, running, err := s.memoryUse("Rss")
	if err != nil {
		return err
	}
	pss, _, err := s.memoryUse("Pss")
	if err != nil {
		return err
	}
	standard, smallest := filepath.Join(filepath.Dir(binary), "standard"), filepath.Join(filepath.Dir(binary), "smallest")
	if err := command(".", "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Dir(binary), "./yaegionce/..."); err != nil {
		return err
	}
	folder, err := os.MkdirTemp(".", "vetted")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := vetOnce(folder, -1); err != nil { // fills the build cache
		return err
	}
	var warm, yaegi, least, vet durations
	if _, err := validateMany(s, warmUp, 1); err != nil {
		return err
	}
	for round := range rounds {
		some, err := validateMany(s, validations, 1)
		if err != nil {
			return err
		}
		warm = append(warm, some...)
		if yaegi, err = timed(yaegi, processes, func(int) error { return yaegiOnce(standard) }); err != nil {
			return err
		}
		if least, err = timed(least, processes, func(int) error { return yaegiOnce(smallest) }); err != nil {
			return err
		}
		if vet, err = timed(vet, 1, func(int) error { return vetOnce(folder, round) }); err != nil {
			return err
		}
	}
	busy, err := validateMany(s, manyRequests, manyClients)
	if err != nil {
		return err
	}
	refill, err := whileRefilling(s)
	if err != nil {
		return err
	}
	size, err := os.Stat(binary)
	if err != nil {
		return err
	}
	fmt.Println("bench: validation of a filter of 45 lines")
	fmt.Println("  HTTP, 1 client             ", warm)
	fmt.Println("  HTTP, 16 clients           ", busy)
	fmt.Println("  HTTP while workers die     ", refill)
	fmt.Println("  yaegi, a process each      ", yaegi)
	fmt.Println("  the smallest such process  ", least)
	fmt.Println("  go vet                     ", vet)
	median := warm.at(0.5).Seconds()
	row := func(what, value, goal string, holds bool) {
		fmt.Printf("  %-34s %10s   goal %-9s %s\n", what, value, goal, verdict(holds))
	}
	ratio := yaegi.at(0.5).Seconds() / median
	row("times faster than a yaegi process", fmt.Sprintf("%.1f", ratio), "≥ 3", ratio >= overYaegi)
	fmt.Printf("  %-34s %10.1f\n", "  than the smallest one", least.at(0.5).Seconds()/median)
	ratio = vet.at(0.5).Seconds() / median
	row("times faster than go vet", fmt.Sprintf("%.0f", ratio), "≥ 50", ratio >= overVet)
	ratio = busy.at(0.99).Seconds() / busy.at(0.5).Seconds()
	row("p99 / p50 with 16 clients", fmt.Sprintf("%.1f", ratio), "< 5", ratio < tailOverMedian)
	ratio = refill.at(0.99).Seconds() / busy.at(0.99).Seconds()
	row("p99 while workers die / without", fmt.Sprintf("%.1f", ratio), "< 3", ratio < 3)
	row("binary, stripped", fmt.Sprintf("%.1f MB", float64(size.Size())/(1<<20)), "< 20 MB", size.Size() < largestBinary)
	worked, _, err := s.memoryUse("Rss")
	if err != nil {
		return err
	}
	memory := fmt.Sprintf("memory at rest, %d processes, ", running)
	row(memory+"RSS", fmt.Sprintf("%.1f MB", float64(rss)/1024), "< 60 MB", rss < mostMemory)
	row(memory+"PSS", fmt.Sprintf("%.1f MB", float64(pss)/1024), "< 60 MB", pss < mostMemory)
	row("memory after the work, RSS", fmt.Sprintf("%.1f MB", float64(worked)/1024), "< 60 MB", worked < mostMemory)
	return nil
}

// validateMany validates the filter again and again, with some clients.
func validateMany(s *screener, requests, clients int) (durations, error) {
	all := make([]durations, clients)
	failed := make([]error, clients)
	var group sync.WaitGroup
	for client := range clients {
		group.Go(func() {
			all[client], failed[client] = timed(nil, requests/clients, func(int) error {
				status, _, err := s.validate(filter)
				if err == nil && status != 200 {
					err = fmt.Errorf("status %d", status)
				}
				return err
			})
		})
	}
	group.Wait()
	var together durations
	for client := range clients {
		if failed[client] != nil {
			return nil, failed[client]
		}
		together = append(together, all[client]...)
	}
	return together, nil
}

// whileRefilling validates with 16 clients while an endless stream of filters
// kills its workers at once.
func whileRefilling(s *screener) (durations, error) {
	done := make(chan bool)
	stopped := make(chan bool)
	go func() {
		defer close(stopped)
		for {
			select {
			case <-done:
				return
			default:
				_, _, _ = s.post("/api/test-filter", map[string]any{"code": "return true", "market_data": []any{}})
			}
		}
	}()
	defer func() { close(done); <-stopped }()
	return validateMany(s, manyRequests, manyClients)
}

func timed(so durations, times int, do func(n int) error) (durations, error) {
	for n := range times {
		start := time.Now()
		if err := do(n); err != nil {
			return nil, err
		}
		so = append(so, time.Since(start))
	}
	return so, nil
}

func yaegiOnce(executable string) error {
	process := exec.Command(executable)
	process.Stdin = strings.NewReader(wrapped())
	if output, err := process.CombinedOutput(); err != nil {
		return fmt.Errorf("yaegi: %w\n%s", err, output)
	}
	return nil
}

// vetOnce has go vet look at a file that it has not seen before.
func vetOnce(folder string, n int) error {
	unseen := fmt.Sprintf("%s\n// %d %d\n", wrapped(), n, time.Now().UnixNano())
	if err := os.WriteFile(filepath.Join(folder, "filter.go"), []byte(unseen), 0o600); err != nil {
		return err
	}
	return command(".", "go", "vet", "./"+folder)
}
