package main

import (
	"fmt"
	"slices"
	"time"
)

// durations are measurements in any order.
type durations []time.Duration

// at is the duration that a share of all, from 0 to 1, does not exceed.
func (d durations) at(share float64) time.Duration {
	if len(d) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(d))
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}

func (d durations) String() string {
	return fmt.Sprintf("p50 %8s   p99 %8s   max %8s   (%d)", ms(d.at(0.5)), ms(d.at(0.99)), ms(d.at(1)), len(d))
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000) }

// missed counts the goals that did not hold.
var missed int

// verdict words whether a goal holds, and counts.
func verdict(holds bool) string {
	if holds {
		return "ok"
	}
	missed++
	return "MISSED"
}
