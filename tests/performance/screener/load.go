package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"
)

const (
	loadClients = 32
	longestWait = 3 * time.Second
)

// bombs take a worker's time, memory or stack; the last ones while running.
var bombs = []struct{ path, code string }{
	{"/api/validate-filter", "x := " + strings.Repeat("func() bool { return ", 2300) + "true" + strings.Repeat("}()", 2300) + "\nreturn x"},
	{"/api/validate-filter", doubling()},
	{"/api/validate-filter", "return " + strings.Repeat("!", 60000) + "true"},
	{"/api/test-filter", "for {\n}"},
	{"/api/test-filter", "var x [][]byte\nfor {\n\tx = append(x, make([]byte, 1<<20))\n}"},
}

func doubling() string {
	var code strings.Builder
	code.WriteString("const s0 = \"aaaaaaaa\"\n")
	for i := range 30 {
		fmt.Fprintf(&code, "const s%d = s%d + s%d\n", i+1, i, i)
	}
	return code.String() + "return s30 != \"\""
}

// load sends many requests at once, a tenth of them bombs, in random order:
// no good one may fail, or wait longer than a person would.
func load(o options, binary string) error {
	s, err := startScreener(binary)
	if err != nil {
		return err
	}
	defer s.stop()
	work := make(chan int)
	var mutex sync.Mutex
	var good, bad durations
	failures := map[string]int{}
	var group sync.WaitGroup
	for range loadClients {
		group.Go(func() {
			for n := range work {
				isBomb := n%10 == 0
				path, code, want := "/api/validate-filter", filter, 200
				if isBomb {
					bomb := bombs[n/10%len(bombs)]
					path, code, want = bomb.path, bomb.code, 0
				}
				status, took, err := s.post(path, map[string]any{"code": code, "market_data": []any{map[string]any{}}})
				mutex.Lock()
				switch {
				case isBomb:
					bad = append(bad, took)
				default:
					good = append(good, took)
				}
				if err != nil || want != 0 && status != want || status >= 500 {
					failures[fmt.Sprintf("%s %d %v", path, status, err)]++
				}
				mutex.Unlock()
			}
		})
	}
	start := time.Now()
	for _, n := range rand.New(rand.NewPCG(1, 2)).Perm(o.requests) {
		work <- n
	}
	close(work)
	group.Wait()
	fmt.Printf("load: %d requests, %d clients, a tenth bombs, %.1f s\n", o.requests, loadClients, time.Since(start).Seconds())
	fmt.Println("  good ", good)
	fmt.Println("  bombs", bad)
	fmt.Printf("  failed: %v   %s\n", failures, verdict(len(failures) == 0))
	fmt.Printf("  longest wait of a good one under %s: %s\n", longestWait, verdict(good.at(1) < longestWait))
	return nil
}
