"""The repair of one case: what the state machine does, in this process, without its backoff.

Faults are retried as the state machine would, but sooner and less often: whoever waits for an eval
is there.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from psycopg.rows import DictRow

from evals.dataset import EvalCase
from evals.rows import Rows
from filtermend.faults import Fault
from filtermend.models import CallRow, Outcome, Step

RETRIES_AFTER_SECONDS = (1, 2, 4, 8, 16)
type Stage = Literal["regenerate", "validate", "propose"]
type Tools = Mapping[Stage, Callable[[Step], Step]]


class Interrupted(Exception):
    """The eval is being ended."""


class BrokenDown(Exception):
    """A stage's retries are used up."""

    def __init__(self, stage: Stage, step: Step, cause: Exception) -> None:
        super().__init__(f"{stage}: {type(cause).__name__}")
        self.step = step.model_copy(update={"fault": stage, "fault_name": type(cause).__name__})


@dataclass(frozen=True)
class Run:
    """A case's run, ended.

    Attributes:
        error: the error's row.
        calls: its ledger.
        seconds: the work of each attempt, by its number; waits are none.
        fault: the stage that broke down and why.
    """

    error: DictRow
    calls: list[CallRow]
    seconds: dict[int, float]
    fault: str | None


class Pipeline:
    """Repairs cases, one after the other.

    Args:
        tools: take a step of a stage.
        rows: the eval's database.
        saved_seconds: how much longer the answers since it was last asked took when they were new.
        stop: set when the eval is to end.
    """

    def __init__(
        self,
        tools: Tools,
        rows: Rows,
        saved_seconds: Callable[[], float],
        stop: threading.Event,
    ) -> None:
        self._tools = tools
        self._rows = rows
        self._saved_seconds = saved_seconds
        self._stop = stop

    def run(self, case: EvalCase) -> Run:
        """Insert the case and follow it to its end.

        Raises:
            Interrupted: `stop` was set.
        """
        step = self._rows.insert(case)
        seconds: dict[int, float] = defaultdict(float)
        fault = None
        try:
            self._follow(step, seconds)
        except BrokenDown as broken:
            fault = str(broken)
            if broken.step.fault != "propose":
                self._stage("propose", broken.step, seconds)
        return Run(self._rows.error(step), self._rows.calls(step), dict(seconds), fault)

    def _follow(self, step: Step, seconds: dict[int, float]) -> None:
        while True:
            step = self._stage("regenerate", step, seconds)
            if step.outcome is Outcome.HOLD:
                self._wait(step.wait_seconds)
                continue
            if step.outcome is Outcome.CANDIDATE:
                step = self._stage("validate", step, seconds)
            elif step.outcome is not Outcome.NO_CANDIDATE:
                return
            step = self._stage("propose", step, seconds)
            if step.outcome not in (Outcome.FEEDBACK, Outcome.RETRY):
                return

    def _stage(self, stage: Stage, step: Step, seconds: dict[int, float]) -> Step:
        """Take a step, again while it fails for a cause outside; note how long it took."""
        for pause in (*RETRIES_AFTER_SECONDS, None):
            if self._stop.is_set():
                raise Interrupted
            started = time.monotonic()
            try:
                taken = self._tools[stage](step)
            except Fault as fault:
                if pause is None:
                    raise BrokenDown(stage, step, fault) from fault
                self._wait(pause)
            except Exception as error:  # as the state machine catches all of them
                raise BrokenDown(stage, step, error) from error
            else:
                took = time.monotonic() - started
                took += self._saved_seconds() if stage == "regenerate" else 0
                seconds[step.attempt or taken.attempt or 1] += took
                return taken
        raise AssertionError("the last try returns or raises")

    def _wait(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise Interrupted
