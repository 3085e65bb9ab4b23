// Package types holds the market data a filter decides on.
package types

import "time"

// MarketData is one symbol at one moment: what a filter is called with.
type MarketData struct {
	Symbol    string             `json:"symbol"`
	Ticker    *SimplifiedTicker  `json:"ticker"` // nil when the exchange sent none
	Klines    map[string][]Kline `json:"klines"` // by interval ("5m"), oldest first; an interval may be missing
	Timestamp time.Time          `json:"timestamp"`
}

// SimplifiedTicker is the 24-hour summary of a symbol.
type SimplifiedTicker struct {
	LastPrice          float64 `json:"lastPrice"`
	PriceChangePercent float64 `json:"priceChangePercent"`
	QuoteVolume        float64 `json:"quoteVolume"`
}

// Kline is one candle.
type Kline struct {
	OpenTime    int64   `json:"openTime"`  // milliseconds
	CloseTime   int64   `json:"closeTime"` // milliseconds
	Open        float64 `json:"open"`
	High        float64 `json:"high"`
	Low         float64 `json:"low"`
	Close       float64 `json:"close"`
	Volume      float64 `json:"volume"`
	BuyVolume   float64 `json:"buyVolume"`
	SellVolume  float64 `json:"sellVolume"`
	VolumeDelta float64 `json:"volumeDelta"`
	QuoteVolume float64 `json:"quoteVolume"`
	Trades      int     `json:"trades"`
}
