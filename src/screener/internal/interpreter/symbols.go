package interpreter

import (
	"reflect"

	"github.com/traefik/yaegi/interp"

	"filtermend/screener"
	"filtermend/screener/indicators"
	"filtermend/screener/types"
)

// symbols are the packages of the contract, complete and alone.
var symbols = interp.Exports{
	screener.Module + "/types/types": {
		"Kline":            typeOf[types.Kline](),
		"MarketData":       typeOf[types.MarketData](),
		"SimplifiedTicker": typeOf[types.SimplifiedTicker](),
	},
	screener.Module + "/indicators/indicators": {
		"BollingerBandsResult": typeOf[indicators.BollingerBandsResult](),
		"MACDResult":           typeOf[indicators.MACDResult](),
		"RSIResult":            typeOf[indicators.RSIResult](),
		"StochasticResult":     typeOf[indicators.StochasticResult](),

		"CalculateAvgVolume":      reflect.ValueOf(indicators.CalculateAvgVolume),
		"CalculateBollingerBands": reflect.ValueOf(indicators.CalculateBollingerBands),
		"CalculateEMA":            reflect.ValueOf(indicators.CalculateEMA),
		"CalculateEMASeries":      reflect.ValueOf(indicators.CalculateEMASeries),
		"CalculateMA":             reflect.ValueOf(indicators.CalculateMA),
		"CalculateMACD":           reflect.ValueOf(indicators.CalculateMACD),
		"CalculateMASeries":       reflect.ValueOf(indicators.CalculateMASeries),
		"CalculateRSI":            reflect.ValueOf(indicators.CalculateRSI),
		"CalculateStochastic":     reflect.ValueOf(indicators.CalculateStochastic),
		"CalculateVWAP":           reflect.ValueOf(indicators.CalculateVWAP),
		"DetectEngulfingPattern":  reflect.ValueOf(indicators.DetectEngulfingPattern),
		"GetHighestHigh":          reflect.ValueOf(indicators.GetHighestHigh),
		"GetLatestBollingerBands": reflect.ValueOf(indicators.GetLatestBollingerBands),
		"GetLatestMACD":           reflect.ValueOf(indicators.GetLatestMACD),
		"GetLatestRSI":            reflect.ValueOf(indicators.GetLatestRSI),
		"GetLowestLow":            reflect.ValueOf(indicators.GetLowestLow),
	},
}

// typeOf is how yaegi takes a type: as a nil pointer to it.
func typeOf[T any]() reflect.Value {
	return reflect.ValueOf((*T)(nil))
}
