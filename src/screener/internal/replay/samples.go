package replay

import (
	"math"
	"time"

	"filtermend/screener/types"
)

// Sample is a built-in input, named after what is special about it.
type Sample struct {
	Name string
	Data types.MarketData
}

// intervals are those that every sample has, unless that is what it lacks.
var intervals = []struct {
	name   string
	length time.Duration
}{
	{"1m", time.Minute}, {"5m", 5 * time.Minute}, {"15m", 15 * time.Minute},
	{"1h", time.Hour}, {"4h", 4 * time.Hour}, {"1d", 24 * time.Hour},
}

const (
	longHistory  = 250
	shortHistory = 3
)

// end is when all samples end; a fixed time keeps replays comparable.
var end = time.Date(2026, time.January, 15, 12, 0, 0, 0, time.UTC)

// Samples are the situations that a filter meets in a live market sooner or later.
func Samples() []Sample {
	normal := market("NORMALUSDT", longHistory)

	missing := market("MISSINGTIMEFRAMEUSDT", longHistory)
	missing.Klines = map[string][]types.Kline{}

	tickerless := market("NILTICKERUSDT", longHistory)
	tickerless.Ticker = nil

	quiet := market("ZEROVOLUMEUSDT", longHistory)
	silence(quiet)

	return []Sample{
		{"normal", normal},
		{"short history", market("SHORTHISTORYUSDT", shortHistory)},
		{"missing timeframe", missing},
		{"nil ticker", tickerless},
		{"zero volume", quiet},
	}
}

// market is a symbol with count candles in each interval.
func market(symbol string, count int) types.MarketData {
	data := types.MarketData{Symbol: symbol, Klines: map[string][]types.Kline{}, Timestamp: end}
	for _, interval := range intervals {
		data.Klines[interval.name] = candles(count, interval.length)
	}
	day := data.Klines["1d"]
	last, before := day[len(day)-1], day[len(day)-2]
	data.Ticker = &types.SimplifiedTicker{
		LastPrice:          last.Close,
		PriceChangePercent: 100 * (last.Close/before.Close - 1),
		QuoteVolume:        last.QuoteVolume,
	}
	return data
}

// candles end at the common end. The price rises slowly in two overlaid waves,
// so that averages cross, and volume surges with the moves.
func candles(count int, length time.Duration) []types.Kline {
	klines := make([]types.Kline, count)
	for i := range klines {
		age := count - 1 - i
		opened := end.Add(-time.Duration(age+1) * length)
		open, closed := price(age+1), price(age)
		volume := 1000 + 400*math.Abs(math.Sin(float64(age)/5)) + 300*math.Abs(closed-open)
		buy := volume * (0.5 + 0.2*math.Sin(float64(age)/3))
		klines[i] = types.Kline{
			OpenTime:    opened.UnixMilli(),
			CloseTime:   opened.Add(length).UnixMilli() - 1,
			Open:        open,
			High:        max(open, closed) + 0.4,
			Low:         min(open, closed) - 0.4,
			Close:       closed,
			Volume:      volume,
			BuyVolume:   buy,
			SellVolume:  volume - buy,
			VolumeDelta: 2*buy - volume,
			QuoteVolume: volume * (open + closed) / 2,
			Trades:      int(volume / 4),
		}
	}
	return klines
}

func price(age int) float64 {
	t := float64(longHistory - age)
	return 100 + t/25 + 6*math.Sin(t/17) + 1.5*math.Sin(t/3)
}

// silence takes all trading out of a market.
func silence(data types.MarketData) {
	data.Ticker.QuoteVolume = 0
	for _, klines := range data.Klines {
		for i := range klines {
			k := &klines[i]
			k.Volume, k.BuyVolume, k.SellVolume, k.VolumeDelta, k.QuoteVolume, k.Trades = 0, 0, 0, 0, 0, 0
		}
	}
}
