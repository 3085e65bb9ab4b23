package validate

import "testing"

func TestNearestHelper(t *testing.T) {
	var names []string
	for name := range Helpers() {
		names = append(names, name)
	}
	if len(names) == 0 {
		t.Fatal("no helpers: the export data is missing")
	}
	for wanted, want := range map[string]string{
		"GetLatestMA":               "CalculateMA",
		"GetMA":                     "CalculateMA",
		"CalculateSMA":              "CalculateMA",
		"GetLatestEMA":              "CalculateEMA",
		"CalculateEma":              "CalculateEMA",
		"CalculateSMASeries":        "CalculateMASeries",
		"LatestRSI":                 "GetLatestRSI",
		"calculateRSI":              "CalculateRSI",
		"ComputeMACD":               "CalculateMACD",
		"CalculateBollingerBand":    "CalculateBollingerBands",
		"GetLatestBollinger":        "GetLatestBollingerBands",
		"GetLatestVWAP":             "CalculateVWAP",
		"GetAverageVolume":          "CalculateAvgVolume",
		"GetLatestStochastic":       "CalculateStochastic",
		"DetectEngulfing":           "DetectEngulfingPattern",
		"IsBullishEngulfing":        "DetectEngulfingPattern",
		"CalculateHighestHigh":      "GetHighestHigh",
		"GetLowest":                 "GetLowestLow",
		"CalculateATR":              "",
		"CalculateOBV":              "",
		"DetectDoji":                "",
		"CalculateFibonacciRetrace": "",
	} {
		if got := nearest(wanted, names); got != want {
			t.Errorf("nearest to %s is %q, want %q", wanted, got, want)
		}
	}
}
