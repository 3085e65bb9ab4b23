package types_test

import (
	"encoding/json"
	"testing"
	"time"

	"filtermend/screener/types"
)

func TestMarketDataKeepsItsJSONNames(t *testing.T) {
	data := types.MarketData{
		Symbol: "BTCUSDT",
		Ticker: &types.SimplifiedTicker{LastPrice: 1, PriceChangePercent: 2, QuoteVolume: 3},
		Klines: map[string][]types.Kline{"5m": {{
			OpenTime: 1, CloseTime: 2, Open: 3, High: 4, Low: 5, Close: 6, Volume: 7,
			BuyVolume: 8, SellVolume: 9, VolumeDelta: 10, QuoteVolume: 11, Trades: 12,
		}}},
		Timestamp: time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC),
	}
	want := `{"symbol":"BTCUSDT",` +
		`"ticker":{"lastPrice":1,"priceChangePercent":2,"quoteVolume":3},` +
		`"klines":{"5m":[{"openTime":1,"closeTime":2,"open":3,"high":4,"low":5,"close":6,"volume":7,` +
		`"buyVolume":8,"sellVolume":9,"volumeDelta":10,"quoteVolume":11,"trades":12}]},` +
		`"timestamp":"2026-01-15T12:00:00Z"}`
	got, err := json.Marshal(data)
	if err != nil || string(got) != want {
		t.Errorf("got %s (%v)\nwant %s", got, err, want)
	}
}

func TestATickerMayBeNull(t *testing.T) {
	var data types.MarketData
	if err := json.Unmarshal([]byte(`{"symbol":"A","ticker":null}`), &data); err != nil || data.Ticker != nil {
		t.Errorf("ticker = %v, error %v", data.Ticker, err)
	}
}
