"""Invocations, read from log lines and histories."""

from datetime import UTC, datetime
from typing import Any

from local.dashboard.functions import Invocation, _tasks, in_log
from local.dashboard.logs import LogLine


def lines(stream: str, *messages: str) -> list[LogLine]:
    return [LogLine(float(n), stream, message) for n, message in enumerate(messages)]


REPORT = "REPORT RequestId: 1\tDuration: 25 ms\tBilled Duration: 25 ms"
SWEEP = {"sweep": "the-sweep"}


def test_an_invocation_in_the_log_is_that_of_the_service_its_lines_name() -> None:
    good = lines("a", "START RequestId: 1", '{"service": "sweep"}', "END RequestId: 1", REPORT)
    assert list(in_log(good, SWEEP)) == [Invocation("the-sweep", 3.0, 25.0, failed=False)]
    other = lines("a", "START RequestId: 1", '{"service": "validate"}', "{", REPORT)
    unnamed = lines("a", "START RequestId: 1", REPORT)
    assert list(in_log([*other, *unnamed], SWEEP)) == []


def test_an_uncaught_exception_is_an_error_of_its_own_invocation_alone() -> None:
    named = '{"service": "sweep", "exception": "Traceback (most recent call last):"}'
    uncaught = "Traceback (most recent call last):"
    first = lines("a", "START RequestId: 1", named, uncaught, REPORT)
    second = lines("a", "START RequestId: 2", named, REPORT)
    other = lines("b", "START RequestId: 3", named, REPORT)
    found = list(in_log([*first, *second, *other], SWEEP))
    assert [invocation.failed for invocation in found] == [True, False, False]


def event(seconds: float, kind: str, **details: Any) -> dict[str, Any]:
    return {"timestamp": datetime.fromtimestamp(seconds, UTC), "type": kind} | details


def test_a_task_in_a_history_is_an_invocation_unless_it_was_throttled() -> None:
    throttled = {"error": "Lambda.TooManyRequestsException"}
    history = [
        event(1, "TaskStateEntered", stateEnteredEventDetails={"name": "Validate"}),
        event(1, "TaskScheduled"),
        event(2, "TaskFailed", taskFailedEventDetails=throttled),
        event(3, "TaskScheduled"),
        event(3.5, "TaskFailed", taskFailedEventDetails={"error": "Runtime.HandlerError"}),
        event(4, "TaskScheduled"),
        event(4.25, "TaskSucceeded"),
        event(5, "TaskStateEntered", stateEnteredEventDetails={"name": "Elsewhere"}),
        event(5, "TaskScheduled"),
        event(6, "TaskSucceeded"),
    ]
    assert list(_tasks(history, {"Validate": "the-validator"})) == [
        Invocation("the-validator", 3.5, 500.0, failed=True),
        Invocation("the-validator", 4.25, 250.0, failed=False),
    ]
