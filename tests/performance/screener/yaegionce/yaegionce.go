// Package yaegionce is what validation without a service costs: a process per
// filter, which compiles it with yaegi and exits.
package yaegionce

import (
	"fmt"
	"io"
	"os"
	"reflect"

	"github.com/traefik/yaegi/interp"

	"filtermend/screener/indicators"
	"filtermend/screener/types"
)

// symbols are what the measured filter uses.
var symbols = interp.Exports{
	"filtermend/screener/types/types": {"MarketData": reflect.ValueOf((*types.MarketData)(nil))},
	"filtermend/screener/indicators/indicators": {
		"CalculateEMA":            reflect.ValueOf(indicators.CalculateEMA),
		"CalculateAvgVolume":      reflect.ValueOf(indicators.CalculateAvgVolume),
		"CalculateVWAP":           reflect.ValueOf(indicators.CalculateVWAP),
		"GetLatestRSI":            reflect.ValueOf(indicators.GetLatestRSI),
		"GetLatestMACD":           reflect.ValueOf(indicators.GetLatestMACD),
		"GetLatestBollingerBands": reflect.ValueOf(indicators.GetLatestBollingerBands),
	},
}

// Run compiles the file on standard input with what the measured filter uses
// and more symbols, and ends the process when that fails.
func Run(more interp.Exports) {
	if err := compile(more); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func compile(more interp.Exports) error {
	program, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	i := interp.New(interp.Options{})
	for _, exports := range []interp.Exports{symbols, more} {
		if err := i.Use(exports); err != nil {
			return err
		}
	}
	_, err = i.Compile(string(program))
	return err
}
