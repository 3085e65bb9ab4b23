package sandbox

import (
	"context"
	"errors"
	"testing"
)

func TestIntentIsComparedInAWorker(t *testing.T) {
	pool := newPool(t, Config{Workers: 1, CompileLimit: patient})
	const failed = "rsi := indicators.GetRSI(data.Klines[\"5m\"], 14)\nreturn rsi < 30"
	for code, want := range map[string]bool{
		"return false": true,
		"rsi := indicators.GetLatestRSI(data.Klines[\"5m\"], 14)\nreturn rsi != nil && *rsi < 30": false,
	} {
		findings, err := pool.Intent(context.Background(), failed, code)
		if err != nil || (len(findings) > 0) != want {
			t.Errorf("%s: %+v, %v", code, findings, err)
		}
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := pool.Intent(gone, failed, "return false"); !errors.Is(err, context.Canceled) {
		t.Errorf("a request that was given up: %v", err)
	}
	wantWorking(t, pool)
}
