"""The table of where an attempt's time goes adds up, and counts nothing twice."""

import time
from unittest.mock import patch

import pytest
from performance.functions.breakdown import Meter, Part
from performance.functions.overhead import is_one_validation
from performance.functions.recording import Request, Statement


def test_a_part_has_its_own_time_and_all_parts_are_the_whole() -> None:
    meter, clock = Meter(), iter([0, 1, 4, 5, 6, 10])
    with (
        patch.object(time, "perf_counter", lambda: next(clock)),
        meter.part("outer"),
    ):
        with meter.part("inner"):
            pass
        with meter.part("inner"):
            pass
    assert meter.parts == {"inner": Part(4, 2), "outer": Part(6, 1)}


def test_the_time_of_a_part_that_raises_counts() -> None:
    def fail() -> None:
        raise ZeroDivisionError

    meter, clock = Meter(), iter([0, 3])
    with patch.object(time, "perf_counter", lambda: next(clock)), pytest.raises(ZeroDivisionError):
        meter.watch(fail, lambda: "fails")()
    assert meter.parts == {"fails": Part(3, 1)}


def test_the_floor_has_one_request_to_the_screener() -> None:
    requests = [
        Request(step, "localhost", f"/api/{path}", {}, b"")
        for step, path in (
            ("regenerate", "mend-filter"),
            ("validate", "mend-filter"),
            ("validate", "validate-filter"),
        )
    ]
    assert list(map(is_one_validation, requests)) == [False, True, False]
    gemini = Request("regenerate", "localhost", "/v1/models/m:generateContent", {}, b"")
    assert is_one_validation(gemini)
    assert is_one_validation(Statement("regenerate", "select 1"))
