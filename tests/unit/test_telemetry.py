"""Log lines have no secrets, wherever in them they stand; metrics say whose they are."""

import io
import json
import subprocess
import sys
from typing import Any
from uuid import UUID

import pytest

from filtermend.telemetry import STACK, count_by_type, logger
from local.folder import ROOT

SECRET = "AIza" + "Sy0aB1" * 6


class Refused(Exception):
    """An error whose text quotes what it refused."""


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    stream = io.StringIO()
    for handler in logger.handlers:
        monkeypatch.setattr(handler, "stream", stream)
    return stream


def line_of(lines: io.StringIO) -> dict[str, Any]:
    text = lines.getvalue()
    assert SECRET not in text
    line: dict[str, Any] = json.loads(text)
    return line


@pytest.mark.parametrize(
    ("message", "args"),
    [(f"refused {SECRET}", ()), ("refused %s", (SECRET,)), ({"refused": [SECRET]}, ())],
)
def test_a_message_is_masked(lines: io.StringIO, message: Any, args: tuple[str, ...]) -> None:
    logger.warning(message, *args)
    assert "[masked api key " in str(line_of(lines)["message"])


def test_extra_values_are_masked_and_the_others_stay(lines: io.StringIO) -> None:
    extra = {"reason": Refused(SECRET), "in": {"a": [SECRET]}, "tries": 3, "error_id": UUID(int=7)}
    logger.error("refused", extra=extra)
    line = line_of(lines)
    assert (line["tries"], line["error_id"]) == (3, str(UUID(int=7)))
    assert line["reason"] == line["in"]["a"][0]
    assert line["reason"].startswith("[masked api key ")


def test_an_exception_s_text_and_notes_are_masked(lines: io.StringIO) -> None:
    try:
        error = Refused(f"cannot use {SECRET}")
        error.add_note(f"again: {SECRET}")
        raise error
    except Refused:
        logger.exception("refused")
    line = line_of(lines)
    assert "Refused: cannot use [masked api key " in line["exception"]
    assert "cannot use [masked api key " in line["stack_trace"]["value"]


def test_keys_of_a_request_are_masked(lines: io.StringIO) -> None:
    with logger.append_context_keys(origin=SECRET):
        logger.info("asked")
    assert line_of(lines)["origin"].startswith("[masked api key ")


def test_a_counter_by_type_has_the_stack_and_no_service(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "propose")
    count_by_type("filter_regeneration_success_total", "panic")
    line = json.loads(capsys.readouterr().out)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Dimensions"] == [["stack", "error_type"]]
    assert (line["stack"], line["error_type"]) == (STACK, "panic")
    assert line["filter_regeneration_success_total"] == [1]


PROGRAM = """
from filtermend.telemetry import count, count_by_type, dollars, metrics, seconds
for invocation in (1, 2):
    count("sweep_runs"), seconds("latency", 1.5), dollars("cost", 0.1)
    count_by_type("attempts", "panic")
    metrics.flush_metrics()
"""


def emitted(stack: str) -> list[tuple[str, frozenset[tuple[str, str]]]]:
    """Name and dimensions of each metric that a process of the stack's sweep writes."""
    output = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={
            "STACK_NAME": stack,
            "POWERTOOLS_SERVICE_NAME": "sweep",
            "PYTHONPATH": str(ROOT / "layers/filtermend"),
        },
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [
        (metric["Name"], frozenset((name, line[name]) for name in names))
        for line in map(json.loads, output.splitlines())
        for directive in line["_aws"]["CloudWatchMetrics"]
        for names in directive["Dimensions"]
        for metric in directive["Metrics"]
    ]


def test_two_stacks_have_no_metric_in_common() -> None:
    one, other = emitted("filtermend"), emitted("filtermend-staging")
    assert [name for name, _ in one] == ["attempts", "sweep_runs", "latency", "cost"] * 2
    assert all(("stack", "filtermend") in dimensions for _, dimensions in one)
    assert not set(one) & set(other)
