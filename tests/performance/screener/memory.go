package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

const (
	sampleEvery   = 1000
	memoryClients = 4
	steadyFrom    = 0.1  // the beginning is left out: pools and caches fill
	allowedGrowth = 0.15 // of the mean, over the whole measurement
)

// sample is the memory after so many validations, in KB.
type sample struct{ validations, rss, pss int }

// memory validates on and on, and fits a line through the resident memory.
func memory(o options, binary string) error {
	s, err := startScreener(binary)
	if err != nil {
		return err
	}
	defer s.stop()
	var samples []sample
	for done := 0; done <= o.validations; done += sampleEvery {
		rss, _, err := s.memoryUse("Rss")
		if err != nil {
			return err
		}
		pss, _, err := s.memoryUse("Pss")
		if err != nil {
			return err
		}
		samples = append(samples, sample{done, rss, pss})
		if _, err := validateMany(s, sampleEvery, memoryClients); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	if err := writeCSV(filepath.Join(o.out, "memory.csv"), samples); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(o.out, "memory.svg"), plot(samples), 0o644); err != nil {
		return err
	}
	steady := samples[int(steadyFrom*float64(len(samples))):]
	growth, mean := trend(steady)
	fmt.Printf("memory: %d validations, %d clients; %s and memory.csv in %s\n", o.validations, memoryClients, "memory.svg", o.out)
	fmt.Printf("  RSS of server and workers: mean %.1f MB, growth by a fitted line %+.1f MB   %s\n",
		mean/1024, growth/1024, verdict(growth < allowedGrowth*mean))
	return nil
}

// trend is how much a straight line through the resident memory rises from the
// first sample to the last, and the mean.
func trend(samples []sample) (growth, mean float64) {
	n := float64(len(samples))
	var sumX, sumY, sumXY, sumXX float64
	for i, s := range samples {
		x, y := float64(i), float64(s.rss)
		sumX, sumY, sumXY, sumXX = sumX+x, sumY+y, sumXY+x*y, sumXX+x*x
	}
	if spread := n*sumXX - sumX*sumX; spread > 0 {
		growth = (n*sumXY - sumX*sumY) / spread * (n - 1)
	}
	return growth, sumY / n
}

func writeCSV(path string, samples []sample) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	w := csv.NewWriter(file)
	_ = w.Write([]string{"validations", "rss_kb", "pss_kb"})
	for _, s := range samples {
		_ = w.Write([]string{strconv.Itoa(s.validations), strconv.Itoa(s.rss), strconv.Itoa(s.pss)})
	}
	w.Flush()
	return w.Error()
}
