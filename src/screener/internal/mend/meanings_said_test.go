package mend

import (
	"strings"
	"testing"
)

// saying is a field or a call that a strategy settles, and what becomes of it;
// "" when the strategy does not.
type saying struct{ name, strategy, before, after string }

func checkSaid(t *testing.T, sayings []saying) {
	t.Helper()
	for _, said := range sayings {
		t.Run(said.name, func(t *testing.T) {
			_, changes, report := Compile(said.before, said.strategy)
			if report.Valid != (said.after != "") || said.after == "" && len(changes) > 0 {
				t.Fatalf("valid: %v, changes: %+v", report.Valid, changes)
			}
			if got := strings.TrimSpace(report.NormalizedCode); report.Valid && got != said.after {
				t.Errorf("got:\n%s\nwant:\n%s", got, said.after)
			}
		})
	}
}

func TestTheStrategySettlesFieldsOfTheTicker(t *testing.T) {
	change := func(field string) string { return "t := data.Ticker\nreturn t != nil && t." + field + " > 4" }
	volume := func(field string) string { return "t := data.Ticker\nreturn t != nil && t." + field + " > 20000000" }
	checkSaid(t, []saying{
		{"percent", "24h change of 4% or more, volume over 20M USDT", change("Change24h"), change("PriceChangePercent")},
		{"in words", "Daily gainers: up 4 percent or more in 24 hours.", change("PriceChange24h"), change("PriceChangePercent")},
		{"of the market data", "Up 4% today.", "return data.PriceChange > 4", "if data.Ticker == nil {\n\treturn false\n}\nreturn data.Ticker.PriceChangePercent > 4"},
		{"money", "24h turnover over 20M USDT", volume("Volume24h"), volume("QuoteVolume")},
		{"dollars", "Volume of a day above $20,000,000.", volume("Volume"), volume("QuoteVolume")},

		{"a change in dollars", "24h change above 4 USDT, RSI within 3%", change("Change24h"), ""},
		{"percent of something else", "Close 4% above the EMA, positive change.", change("Change24h"), ""},
		{"percent of a day's high", "Price within 4% of the daily high.", change("Change24h"), ""},
		{"a fraction", "Up 4% in 24h.", "t := data.Ticker\nreturn t != nil && t.PriceChange > 0.04", ""},
		{"both", "24h change above 4%, and the daily change above 4 dollars.", change("Change24h"), ""},
		{"no strategy", "", change("Change24h"), ""},
		{"a volume in coins", "Volume over 20M coins, worth 3M USDT.", volume("Volume24h"), ""},
		{"a volume of nothing", "Volume over 20M.", volume("Volume24h"), ""},
		{"money of something else", "Price above 3 USDT, volume over 20M", volume("Volume24h"), ""},
		{"a range", "A spread of 4% in 24h.", change("Spread"), ""},
	})
}

func TestTheStrategySettlesDeviations(t *testing.T) {
	bands := func(numbers string) string {
		return "ks := data.Klines[\"5m\"]\nbb := indicators.GetLatestBollingerBands(ks" + numbers + ")\nreturn bb != nil && bb.Upper > 1"
	}
	checkSaid(t, []saying{
		{"in words", "Above the upper Bollinger band, 20 periods with 1.8 deviations.", bands(", 20"), bands(", 20, 1.8")},
		{"standard", "Bollinger bands of 20 candles, 2.5 standard deviations", bands(", 20"), bands(", 20, 2.5")},
		{"after its word", "BB, period 20, stddev 3", bands(", 20"), bands(", 20, 3")},
		{"with the period", "Outside BB 20/1.5.", bands(", 20"), bands(", 20, 1.5")},
		{"usual ones", "Above the upper Bollinger band.", bands(""), bands(", 20, 2.0")},

		{"two", "Above the band of 2 deviations, below that of 3 deviations.", bands(", 20"), ""},
		{"none", "Above the upper Bollinger band.", bands(", 20"), ""},
		{"another period", "Outside BB 50/1.5.", bands(", 20"), ""},
		{"others than the usual", "Bollinger bands with 1.8 deviations.", bands(""), ""},
		{"of nothing else", "RSI 14 under 30.", "ks := data.Klines[\"5m\"]\ns := indicators.CalculateStochastic(ks, 14)\nreturn s != nil && s.K > 1", ""},
	})
}
