"""The demo's three filters, as an LLM would have written them, each with one defect.

Two are certain to mend; the third needs a model that reads the strategy.

None of the errors is written here: the screener runs the filters and says what goes wrong.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

SEED = 20261120
_CANDLE_MS = {"1h": 3_600_000, "15m": 900_000, "5m": 300_000}


@dataclass(frozen=True)
class BrokenFilter:
    """A filter, its strategy in the trader's words, and how much history it meets.

    Attributes:
        candles: how many candles its timeframe has on the market that makes it fail.
    """

    name: str
    strategy: str
    indicators: list[dict[str, Any]]
    timeframe: str
    candles: int
    code: str


@dataclass(frozen=True)
class Failure:
    """What the screener said: the columns of an error row."""

    error_type: str
    message: str
    stack_trace: str
    market_data: dict[str, Any] | None = field(default=None, repr=False)


FILTERS = (
    BrokenFilter(
        name="missing helper",
        strategy="Trend following on 5 minutes: the 20 EMA is above the 50 EMA and the last close "
        "is above the 20 EMA.",
        indicators=[{"name": "EMA", "period": 20}, {"name": "EMA", "period": 50}],
        timeframe="5m",
        candles=250,
        code="""\
klines := data.Klines["5m"]
if len(klines) < 50 {
	return false
}
ema20 := indicators.GetLatestEMA(klines, 20)
ema50 := indicators.GetLatestEMA(klines, 50)
if ema20 == nil || ema50 == nil {
	return false
}
lastClose := klines[len(klines)-1].Close
return *ema20 > *ema50 && lastClose > *ema20""",
    ),
    BrokenFilter(
        name="short history",
        strategy="Momentum on 15 minutes: the price rose by more than 3 % over the last 20 candles "
        "and the last candle has more volume than the one 20 candles ago.",
        indicators=[],
        timeframe="15m",
        candles=12,
        code="""\
klines := data.Klines["15m"]
last := klines[len(klines)-1]
previous := klines[len(klines)-20]
change := (last.Close - previous.Close) / previous.Close * 100
return change > 3 && last.Volume > previous.Volume""",
    ),
    BrokenFilter(
        name="lost argument",
        strategy="Oversold bounce on 1 hour: the last close is below the lower Bollinger Band "
        "(20 candles, 2 standard deviations) and its volume is above the previous candle's.",
        indicators=[{"name": "Bollinger Bands", "period": 20, "stdDev": 2}],
        timeframe="1h",
        candles=100,
        code="""\
klines := data.Klines["1h"]
if len(klines) < 20 {
	return false
}
bands := indicators.GetLatestBollingerBands(klines, 20)
if bands == nil {
	return false
}
last := klines[len(klines)-1]
if last.Close >= bands.Lower {
	return false
}
return last.Volume > klines[len(klines)-2].Volume""",
    ),
)


def run(broken: BrokenFilter, screener_url: str, trader_id: UUID) -> Failure:
    """Run the filter in the screener and return how it fails, in a production error's words.

    Raises:
        RuntimeError: it does not fail, or the screener cannot be reached.
    """
    market_data = market(broken.timeframe, broken.candles)
    request = {"code": broken.code, "market_data": [market_data]}
    response = httpx.post(
        f"{screener_url}/api/test-filter",
        json=request,
        headers={"Accept": "application/json"},
        timeout=30,
    )
    answer = response.json()
    if response.status_code == httpx.codes.BAD_REQUEST:
        first = answer["diagnostics"][0]
        message = (
            f"failed to compile filter code: {first['line']}:{first['column']}: {first['message']}"
        )
        return Failure("compilation", message, "")
    response.raise_for_status()
    result = answer["results"][0]
    if not result["error"]:
        raise RuntimeError(f"the demo's filter {broken.name!r} ran without an error")
    message = f"panic in trader {trader_id}: {result['error']}"
    return Failure("panic", message, result["stack_trace"], market_data)


def market(timeframe: str, candles: int) -> dict[str, Any]:
    """A reproducible random walk of so many candles, as the screener's MarketData."""
    rng = random.Random(SEED)  # noqa: S311  a market to look at, not a secret
    step = _CANDLE_MS[timeframe]
    start = int(datetime(2026, 11, 20, tzinfo=UTC).timestamp() * 1000) - candles * step
    price, klines = 100.0, []
    for n in range(candles):
        opened, price = price, price * (1 + rng.gauss(0, 0.004))
        volume = rng.uniform(50, 150)
        klines.append(
            {
                "openTime": start + n * step,
                "closeTime": start + (n + 1) * step - 1,
                "open": opened,
                "high": max(opened, price) * 1.001,
                "low": min(opened, price) * 0.999,
                "close": price,
                "volume": volume,
                "buyVolume": volume * 0.5,
                "sellVolume": volume * 0.5,
                "volumeDelta": 0.0,
                "quoteVolume": volume * price,
                "trades": 100,
            }
        )
    ticker = {"lastPrice": price, "priceChangePercent": price - 100, "quoteVolume": 1e6}
    return {
        "symbol": "DEMOUSDT",
        "ticker": ticker,
        "klines": {timeframe: klines},
        "timestamp": "2026-11-20T00:00:00Z",
    }
