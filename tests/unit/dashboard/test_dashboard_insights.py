"""Queries over log lines, and embedded metrics in them."""

import json
from typing import Any

import pytest

from local.dashboard import DashboardError
from local.dashboard.emf import samples
from local.dashboard.insights import parse
from local.dashboard.logs import LogLine
from local.dashboard.series import Metric

SOURCE = "SOURCE 'group' | fields n, status "


def line(time: float, **fields: Any) -> LogLine:
    return LogLine(time, "stream", json.dumps(fields))


LINES = [
    line(1, n=1, status="proposed", message="run ended"),
    line(2, n=2, status="stopped", message="run ended"),
    line(3, n=10, status="exhausted", message="run ended", reason="the model's error"),
    line(4, n=4, message="run began"),
    LogLine(5, "stream", "START RequestId: 1"),
    LogLine(6, "stream", "[1, 2]"),
]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("| filter message = 'run ended'", ["10", "2", "1"]),
        ("| filter message = 'run ended' and status != 'proposed'", ["10", "2"]),
        ("| filter message='run ended' | filter n > 1 | sort n asc", ["2", "10"]),
        ("| filter n >= 2 | sort n desc", ["10", "4", "2"]),
        ("| filter n >= 2 | sort n desc | limit 1", ["10"]),
        ("| filter status = 'stopped' or n = 4 | sort n", ["2", "4"]),
        ("| filter not (n < 10) and n > 0", ["10"]),
        ("| filter status != 'proposed'", ["10", "2"]),
        ("| filter @message like /ended.*stopped|stopped.*ended/", ["2"]),
        ('| filter reason like "model\'s"', ["10"]),
        ("| filter @message like 'START' ", [""]),
        ("| sort @timestamp asc | limit 2", ["1", "2"]),
    ],
)
def test_a_query(query: str, numbers: list[str]) -> None:
    assert [row[0] for row in parse(SOURCE + query).rows(LINES)] == numbers


def test_cells_are_as_the_line_has_them() -> None:
    query = parse("SOURCE 'a' | SOURCE 'b' | fields @timestamp, @logStream, n, status, gone")
    assert query.sources == ["a", "b"]
    assert query.rows(LINES[1:2]) == [["1970-01-01 00:00:02.000", "stream", "2", "stopped", ""]]


@pytest.mark.parametrize(
    "query",
    [
        "fields n",
        "SOURCE 'group' | filter n = 1",
        SOURCE + "| stats count(*) by status",
        SOURCE + "| parse @message '*' as x",
        SOURCE + "| filter n ==",
        SOURCE + "| filter ispresent(n)",
        SOURCE + "| limit many",
        SOURCE + "| sort n upwards",
    ],
)
def test_what_is_not_understood_is_refused(query: str) -> None:
    with pytest.raises(DashboardError, match="the query"):
        parse(query)


def embedded(**changes: Any) -> LogLine:
    definition = {"Name": "m", "Unit": "Seconds"}
    directive = {"Namespace": "N", "Dimensions": [["a"], ["a", "b"]], "Metrics": [definition]}
    metadata = {"Timestamp": 2500, "CloudWatchMetrics": [directive]}
    content = {"_aws": metadata, "a": "x", "b": "y", "m": [1.0, 2.0]} | changes
    return line(3, **content)


def test_embedded_metrics_are_a_sample_per_value_and_set_of_dimensions() -> None:
    found = samples([*LINES, embedded()])
    one, both = frozenset({("a", "x")}), frozenset({("a", "x"), ("b", "y")})
    assert [(s.metric, s.time, s.value, s.unit) for s in found] == [
        (Metric("N", "m", dimensions), 2.5, value, "Seconds")
        for dimensions in (one, both)
        for value in (1.0, 2.0)
    ]


@pytest.mark.parametrize("change", [{"m": "many"}, {"_aws": {}}, {"m": None}])
def test_broken_embedded_metrics_are_an_error(change: dict[str, Any]) -> None:
    with pytest.raises(DashboardError, match="embedded metrics are broken"):
        samples([embedded(**change)])


def test_a_quotation_in_a_message_is_no_metric() -> None:
    assert samples([line(1, message='{"_aws": {"Timestamp": 1}}')]) == []
