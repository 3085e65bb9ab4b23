"""What strategies say about missing data."""

import pytest

from filtermend.rules.missing_data import MissingData, read_missing_data


@pytest.mark.parametrize(
    "strategy",
    [
        "When the exchange sends no ticker, take the last close.",
        "Use the weekly average if we do not get enough weeks, and fall back to the daily one.",
        "Every candle if there are fewer than ten.",
        "If the coin is too young, the newest candle counts double.",
        "Young listings: whatever history there is.",
        "The quote volume test is optional, where it is not known.",
        "Not 60 widths there yet? Average the ones that are there.",
        "Young ones don't have 55 yet, compare with as many as they do have.",
    ],
)
def test_what_has_to_be_read_by_somebody_is_open(strategy: str) -> None:
    assert read_missing_data(strategy) == MissingData(is_open=True, optional=frozenset())


@pytest.mark.parametrize(
    ("strategy", "optional"),
    [
        ("If the daily data is missing, go by the hourly alone.", "1d"),
        ("Without enough daily candles skip that check.", "1d"),
        ("If there is daily data, its last candle has to be green too.", "1d"),
        ("1 point for a positive day in the ticker (no ticker: no point).", "ticker"),
        ("The ticker's daily change must not be worse than -5%, where it is known.", "ticker"),
        ("Skip coins that are known to be up more than 10% in 24 hours.", "ticker"),
        ("A timeframe without candles has no vote.", "intervals"),
        ("Timeframes we do not get are not counted.", "intervals"),
        ("The coin may be too young for the 4h EMA: leave out that condition.", "4h"),
    ],
)
def test_a_check_that_counts_only_with_its_data_is_optional(strategy: str, optional: str) -> None:
    read = read_missing_data(f"RSI 14 under 30 on 5 minutes. {strategy}")
    assert read == MissingData(is_open=False, optional=frozenset({optional}))


def test_one_sentence_may_be_open_and_another_not() -> None:
    read = read_missing_data(
        "The ticker's price; when there's no ticker, the last close. "
        "Skip the daily check where the daily candles are missing."
    )
    assert read == MissingData(is_open=True, optional=frozenset({"1d"}))


@pytest.mark.parametrize(
    "strategy",
    [
        "Close above the EMA 20, no upper wick, and volume less than average.",
        "Three candles in a row with no red candles between them.",
        "Buy when RSI is not above 70 and there is a new high.",
        "The newer half of the available candles, a known pattern, if there is a hammer.",
        "Skip coins without enough daily candles.",
        "Skip new listings.",
        "A coin with missing data does not match.",
        "",
    ],
)
def test_other_strategies_leave_it_to_the_contract(strategy: str) -> None:
    read = read_missing_data(strategy)
    assert read == MissingData(is_open=False, optional=frozenset())
    assert not read.is_said
