package indicators

import "filtermend/screener/types"

// DetectEngulfingPattern is "bullish", "bearish" or "", judged by the last two candles.
func DetectEngulfingPattern(klines []types.Kline) string {
	pair := latest(klines, 2)
	if pair == nil {
		return ""
	}
	before, now := pair[0], pair[1]
	switch {
	case before.Close < before.Open && now.Close > now.Open &&
		now.Open <= before.Close && now.Close >= before.Open:
		return "bullish"
	case before.Close > before.Open && now.Close < now.Open &&
		now.Open >= before.Close && now.Close <= before.Open:
		return "bearish"
	}
	return ""
}
