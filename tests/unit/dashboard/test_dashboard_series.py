"""Statistics over periods, and metric math."""

from typing import Any

import pytest

from local.dashboard import DashboardError
from local.dashboard.expression import Expression
from local.dashboard.series import Metric, Sample, Sampled, Window, statistic

METRIC = Metric("N", "m", frozenset({("d", "v")}))
RATE = "IF(FILL(s, 0) + FILL(f, 0) > 0, 100 * FILL(s, 0) / (FILL(s, 0) + FILL(f, 0)))"


def samples(*values: tuple[float, float]) -> Sampled:
    return Sampled([Sample(METRIC, time, value, "Count") for time, value in values])


@pytest.mark.parametrize(
    ("stat", "value"),
    [
        ("Sum", 10),
        ("Average", 2.5),
        ("Minimum", 1),
        ("Maximum", 4),
        ("SampleCount", 4),
        ("p0", 1),
        ("p50", 2.5),
        ("p90", 3.7),
        ("p100", 4),
    ],
)
def test_a_statistic(stat: str, value: float) -> None:
    assert statistic(stat)([4, 1, 3, 2]) == pytest.approx(value)


@pytest.mark.parametrize("stat", ["sum", "p", "p101", "p1.2.3", "pp", "tm99"])
def test_an_unknown_statistic_is_refused(stat: str) -> None:
    with pytest.raises(DashboardError, match=stat):
        statistic(stat)


def test_periods_are_those_of_the_clock_and_only_those_with_samples() -> None:
    source = samples((59, 1), (61, 2), (119, 3), (185, 4), (200, 9))
    assert source.points(METRIC, "Sum", Window(90, 200, 60)) == {60: 5, 180: 4}
    assert Window(90, 200, 60).periods() == [60, 120, 180]


def test_the_whole_range_is_one_period() -> None:
    source = samples((59, 1), (61, 2), (119, 3), (200, 9))
    assert source.points(METRIC, "Sum", Window(61, 200, None)) == {61: 5}


def test_other_dimensions_are_another_metric() -> None:
    other = Metric("N", "m", frozenset({("d", "v"), ("e", "w")}))
    assert samples((1, 1)).points(other, "Sum", Window(0, 60, 60)) == {}


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("a + b", {0: 3}),
        ("a - 1", {0: 0, 60: 1}),
        ("-a * 2", {0: -2, 60: -4}),
        ("100 * a / (a + b)", {0: pytest.approx(100 / 3)}),
        ("FILL(b, 0)", {0: 2, 60: 0, 120: 0}),
        ("a / (a - 1)", {60: 2}),
        ("2 * 3", {0: 6, 60: 6, 120: 6}),
        ("IF(a > 1, a)", {60: 2}),
        ("IF(a > 1, a, 0)", {0: 0, 60: 2}),
    ],
)
def test_an_expression(text: str, points: dict[float, float]) -> None:
    series: dict[str, dict[float, float]] = {"a": {0: 1, 60: 2}, "b": {0: 2}}
    assert Expression(text).points(series, [0, 60, 120]) == points


def test_a_rate_of_nothing_is_no_rate_and_of_failures_alone_is_0() -> None:
    series: dict[str, dict[float, float]] = {"s": {60: 3}, "f": {60: 1, 120: 2}}
    assert Expression(RATE).points(series, [0, 60, 120]) == {60: 75, 120: 0}
    nothing: dict[str, dict[float, float]] = {"s": {}, "f": {}}
    assert Expression(RATE).points(nothing, [0, 60, 120]) == {}


@pytest.mark.parametrize(
    "text",
    [
        "a +",
        "a ** 9",
        "__import__('os')",
        "a.b",
        "SUM(a)",
        "FILL(a)",
        "FILL(1, 0)",
        "'a'",
        "IF(1, 2)",
        "a < b < a",
        "[a]",
        "lambda: a",
        "c",
        "a % 2",
        "not a",
        "f'{a}'",
    ],
)
def test_anything_else_is_refused_with_the_expression(text: str) -> None:
    series: dict[str, Any] = {"a": {0: 1.0}, "b": {0: 2.0}}
    with pytest.raises(DashboardError, match="the expression"):
        Expression(text).points(series, [0])
