"""Strategies that decide themselves what counts when data is missing."""

import pytest

from filtermend.rules.missing_data import decides_without_data


@pytest.mark.parametrize(
    "strategy",
    [
        "If the daily data is missing, go by the hourly alone.",
        "When the exchange sends no ticker, take the last close.",
        "Timeframes we do not get are not counted.",
        "Use the weekly average if there are enough weeks, and fall back to the daily one.",
        "Every candle if there are fewer than ten.",
        "Without enough daily candles skip that check.",
    ],
)
def test_a_strategy_that_speaks_of_missing_data_is_read(strategy: str) -> None:
    assert decides_without_data(strategy)


@pytest.mark.parametrize(
    "strategy",
    [
        "Close above the EMA 20, no upper wick, and volume less than average.",
        "Three candles in a row with no red candles between them.",
        "Buy when RSI is not above 70 and there is a new high.",
    ],
)
def test_other_strategies_are_not(strategy: str) -> None:
    assert not decides_without_data(strategy)
