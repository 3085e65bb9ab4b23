"""The committed cases.json and fixtures.json: complete, and made from what stands beside them."""

import json
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import pytest
from evals.build import output_of, row, splits
from evals.case_files import CASES, ERROR_TYPES, read
from evals.fixtures import FIXTURES, fixtures, text
from evals.recording import Failure

STALE = "run `make eval-data` and commit what it writes"


@pytest.fixture(scope="module")
def rows() -> list[dict]:
    return json.loads(output_of().read_text())


@pytest.mark.parametrize(
    "folder",
    [CASES, CASES.with_name("second"), CASES.with_name("third")],
    ids=lambda path: path.name,
)
def test_cases_are_those_of_the_case_files(folder: Path) -> None:
    rows = json.loads(output_of(folder).read_text())
    cases = read(folder)
    split = splits(cases)
    recorded = {row["id"]: Failure("", row["error_message"], row["stack_trace"]) for row in rows}
    assert [case.id for case in cases] == [row["id"] for row in rows], STALE
    assert [row(case, split[case.id], recorded[case.id]) for case in cases] == rows, STALE


def test_fixtures_are_those_of_the_markets() -> None:
    assert FIXTURES.read_text() == text(fixtures()), STALE


def test_there_are_enough_cases_of_every_kind(rows: list[dict]) -> None:
    counts = Counter(row["error_type"] for row in rows)
    assert set(counts) == set(ERROR_TYPES)
    assert counts["compilation"] >= 74
    assert {row["difficulty"] for row in rows} == {"easy", "medium", "hard"}


def test_every_class_is_in_both_halves(rows: list[dict]) -> None:
    halves: dict[str, Counter[str]] = defaultdict(Counter)
    for one in rows:
        halves[one["class"]][one["split"]] += 1
    assert not [name for name, half in halves.items() if abs(half["dev"] - half["test"]) > 1]


def test_every_failure_has_its_words(rows: list[dict]) -> None:
    assert not [row["id"] for row in rows if not row["error_message"].strip()]
    for one in rows:
        assert bool(one["stack_trace"]) == (one["error_type"] != "compilation"), one["id"]


def test_no_filter_is_there_twice(rows: list[dict]) -> None:
    for key in ("failed_code", "reference_code", "strategy"):
        twice = [value for value, n in Counter(row[key] for row in rows).items() if n > 1]
        assert twice == [], key


def test_fixtures_are_many_small_and_have_the_edges() -> None:
    markets = json.loads(FIXTURES.read_text())
    assert len(markets) >= 16
    assert FIXTURES.stat().st_size < 1_500_000
    assert markets["missing_timeframes"]["klines"] == {}
    assert set(map(len, markets["empty_series"]["klines"].values())) == {0}
    assert set(map(len, markets["short_history"]["klines"].values())) == {5}
    assert set(map(len, markets["twenty_five_candles"]["klines"].values())) == {25}
    assert list(markets["one_timeframe_only"]["klines"]) == ["1h"]
    assert markets["nil_ticker"]["ticker"] is None
    assert not any(k["volume"] for k in markets["flat_zero_volume"]["klines"]["5m"])


def test_intervals_differ_and_candles_are_candles() -> None:
    for name, market in fixtures().items():
        series = market["klines"].values()
        for one, other in combinations([[k["open"] for k in s[-5:]] for s in series], 2):
            assert one != other or not one or name == "flat_zero_volume", name
        for candle in (candle for one in series for candle in one):
            assert candle["low"] <= min(candle["open"], candle["close"]), name
            assert candle["high"] >= max(candle["open"], candle["close"]), name
            assert candle["buyVolume"] + candle["sellVolume"] == candle["volume"], name
