"""A run: errors come in, faults strike, and time is moved until nothing changes any more.

Nothing waits for leases and for the sweep's minute: once no execution is open, what is pending
is made a minute older, runs that are taken to be alive are put past their lease, and the sweep
is invoked. A call that nobody can be waiting for any more is put past its lease at once.
"""

import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from e2e.stack import Deployed
from tqdm import tqdm

from chaos.answers import GEMINI_SECONDS
from chaos.delivery import Delivery
from chaos.plan import PlannedError
from chaos.stack import Stack
from local import aws
from local.services import StackError

WIDTH = 4
"""So many executions at once: the machine has two cores, and each function a process."""
POLL_SECONDS = 0.2
EVENT_SECONDS = 5.0
"""How long an event is waited for before the next error comes."""
QUIET_SECONDS = 1.5
"""Longer than an event takes from its sender to its execution."""
CALL_SECONDS = GEMINI_SECONDS + 6
"""No call is waited for so long: whoever made it was killed."""
PATIENCE_SECONDS = 240.0
"""For one round; what is still open then is stuck."""
ROUNDS = 25


class Run:
    """One run on a stack.

    Attributes:
        doubled: errors that were seen with more than one open execution.
        rounds: how often time was moved.
    """

    def __init__(self, stack: Stack, errors: Sequence[PlannedError]) -> None:
        self._stack = stack
        self._errors = errors
        self._progress = tqdm(total=len(errors), desc="errors", unit="")
        self._states = stack.deployed.aws("stepfunctions")
        self.doubled: set[str] = set()
        self.rounds = 0

    def go(self) -> None:
        """Bring every error in, and see it to its end, or give up; the check says what is wrong."""
        problems = {error.problem.marker: error.problem for error in self._errors}
        with Delivery(self._stack.deployed) as delivery:
            delivery.prepare(list(problems.values()))
            for error in self._errors:
                self._wait_for(at_most=WIDTH - 1, seconds=0)
                delivery.bring_in(error)
                self._wait_for_event(error)
        self._settle()
        self._stack.services.calm()
        self._progress.close()

    def _wait_for_event(self, error: PlannedError) -> None:
        """Not for long: it may be lost, and is then found by the sweep."""
        deadline = time.monotonic() + (EVENT_SECONDS if error.ways and not error.resolved else 0)
        pending = (
            "select from trader_execution_errors where id = %s and regeneration_status = 'pending'"
        )
        while time.monotonic() < deadline:
            if self._stack.deployed.conn.execute(pending, (error.error_id,)).fetchone() is None:
                return
            time.sleep(POLL_SECONDS)

    def _settle(self) -> None:
        for self.rounds in range(ROUNDS):
            quiet = self._wait_for(at_most=0, seconds=QUIET_SECONDS)
            if not (quiet and self._unfinished()):
                return
            _move_time(self._stack.deployed)
            with suppress(StackError):  # a fault strikes the sweep itself: the next round
                self._invoke_sweep()

    def _wait_for(self, *, at_most: int, seconds: float) -> bool:
        """Wait until no more executions than that are open, and have been for so long.

        False: there were more for `PATIENCE_SECONDS`.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        since = time.monotonic()
        while time.monotonic() < deadline:
            if len(self._open()) > at_most:
                since = time.monotonic()
            elif time.monotonic() - since >= seconds:
                return True
            time.sleep(POLL_SECONDS)
        return False

    def _open(self) -> list[str]:
        """Ids of the errors with an open execution, once for each."""
        pages = self._states.get_paginator("list_executions").paginate(
            stateMachineArn=self._stack.deployed.env["STATE_MACHINE_ARN"], statusFilter="RUNNING"
        )
        _move_calls(self._stack.deployed)
        found = [execution["name"][:36] for page in pages for execution in page["executions"]]
        self.doubled |= {error_id for error_id, count in Counter(found).items() if count > 1}
        self._progress.n = len(self._errors) - self._unfinished()
        self._progress.refresh()
        return found

    def _unfinished(self) -> int:
        """Errors that have no end yet, those not inserted included."""
        row = self._stack.deployed.conn.execute(
            "select count(*) as ended from trader_execution_errors "
            "where resolved_at is not null or regeneration_status not in ('pending', 'running')"
        ).fetchone()
        assert row is not None
        return len(self._errors) - int(row["ended"])

    def _invoke_sweep(self) -> None:
        env = self._stack.deployed.env
        aws.invoke(env["AWS_ENDPOINT_URL"], env["SWEEP_FUNCTION_NAME"], {})


def _move_calls(deployed: Deployed) -> None:
    deployed.conn.execute(
        "update filter_regeneration_attempts set lease_until = now() where finished_at is null "
        "and lease_until > now() and started_at < now() - make_interval(secs => %s)",
        (CALL_SECONDS,),
    )


def _move_time(deployed: Deployed) -> None:
    """A minute for what waits for the sweep, ten for what is taken to be alive."""
    deployed.conn.execute(
        "update trader_execution_errors set created_at = created_at - interval '1 minute' "
        "where regeneration_status = 'pending' and resolved_at is null"
    )
    deployed.conn.execute(
        "update trader_execution_errors set regeneration_lease_until = now() - interval '1 second' "
        "where regeneration_status = 'running'"
    )
