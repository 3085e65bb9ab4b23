"""The repair of one case: what the state machine does, in this process, without its backoff.

The three tools are built by the Lambdas' own modules from their own settings. Faults are retried
as the state machine would, but sooner and less often: whoever waits for an eval is there.
"""

import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from psycopg.rows import DictRow

from evals import lambdas
from evals.dataset import EvalCase
from evals.rows import LedgerRow, Rows
from filtermend.database import Database
from filtermend.faults import Fault
from filtermend.models import Outcome, Step
from filtermend.proposal import Proposal
from filtermend.regeneration import Regenerator
from filtermend.settings import GeminiSettings, Secret
from filtermend.validation import Validation

RETRIES_AFTER_SECONDS = (1, 2, 4, 8, 16)
SPARE_SECONDS = 60
"""What a call's process has beyond the time the model may take."""
TRIAL_SEEDS = 100
"""A run's questions have seeds of their own, a few from the first; each trial begins further on."""

type Stage = Literal["regenerate", "validate", "propose"]


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
    calls: list[LedgerRow]
    seconds: dict[int, float]
    fault: str | None


class Pipeline:
    """Repairs cases, one after the other.

    Args:
        dsn: the eval's database.
        api_key: of Gemini.
        seed: of the first question.
        saved_seconds: how much longer the answers since it was last asked took when they were new.
        stop: set when the eval is to end.
    """

    def __init__(
        self,
        dsn: str,
        api_key: str,
        seed: int,
        saved_seconds: Callable[[], float],
        stop: threading.Event,
    ) -> None:
        os.environ["GEMINI_SEED"] = str(seed)
        secret = Secret(database_url=dsn, gemini_api_key=api_key)
        self._database = Database(lambda: dsn)
        regenerate, validate, propose = map(lambdas.load, ("regenerate", "validate", "propose"))
        for app in (regenerate, validate, propose):
            vars(app)["database"] = self._database
        self._regenerator: Regenerator = regenerate.regenerator(secret)
        self._validation: Validation = validate.validation(secret)
        self._proposal: Proposal = propose.proposal(secret)
        self._remaining_seconds = GeminiSettings.load().gemini_timeout_seconds + SPARE_SECONDS
        self._rows = Rows(dsn)
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

    def close(self) -> None:
        """Close the connections."""
        self._rows.close()
        self._database.close()

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
                taken = self._take(stage, step)
            except Fault as fault:
                if pause is None:
                    raise BrokenDown(stage, step, fault) from fault
                self._wait(pause)
            except Exception as error:
                raise BrokenDown(stage, step, error) from error
            else:
                took = time.monotonic() - started
                took += self._saved_seconds() if stage == "regenerate" else 0
                seconds[step.attempt or taken.attempt or 1] += took
                return taken
        raise AssertionError("the last try returns or raises")

    def _take(self, stage: Stage, step: Step) -> Step:
        match stage:
            case "regenerate":
                return self._regenerator.run(step, self._remaining_seconds)
            case "validate":
                return self._validation.run(step)
            case "propose":
                return self._proposal.run(step)

    def _wait(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise Interrupted
