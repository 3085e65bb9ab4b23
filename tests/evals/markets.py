"""Made-up markets: what each fixture's candles do, interval by interval.

A market is a list of legs per interval. A leg is so many candles with a drift and a noise; the
first one fills up what the others leave. Intervals are drawn apart from each other, and all end
at the ticker's last price.
"""

from dataclasses import dataclass, replace

FULL = {"1m": 50, "5m": 100, "15m": 100, "1h": 100, "4h": 60, "1d": 40}
"""How many candles an interval has: enough for its usual indicators, and the file stays small."""


@dataclass(frozen=True)
class Leg:
    """Candles of one kind.

    Attributes:
        candles: how many; 0 in the first leg fills up.
        drift, noise: mean and deviation of a candle's change, in percent.
        volume: as a multiple of the market's usual volume.
        buying: the buyers' share of the volume.
    """

    candles: int
    drift: float
    noise: float
    volume: float = 1.0
    buying: float = 0.5


@dataclass(frozen=True)
class Market:
    """A symbol's legs, its last price and its 24 hours.

    Attributes:
        other: legs of intervals that do something else than `legs`.
        change: the ticker's change in percent; None leaves the ticker out.
        usual_volume: of one 5m candle.
        counts: candles per interval.
    """

    symbol: str
    price: float
    change: float | None
    quote_volume: float
    legs: tuple[Leg, ...]
    other: tuple[tuple[str, tuple[Leg, ...]], ...] = ()
    usual_volume: float = 1000
    counts: tuple[tuple[str, int], ...] = tuple(FULL.items())

    def legs_of(self, interval: str) -> tuple[Leg, ...]:
        return dict(self.other).get(interval, self.legs)


UP = (Leg(0, 0.22, 0.35, 1, 0.57), Leg(12, 0.32, 0.3, 1.3, 0.62))
DOWN = (Leg(0, -0.22, 0.35, 1, 0.43), Leg(12, -0.3, 0.3, 1.2, 0.38))
CHOP = (Leg(0, 0.0, 0.3), Leg(1, -0.2, 0.05, 0.9, 0.48))
DIP = (Leg(0, 0.15, 0.25, 1, 0.55), Leg(14, -0.55, 0.2, 1.1, 0.4), Leg(1, 0.25, 0.02, 1.4, 0.6))
QUIET = (Leg(0, 0.02, 0.5), Leg(30, 0.0, 0.05, 0.6))
SPIKE = (Leg(0, -0.06, 0.25), Leg(1, 0.3, 0.05, 1.6, 0.58), Leg(1, 2.8, 0.05, 6, 0.82))
REVERSAL = (Leg(0, -0.3, 0.3, 1, 0.42), Leg(6, 0.0, 0.15, 0.8), Leg(9, 0.6, 0.2, 2.2, 0.66))


def _few(candles: int) -> tuple[tuple[str, int], ...]:
    return tuple((interval, candles) for interval in FULL)


MARKETS: dict[str, Market] = {
    "up_trend": Market(
        "BTCUSDT",
        64210.0,
        4.2,
        910_000_000,
        UP,
        other=(
            (
                "1d",
                (*UP[:1], Leg(4, 1.1, 0.3, 1.5)),
            ),
        ),
    ),
    "down_trend": Market("ETHUSDT", 2480.0, -5.1, 420_000_000, DOWN),
    "chop": Market("BNBUSDT", 602.0, 0.3, 88_000_000, CHOP),
    "spike_up_with_volume": Market(
        "SOLUSDT", 152.0, 8.9, 260_000_000, SPIKE, other=(("4h", UP), ("1d", UP))
    ),
    "crash": Market(
        "LUNAUSDT",
        41.0,
        -22.5,
        150_000_000,
        (Leg(0, 0.08, 0.3), Leg(5, -3.2, 0.6, 6, 0.2)),
        other=(("1d", UP),),
    ),
    "oversold": Market(
        "ADAUSDT",
        36.5,
        -6.8,
        12_000_000,
        (Leg(0, -0.05, 0.3), Leg(18, -0.7, 0.25, 1.4, 0.35), Leg(1, 0.35, 0.05, 1.9, 0.64)),
    ),
    "overbought": Market(
        "AVAXUSDT",
        58.3,
        12.4,
        34_000_000,
        (Leg(0, 0.05, 0.3), Leg(18, 0.75, 0.25, 1.7, 0.66)),
    ),
    "reversal_up": Market(
        "LINKUSDT", 18.4, 3.3, 21_000_000, REVERSAL, other=(("4h", DOWN), ("1d", DOWN))
    ),
    "bullish_engulfing": Market(
        "DOTUSDT",
        74.6,
        -1.4,
        9_000_000,
        (Leg(0, -0.12, 0.25), Leg(3, -0.5, 0.1, 0.9), Leg(1, 1.3, 0.02, 2.4, 0.7)),
    ),
    "bearish_engulfing": Market(
        "ATOMUSDT",
        91.7,
        1.2,
        7_500_000,
        (Leg(0, 0.12, 0.25), Leg(3, 0.5, 0.1, 0.9), Leg(1, -1.3, 0.02, 2.4, 0.3)),
    ),
    "squeeze_then_breakout": Market(
        "NEARUSDT", 55.2, 5.6, 18_000_000, (*QUIET, Leg(2, 1.6, 0.1, 4, 0.74))
    ),
    "high_volatility": Market(
        "PEPEUSDT", 120.0, 15.8, 75_000_000, (Leg(0, 0.05, 2.6, 2), Leg(2, 1.9, 0.4, 4.5, 0.6))
    ),
    "low_volume": Market(
        "OLDUSDT", 100.4, -0.6, 40_000, (Leg(0, 0.01, 0.2, 0.02),), usual_volume=800
    ),
    "pullback_in_up_trend": Market(
        "INJUSDT", 240.0, 1.9, 66_000_000, UP, other=(("1m", DIP), ("5m", DIP), ("15m", DIP))
    ),
    "short_history": Market("NEWUSDT", 100.9, 2.0, 3_000_000, UP, counts=_few(5)),
    "twenty_five_candles": Market(
        "FRESHUSDT",
        101.6,
        3.1,
        5_000_000,
        (Leg(0, 0.05, 0.25), Leg(2, 0.6, 0.1, 1.8, 0.6), Leg(1, 2.8, 0.05, 6, 0.82)),
        counts=_few(25),
    ),
    "empty_series": Market("HALTUSDT", 12.0, 0.0, 0, UP, counts=_few(0)),
    "one_timeframe_only": Market("ARBUSDT", 88.1, 2.7, 15_000_000, UP, counts=(("1h", 60),)),
    "missing_timeframes": Market("GONEUSDT", 33.0, -0.4, 1_000_000, UP, counts=()),
    "nil_ticker": Market("OPUSDT", 17.9, None, 0, SPIKE, counts=_few(50)),
    "flat_zero_volume": Market(
        "FLATUSDT",
        100.0,
        0.0,
        0,
        (Leg(0, 0.0, 0.0, 0),),
        counts=tuple((interval, 40) for interval in FULL),
    ),
}


def filled(legs: tuple[Leg, ...], candles: int) -> tuple[Leg, ...]:
    """The legs with the first as long as needed; a short history keeps the newest candles."""
    rest = sum(leg.candles for leg in legs[1:])
    kept = [replace(legs[0], candles=max(candles - rest, 0)), *legs[1:]]
    surplus = sum(leg.candles for leg in kept) - candles
    for n, leg in enumerate(kept):
        cut = min(surplus, leg.candles)
        kept[n] = replace(leg, candles=leg.candles - cut)
        surplus -= cut
    return tuple(kept)
