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
        "The quote volume test is optional, where it is not known.",
        "Coins younger than 30 days are measured from their first candle.",
        "If the 1d chart has not started yet, use 4h.",
        "No daily chart? Then the 4h decides.",
        "When volume is zero, treat the ratio as 1.",
        "Without a ticker assume 0% change.",
        "Missing values count as neutral.",
        "If there's less than a day of data compare with the open of the first candle.",
        "Use the daily MA if it is available, otherwise the 4h one.",
        "If the long average does not exist yet, price above the short one is enough.",
        "In case the 4h isn't available take the 1h.",
        "With too little history it passes.",
        "A coin with no 4h candles gets the benefit of the doubt.",
        "If nobody traded, call it neutral.",
        "Where the divisor is zero the answer is yes.",
        "No losers at all in the window = infinitely strong, that's a match.",
        "No red candles means it passes.",
        "When there were no red candles, that is a match.",
        "Too new for a weekly? Daily then.",
        "If RSI can't be calculated, pretend it's 50.",
        "Short charts: scale the window down.",
        "For young listings take the gain since the first candle.",
        "The volume test only applies when there are 20 candles.",
        "New coins where the 30 doesn't exist yet only need the close over the 9, no ema9 no signal",
        "If it hasn't been listed long enough, make the box out of the candles before.",
        "Not a single red one among them? Perfect, take it.",
        "If one of the colours does not show up, its average is simply zero.",
        "If all 20 candles are dead, let the coin through.",
        "Coins with no volume at all I look at by hand.",
        "A colour that does not show up has an average of zero.",
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
        ("4h trend must be up too, if the 4h is available.", "4h"),
        ("Daily must agree, but only if we have daily candles.", "1d"),
        ("The 4h check is skipped for coins without 4h data.", "4h"),
        ("If no ticker is sent, ignore the 24h change.", "ticker"),
        ("No 1d data? Skip the daily trend.", "1d"),
        ("No ticker, no problem: then just ignore the daily change.", "ticker"),
        ("The 4h confirmation is waived when there are no 4h candles.", "4h"),
        ("When there is no ticker the 24h filter does not apply.", "ticker"),
        ("Only check the daily trend for coins that have daily candles.", "1d"),
        ("Timeframes with under 12 candles drop out of both sums.", "intervals"),
    ],
)
def test_a_check_that_counts_only_with_its_data_is_optional(strategy: str, optional: str) -> None:
    read = read_missing_data(f"RSI 14 under 30 on 5 minutes. {strategy}")
    assert read == MissingData(is_open=False, optional=frozenset({optional}))


@pytest.mark.parametrize(
    "strategy",
    [
        "Young listings: whatever history there is.",
        "Use whatever candles exist.",
        "Coins listed less than 50 hours ago are compared with their first close.",
        "if theres no history for the 200 ema use the longest one you can compute",
        "Not 60 values there yet? Average the ones that are there.",
        "Young coins don't have 55 yet, compare against as many as they do have.",
        "A young chart with less candles than it needs gets it from everything it has.",
        "Go over the last 30 candles (all of them if the chart is shorter).",
        "New listings: compare with the close of the very first candle they have.",
        "Highest high of 30; with a shorter history, of as many of them as there are.",
        "Take the highest high of the last 60 candles, or as many as there are.",
        "If there are fewer than 60 candles, use all there are.",
        "Not 60 closes there yet? Then as many as it has. No candles at all = not interested.",
        "Average of 60 closes, or as many as there are. No chart at all: no.",
    ],
)
def test_fewer_candles_are_taken_where_there_are_fewer(strategy: str) -> None:
    read = read_missing_data(f"RSI 14 under 30 on 5 minutes. {strategy}")
    assert read == MissingData(is_open=False, optional=frozenset(), fewer=True)
    assert read.is_said


@pytest.mark.parametrize(
    "strategy",
    [
        "Compare against as many as they do have - but with fewer than 10 candles I'm out.",
        "Average as many as there are. Skip coins with fewer than 10 candles.",
        "Average as many as there are. Skip new listings.",
        "Average as many as there are. There have to be at least 5 candles.",
        "Average as many as there are. If there's no ticker, take the last close.",
        "Average as many as there are. No daily candles: skip the daily check.",
        "Not 60 there? Average the ones that are there, otherwise use the 4h.",
        "As many green candles as there are red ones when the chart is shorter.",
        "With fewer than 60 candles all of them must be green.",
        "If there's less than a day of data compare with the open of the first candle.",
        "The ones that are there count double.",
        "Not 20 candles there? Use as many as there are, only on the 4h.",
    ],
)
def test_fewer_candles_with_a_second_decision_are_open(strategy: str) -> None:
    read = read_missing_data(strategy)
    assert read.is_open
    assert not read.fewer


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
        "If there are too few candles, it is no match.",
        "Where there is no volume, hence no VWAP, or no chart: no.",
        "No trade when the coin is too young, or has no ticker.",
        "Skip coins with too few candles.",
        "Needs at least 50 candles.",
        "Not enough data means no match.",
        "No data, no trade.",
        "Coins with less than 30 candles are ignored.",
        "Ignore coins without a ticker.",
        "Without 4h data it's a no.",
        "no candle of the last ten closed under the ema",
        "none of the last 3 candles is red",
        "RSI not above 70, close not under the EMA, fewer than 3 red candles among the last 10",
        "volume of no candle exceeds twice the average",
        "price has not yet crossed the upper band",
        "The price must not fall below the low of the last 20 candles.",
        "If the 1h closes green, the 4h must not be red; otherwise the 4h has to be green.",
        "Use the ticker's last price and compare it with the EMA.",
        "Count how many of the last 10 candles are green; more than 6 and it is a match.",
        "The lowest low of the last 10 candles is not lower than that of the ten before.",
        "",
    ],
)
def test_other_strategies_leave_it_to_the_contract(strategy: str) -> None:
    read = read_missing_data(strategy)
    assert read == MissingData(is_open=False, optional=frozenset())
    assert not read.is_said


def test_whatever_is_missing_may_be_done_without() -> None:
    read = read_missing_data("Whatever cannot be worked out yet scores nothing.")
    assert not read.is_open
    assert {"ticker", "1h", "1d", "intervals"} <= read.optional


def test_the_sentences_that_say_so_are_told_apart() -> None:
    said = "No daily chart? Then the 4h decides."
    read = read_missing_data(f"Close above the EMA 20. {said} Skip coins without a ticker.")
    assert read.words == (said,)
