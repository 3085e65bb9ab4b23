"""Log lines have no secrets, wherever in them they stand."""

import io
import json
from typing import Any
from uuid import UUID

import pytest

from filtermend.telemetry import count_by_type, logger

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


def test_a_counter_by_type_has_no_other_dimension(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "propose")
    count_by_type("filter_regeneration_success_total", "panic")
    line = json.loads(capsys.readouterr().out)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Dimensions"] == [["error_type"]]
    assert (line["error_type"], line["filter_regeneration_success_total"]) == ("panic", [1])
