package replay

import (
	"math"
	"time"

	"filtermend/screener/types"
)

// course is a price by its age in candles.
type course func(age int) float64

// waves rise slowly in two overlaid waves, so that averages cross.
func waves(age int) float64 {
	t := float64(longHistory - age)
	return 100 + t/25 + 6*math.Sin(t/17) + 1.5*math.Sin(t/3)
}

func flat(int) float64 { return 100 }

// falling halves over a long history, with few rises.
func falling(age int) float64 {
	return 50 + float64(age)/5 + 0.5*math.Sin(float64(age))
}

// spike is the waves, and a fifth more in the last candle.
func spike(age int) float64 {
	if age == 0 {
		return 1.2 * waves(0)
	}
	return waves(age)
}

// market is a symbol with count candles in each interval.
func market(symbol string, count int, price course) types.MarketData {
	data := types.MarketData{Symbol: symbol, Klines: map[string][]types.Kline{}, Timestamp: end}
	for _, interval := range intervals {
		data.Klines[interval.name] = candles(count, interval.length, price)
	}
	data.Ticker = &types.SimplifiedTicker{
		LastPrice:          price(0),
		PriceChangePercent: 100 * (price(0)/price(1) - 1),
		QuoteVolume:        candles(1, 24*time.Hour, price)[0].QuoteVolume,
	}
	return data
}

// candles end at the common end. Volume surges with the moves.
func candles(count int, length time.Duration, price course) []types.Kline {
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
