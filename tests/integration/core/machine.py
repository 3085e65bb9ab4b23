"""The state machine of src/workflow, played by its own definition and without its waits.

What passes instead of the time is told to whoever plays it: leases end by it.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.template import template
from tests.unit.cloudformation import state_machine

Step = dict[str, Any]
BACKOFF = template()["Parameters"]["BackoffSeconds"]["Default"]
DEFINITION = state_machine(BackoffSeconds=BACKOFF)
STATES: dict[str, dict[str, Any]] = DEFINITION["States"]
MOST_STATES = 100
"""A run that goes through so many has no end."""


class ExecutionFailed(Exception):
    """A fault that no state catches: the execution is over, its run is not."""


@dataclass(frozen=True)
class Machine:
    """Plays executions.

    Attributes:
        invoke: calls a function by its name; what it raises is retried.
        time_passes: is told of the seconds that a wait or a retry would take.
        tries: how often a function is called before its fault is caught.
    """

    invoke: Callable[[str, Step], Step]
    time_passes: Callable[[int], None]
    tries: int = 3

    def run(self, step: Step) -> Step:
        """Follow one execution to its end; its output.

        Raises:
            ExecutionFailed: Stop itself broke down.
        """
        name = DEFINITION["StartAt"]
        for _ in range(MOST_STATES):
            state = STATES[name]
            if state["Type"] == "Task":
                name, step = self._task(state, step)
            elif state["Type"] == "Choice":
                name = _chosen(state, step)
            elif state["Type"] == "Wait":
                self.time_passes(_seconds(state["Seconds"], step))
                name = state["Next"]
            else:
                return {field: step[field] for field in state["Output"]}
        raise AssertionError(f"no end after {MOST_STATES} states: {step}")

    def _task(self, state: dict[str, Any], step: Step) -> tuple[str, Step]:
        """The next state's name and its input."""
        [function] = re.findall(r"\$\{(\w+)FunctionArn\}", state["Arguments"]["FunctionName"])
        for tries_left in reversed(range(self.tries)):
            try:
                return state["Next"], self.invoke(function.lower(), step)
            except Exception as fault:  # States.ALL, as the definition catches it
                if tries_left:
                    self.time_passes(state["Retry"][-1]["MaxDelaySeconds"])
                    continue
                if "Catch" not in state:
                    raise ExecutionFailed from fault
                [catch] = state["Catch"]
                [stage] = re.findall(r"'fault': '(\w+)'", catch["Output"])
                facts = {"fault": stage, "fault_name": type(fault).__name__}
                return catch["Next"], step | facts
        raise AssertionError("the last try returns or raises")


def _chosen(state: dict[str, Any], step: Step) -> str:
    for choice in state["Choices"]:
        [outcome] = re.findall(r"input\.outcome = '(\w+)'", choice["Condition"])
        if step["outcome"] == outcome:
            return str(choice["Next"])
    return str(state["Default"])


def _seconds(expression: str, step: Step) -> int:
    listed = re.search(r"\[[\d,]+\]", expression)
    return int(json.loads(listed[0])[step["attempt"] - 1] if listed else step["wait_seconds"])
