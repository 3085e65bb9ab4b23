"""AWS/Lambda: invocations, of which the local AWS makes no metrics that can be trusted.

What the state machine invokes is in its executions' histories; what anything else invokes is in
the log, where each invocation has lines from START to REPORT.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from local.aws import client
from local.dashboard import DashboardError
from local.dashboard.logs import LogLine
from local.dashboard.series import Metric, Points, Sample, Sampled, Window

NAMESPACE = "AWS/Lambda"
_UNITS = {"Invocations": "Count", "Errors": "Count", "Duration": "Milliseconds"}
_NOT_RECORDED = {"Throttles": "Count", "ConcurrentExecutions": "Count"}
_REPORT = re.compile(r"REPORT RequestId: \S+\s+Duration: ([\d.]+) ms")
_UNCAUGHT = "Traceback (most recent call last):"
_ENDS = {"TaskSucceeded", "TaskFailed", "TaskTimedOut"}
_THROTTLED = "Lambda.TooManyRequestsException"


@dataclass(frozen=True)
class Invocation:
    """One invocation: when it ended, in seconds since 1970, and how long it took."""

    function: str
    end: float
    milliseconds: float
    failed: bool

    def samples(self) -> Iterable[Sample]:
        """What AWS would count of it."""
        dimensions = frozenset({("FunctionName", self.function)})
        values = (1.0, float(self.failed), self.milliseconds)
        for (name, unit), value in zip(_UNITS.items(), values, strict=True):
            yield Sample(Metric(NAMESPACE, name, dimensions), self.end, value, unit)


class FunctionMetrics:
    """The namespace AWS/Lambda."""

    def __init__(self, invocations: Iterable[Invocation]) -> None:
        self._sampled = Sampled([sample for one in invocations for sample in one.samples()])

    def points(self, metric: Metric, stat: str, window: Window) -> Points | None:
        """A statistic per period with invocations; None for what is not known here.

        Raises:
            DashboardError: there is no such metric or statistic.
        """
        if metric.name in _NOT_RECORDED:
            return None
        if metric.name not in _UNITS or [name for name, _ in metric.dimensions] != ["FunctionName"]:
            raise DashboardError(f"there is no metric {metric}")
        return self._sampled.points(metric, stat, window)

    def unit(self, metric: Metric) -> str:
        """The unit that AWS documents."""
        return (_UNITS | _NOT_RECORDED).get(metric.name, "None")


def services(url: str) -> dict[str, str]:
    """Names of the functions, by the service that their log lines name."""
    pages = client("lambda", url).get_paginator("list_functions").paginate()
    functions = [function for page in pages for function in page["Functions"]]
    variables = [f.get("Environment", {}).get("Variables", {}) for f in functions]
    named = zip(functions, variables, strict=True)
    return {v.get("POWERTOOLS_SERVICE_NAME", ""): f["FunctionName"] for f, v in named}


def in_log(lines: Iterable[LogLine], functions: Mapping[str, str]) -> Iterable[Invocation]:
    """Invocations whose lines name their service, as those of trigger and sweep always do."""
    service: dict[str, str] = {}
    failed: set[str] = set()
    for line in lines:
        if line.message.startswith("START "):
            service.pop(line.stream, None)
            failed.discard(line.stream)
        elif line.message.startswith("{"):
            named = _service(line.message)
            service |= {line.stream: named} if named else {}
        elif line.message.startswith(_UNCAUGHT):
            failed.add(line.stream)
        elif report := _REPORT.match(line.message):
            function = functions.get(service.get(line.stream, ""))
            if function:
                took = float(report[1])
                yield Invocation(function, line.time, took, line.stream in failed)


def _service(message: str) -> str | None:
    try:
        content = json.loads(message)
    except ValueError:
        return None
    named = content.get("service")
    return named if isinstance(named, str) else None


def in_histories(url: str, machine: str) -> Iterable[Invocation]:
    """What the executions of a state machine invoked, and how long they waited for it."""
    states = client("stepfunctions", url)
    invoked = invoked_by(url, machine)
    for page in states.get_paginator("list_executions").paginate(stateMachineArn=machine):
        for execution in page["executions"]:
            histories = states.get_paginator("get_execution_history")
            pages = histories.paginate(executionArn=execution["executionArn"])
            yield from _tasks((event for page in pages for event in page["events"]), invoked)


def invoked_by(url: str, machine: str) -> dict[str, str]:
    """Names of the functions that a state machine's tasks invoke, by the task's name."""
    definition = client("stepfunctions", url).describe_state_machine(stateMachineArn=machine)
    tasks = json.loads(definition["definition"])["States"].items()
    named = {name: task.get("Arguments", {}).get("FunctionName") for name, task in tasks}
    return {name: function.rsplit(":", 1)[-1] for name, function in named.items() if function}


def _tasks(history: Iterable[dict[str, Any]], invoked: Mapping[str, str]) -> Iterable[Invocation]:
    state, began = "", 0.0
    for event in history:
        time = event["timestamp"].timestamp()
        state = event.get("stateEnteredEventDetails", {}).get("name", state)
        error = event.get("taskFailedEventDetails", {}).get("error")
        if event["type"] == "TaskScheduled":
            began = time
        elif event["type"] in _ENDS and state in invoked and error != _THROTTLED:
            failed = event["type"] != "TaskSucceeded"
            yield Invocation(invoked[state], time, (time - began) * 1000, failed)
