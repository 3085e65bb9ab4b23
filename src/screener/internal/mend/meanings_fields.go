package mend

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// fieldNames are the contract's fields by what they are called elsewhere, in
// lower case. A name stands here only if it can mean nothing else: volume24h
// may be counted in coins, priceChange24h in dollars, time may be either end.
var fieldNames = map[string]string{
	"closeprice": "Close", "openprice": "Open", "highprice": "High", "lowprice": "Low",
	"c": "Close", "o": "Open", "h": "High", "l": "Low", "v": "Volume", "vol": "Volume",
	"buyvol": "BuyVolume", "takerbuyvolume": "BuyVolume", "takerbuybasevolume": "BuyVolume",
	"takerbuybaseassetvolume": "BuyVolume", "takerbuybase": "BuyVolume", "buybasevolume": "BuyVolume",
	"sellvol": "SellVolume", "takersellvolume": "SellVolume", "takersellbasevolume": "SellVolume",
	"quotevol": "QuoteVolume", "quoteassetvolume": "QuoteVolume", "quotevolume24h": "QuoteVolume",
	"numberoftrades": "Trades", "numtrades": "Trades", "tradecount": "Trades", "tradescount": "Trades",
	"opentimestamp": "OpenTime", "closetimestamp": "CloseTime",

	"price": "LastPrice", "last": "LastPrice", "lasttradeprice": "LastPrice", "currentprice": "LastPrice",
	"lasttradedprice": "LastPrice",
	"changepercent":   "PriceChangePercent", "pricechangepct": "PriceChangePercent", "changepct": "PriceChangePercent",
	"pricechangepercentage": "PriceChangePercent", "pricechangepercent24h": "PriceChangePercent",
	"changepercent24h": "PriceChangePercent", "percentchange": "PriceChangePercent", "pctchange": "PriceChangePercent",
	"percentchange24h": "PriceChangePercent", "percentagechange": "PriceChangePercent",

	"pair": "Symbol", "tradingpair": "Symbol", "symbolname": "Symbol",
	"candles": "Klines", "candle": "Klines", "candlesticks": "Klines", "kline": "Klines", "klinedata": "Klines",

	"upperband": "Upper", "upperbollinger": "Upper", "middleband": "Middle", "mid": "Middle", "midband": "Middle",
	"basis": "Middle", "lowerband": "Lower", "lowerbollinger": "Lower",
	"line": "MACD", "macdline": "MACD", "signalline": "Signal", "macdsignal": "Signal",
	"hist": "Histogram", "macdhist": "Histogram", "macdhistogram": "Histogram",
	"percentk": "K", "kvalue": "K", "percentd": "D", "dvalue": "D",
	"value": "Values MACD", "rsi": "Values", "series": "Values",
}

// fieldMeant is the field of a structure that a name stands for: the same
// letters, or another word for it.
func fieldMeant(structure *types.Struct, name string) *types.Var {
	var same *types.Var
	if structure == nil {
		return nil
	}
	for field := range structure.Fields() {
		if field.Name() == name {
			return field
		}
		if strings.EqualFold(field.Name(), name) || slices.Contains(strings.Fields(fieldNames[strings.ToLower(name)]), field.Name()) {
			same = field
		}
	}
	return same
}

// unknownField finds a field by another name than it has.
func unknownField(s *source) *Change {
	return find(s, func(selector *ast.SelectorExpr) *Change {
		structure := structOf(s.info.TypeOf(selector.X))
		if structure == nil || !s.isInvalid(selector) {
			return nil
		}
		if field := s.fieldMeant(structure, selector.Sel.Name); field != nil && field.Name() != selector.Sel.Name {
			return s.change(selector, fmt.Sprintf("the field %s is called %s", selector.Sel.Name, field.Name()),
				s.replace(selector.Sel, field.Name()))
		}
		return nil
	})
}
