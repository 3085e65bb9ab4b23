package replay

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
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
	{"1m", time.Minute}, {"3m", 3 * time.Minute}, {"5m", 5 * time.Minute}, {"15m", 15 * time.Minute},
	{"30m", 30 * time.Minute}, {"1h", time.Hour}, {"2h", 2 * time.Hour}, {"4h", 4 * time.Hour},
	{"6h", 6 * time.Hour}, {"12h", 12 * time.Hour}, {"1d", 24 * time.Hour}, {"1w", 7 * 24 * time.Hour},
}

const (
	longHistory  = 250
	someHistory  = 25 // enough for some helpers and not for others
	shortHistory = 3
)

// end is when all samples end; a fixed time keeps replays comparable.
var end = time.Date(2026, time.January, 15, 12, 0, 0, 0, time.UTC)

// situations are what a filter meets in a live market sooner or later. The
// data of each is made anew, because a filter may write to it.
var situations = slices.Concat([]situation{
	{"normal", func() types.MarketData { return market("NORMALUSDT", longHistory, waves) }},
	{"short history", func() types.MarketData { return market("SHORTHISTORYUSDT", shortHistory, waves) }},
	{"missing timeframe", func() types.MarketData { return having(market("MISSINGTIMEFRAMEUSDT", longHistory, waves)) }},
	{"nil ticker", tickerless},
	{"zero volume", silent},
	{"empty series", func() types.MarketData { return market("EMPTYSERIESUSDT", 0, waves) }},
	{"one candle", func() types.MarketData { return market("ONECANDLEUSDT", 1, waves) }},
	{"some history", func() types.MarketData { return market("SOMEHISTORYUSDT", someHistory, waves) }},
	{"flat prices", func() types.MarketData { return market("FLATPRICESUSDT", longHistory, flat) }},
	{"halted trading", halted},
	{"falling market", func() types.MarketData { return market("FALLINGMARKETUSDT", longHistory, falling) }},
	{"spike", func() types.MarketData { return market("SPIKEUSDT", longHistory, spike) }},
}, singles())

// situation makes a sample's data.
type situation struct {
	name string
	data func() types.MarketData
}

// Samples are the built-in inputs. They are shared: do not write to them.
var Samples = sync.OnceValue(func() []Sample {
	samples := make([]Sample, len(situations))
	for i, s := range situations {
		samples[i] = Sample{s.name, s.data()}
	}
	return samples
})

// SampleData makes the data of a sample anew, by its place among Samples.
func SampleData(place int) types.MarketData { return situations[place].data() }

// SamplePlace tells whether data is that of a sample itself, not only like it.
func SamplePlace(data types.MarketData) (place int, found bool) {
	place = slices.IndexFunc(Samples(), func(s Sample) bool {
		return s.Data.Symbol == data.Symbol && reflect.ValueOf(s.Data.Klines).Pointer() == reflect.ValueOf(data.Klines).Pointer()
	})
	return place, place >= 0
}

// singles are samples that have one interval each: what reads two finds the
// other one missing.
func singles() []situation {
	var made []situation
	for _, interval := range intervals {
		name := interval.name
		made = append(made, situation{"only " + name, func() types.MarketData {
			return having(market("ONLY"+strings.ToUpper(name)+"USDT", longHistory, waves), name)
		}})
	}
	return made
}

// having leaves only some intervals in a market.
func having(data types.MarketData, names ...string) types.MarketData {
	maps.DeleteFunc(data.Klines, func(name string, _ []types.Kline) bool { return !slices.Contains(names, name) })
	return data
}

func tickerless() types.MarketData {
	data := market("NILTICKERUSDT", longHistory, waves)
	data.Ticker = nil
	return data
}

func halted() types.MarketData {
	data := market("HALTEDUSDT", longHistory, flat)
	silence(data)
	for _, klines := range data.Klines {
		for i := range klines {
			klines[i].High, klines[i].Low = klines[i].Close, klines[i].Close
		}
	}
	return data
}

func silent() types.MarketData {
	data := market("ZEROVOLUMEUSDT", longHistory, waves)
	silence(data)
	return data
}
