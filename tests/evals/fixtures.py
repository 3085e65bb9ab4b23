"""`make eval-data` writes fixtures.json with this: the same candles every time.

`python -m evals.fixtures` prints what the markets are, for the author of a case.
"""

import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evals.markets import MARKETS, Market, filled

FIXTURES = Path(__file__).with_name("fixtures.json")
END = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTES = {"1m": 1, "5m": 5, "15m": 15, "1h": 60, "4h": 240, "1d": 1440}

type Kline = dict[str, float]
type MarketData = dict[str, Any]


def fixtures() -> dict[str, MarketData]:
    """Every market as the screener's MarketData, by name."""
    return {name: market_data(name, market) for name, market in MARKETS.items()}


def market_data(name: str, market: Market) -> MarketData:
    ticker = None
    if market.change is not None:
        ticker = {
            "lastPrice": market.price,
            "priceChangePercent": market.change,
            "quoteVolume": market.quote_volume,
        }
    return {
        "symbol": market.symbol,
        "ticker": ticker,
        "klines": {
            interval: klines(name, market, interval, count) for interval, count in market.counts
        },
        "timestamp": END.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def klines(name: str, market: Market, interval: str, count: int) -> list[Kline]:
    """An interval's candles, oldest first, the last of them closing at the market's price."""
    rng = random.Random(f"{name} {interval}")  # noqa: S311  a market, not a secret
    width = (MINUTES[interval] / 5) ** 0.3  # longer candles move further
    step = MINUTES[interval] * 60_000
    start = int(END.timestamp() * 1000) - count * step
    price, drawn = 1.0, []
    for leg in filled(market.legs_of(interval), count):
        for _ in range(leg.candles):
            opened = price * (1 + rng.gauss(0, leg.noise * width) / 2000)
            price *= 1 + (leg.drift + rng.gauss(0, leg.noise)) * width / 100
            wick = leg.noise * width / 200
            high = max(opened, price) * (1 + abs(rng.gauss(0, wick)))
            low = min(opened, price) * (1 - abs(rng.gauss(0, wick)))
            volume = market.usual_volume * width * leg.volume * rng.uniform(0.75, 1.25)
            buying = min(max(leg.buying + rng.uniform(-0.06, 0.06), 0), 1)
            drawn.append((opened, high, low, price, volume, buying))
    scale = market.price / price
    return [kline(candle, scale, start + n * step, step) for n, candle in enumerate(drawn)]


def kline(candle: tuple[float, ...], scale: float, start: int, step: int) -> Kline:
    opened, high, low, close = (float(f"{value * scale:.6g}") for value in candle[:4])
    volume = round(candle[4])
    buy = round(volume * candle[5])
    return {
        "openTime": start,
        "closeTime": start + step - 1,
        "open": opened,
        "high": high,
        "low": low,
        "close": close,
        "volume": volume,
        "buyVolume": buy,
        "sellVolume": volume - buy,
        "volumeDelta": 2 * buy - volume,
        "quoteVolume": round(volume * close),
        "trades": volume // 3,
    }


def encoded(markets: dict[str, MarketData]) -> dict[str, str]:
    """Each market as JSON, without blanks."""
    return {name: json.dumps(data, separators=(",", ":")) for name, data in markets.items()}


def text(markets: dict[str, MarketData]) -> str:
    """The file's text: one fixture a line, so that a change shows which."""
    lines = (f"{json.dumps(name)}:{data}" for name, data in encoded(markets).items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    for fixture, made in fixtures().items():
        counts = {interval: len(series) for interval, series in made["klines"].items()}
        print(f"{fixture:24} {made['ticker'] and made['ticker']['priceChangePercent']} {counts}")
