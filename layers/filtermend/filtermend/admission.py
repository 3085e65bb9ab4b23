"""From an event to a started execution, and from a dead execution to the next run."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from filtermend import executions
from filtermend.context import failed_code
from filtermend.database import Connection, Database
from filtermend.ending import Decided, end, report_end
from filtermend.faults import AlreadyThere
from filtermend.isolation import Isolation
from filtermend.models import ErrorRef, ErrorRow, Status, Step
from filtermend.rules.admission import Refusal, Refused, refuse
from filtermend.rules.fingerprint import fingerprint
from filtermend.settings import LimitSettings, WorkflowSettings
from filtermend.store import errors, ledger
from filtermend.store.errors import Failure
from filtermend.telemetry import about, count, logger

ROW_WAIT_SECONDS = 2.0
"""An event may arrive before its transaction commits; so long is the row waited for."""
_POLL_SECONDS = 0.1
STARTS_AT_ONCE = 10
"""As many connections as the SDK keeps to a service."""
START_LEASE_SECONDS = 60
"""Between taking an error and starting its execution; then the sweep looks at it."""


@dataclass(frozen=True)
class Admitted:
    """The error's run has an execution; `new` is False when it was there before."""

    run: int
    execution: str
    new: bool


@dataclass(frozen=True)
class Admitter:
    """Starts executions; `traced` says that the log names the errors' traces.

    Doing it again changes nothing: the row's status, the fingerprint's index and the
    execution's name each decide only once.
    """

    db: Database
    workflow: WorkflowSettings
    limits: LimitSettings
    sleep: Callable[[float], None] = time.sleep
    traced: bool = False

    def admit_all(self, refs: Iterable[ErrorRef]) -> dict[str, Admitted | Refused]:
        """Admit each error once, however often it is named; by error id.

        They share one wait: a statement that was rolled back may have had a hundred rows. Their
        executions are started several at once, since the last of a hundred has to begin within
        seconds too. What is raised for one of them is raised when the others were admitted.
        """
        deadline = time.monotonic() + ROW_WAIT_SECONDS
        results: dict[str, Admitted | Refused] = {}
        starting: list[tuple[ErrorRow, Future[bool]]] = []
        with Isolation() as isolation, ThreadPoolExecutor(STARTS_AT_ONCE) as starters:
            for ref in dict.fromkeys(refs):
                with self.about(ref), isolation.part():
                    decided = self._decide(ref, deadline)
                    if isinstance(decided, ErrorRow):
                        starting.append(
                            (decided, starters.submit(self._call_start, decided, _run_of(decided)))
                        )
                    else:
                        results[str(ref.error_id)] = decided
            for error, called in starting:
                named = self.about(ErrorRef(error_id=error.id, trader_id=error.trader_id))
                with named, isolation.part():
                    new = called.result()
                    results[str(error.id)] = self._started(error, _run_of(error), new=new)
        return results

    def about(self, ref: ErrorRef, run: int | None = None) -> AbstractContextManager[None]:
        """The log's lines of the block name this error."""
        return about(ref.error_id, ref.trader_id, run, traced=self.traced)

    def admit(self, ref: ErrorRef, deadline: float | None = None) -> Admitted | Refused:
        """Start one execution for an error, or say why not.

        Args:
            ref: the error.
            deadline: until when its row is waited for, by the monotonic clock.

        Raises:
            DatabaseUnavailable: nothing was decided; send the event again.
        """
        if deadline is None:
            deadline = time.monotonic() + ROW_WAIT_SECONDS
        decided = self._decide(ref, deadline)
        if isinstance(decided, ErrorRow):
            return self._start(decided, _run_of(decided))
        return decided

    def _decide(self, ref: ErrorRef, deadline: float) -> ErrorRow | Admitted | Refused:
        """Take the error into work: a row whose run is to be started, or what was decided."""
        found = self._wait_for_row(ref, deadline)
        error = None if found is None else found.error
        refused = refuse(ref, error)
        if found is None or error is None or refused is not None:
            return _log(refused or Refused(Refusal.NOT_FOUND, "There is no such error."))
        if error.regeneration_status is Status.RUNNING:
            return self.reconcile(error)
        status = self._take(found)
        if status is Status.DUPLICATE:
            count("duplicates")
            return _log(Refused(Refusal.DUPLICATE, f"Error {error.id} is a duplicate."))
        if status is not Status.RUNNING:
            return _log(Refused(Refusal.NOT_PENDING, f"Error {error.id} is {status} now."))
        return error

    def reconcile(self, error: ErrorRow) -> Admitted | Refused:
        """Look at a running error's execution: alive, never started, or closed and unfinished."""
        run = _run_of(error)
        alive = executions.is_open(self.workflow.state_machine_arn, error.id, run)
        if alive is None:
            return self._start(error, run)
        return self._note(error, run) if alive else self.restart(error, run)

    def _start(self, error: ErrorRow, run: int) -> Admitted | Refused:
        """Start the run's execution; where that one is closed and unfinished, the next run's."""
        with about(error.id, error.trader_id, run):
            new = self._call_start(error, run)
        return self._started(error, run, new=new)

    def _call_start(self, error: ErrorRow, run: int) -> bool:
        """Only the call: threads do it, which have neither the database nor the log."""
        arn = self.workflow.state_machine_arn
        return executions.start(arn, error.id, error.trader_id, run)

    def _started(self, error: ErrorRow, run: int, *, new: bool) -> Admitted | Refused:
        """What follows from the call: `new`, or its name was taken."""
        arn = self.workflow.state_machine_arn
        with about(error.id, error.trader_id, run):
            if not new:
                alive = executions.is_open(arn, error.id, run)
                return self._note(error, run) if alive else self.restart(error, run)
            noted = self._note(error, run)
            logger.info("execution started")
        return replace(noted, new=noted.new or run > 1)

    def _note(self, error: ErrorRow, run: int) -> Admitted:
        """The execution is alive: nobody needs to look at it for another lease.

        Whoever started it may have died before this; then it is new to the error all the same.
        """
        lease = self.limits.run_lease_seconds
        first = self.db.transact(lambda conn: errors.mark_started(conn, error.id, lease))
        if first:
            count("errors_in")
        return Admitted(run, executions.name_of(error.id, run), new=first)

    def restart(self, error: ErrorRow, run: int) -> Admitted | Refused:
        """Begin the run after one whose execution is closed and whose error is unfinished."""
        broke_down = error.regeneration_status is Status.RUNNING
        breakdowns = (error.regeneration_breakdowns or 0) + broke_down
        if broke_down and breakdowns >= self.limits.automatic_runs:
            reason = f"The repair broke down in run {run}: ask for a new one when that is mended."
            self._stop(error, run, reason)
            return Refused(Refusal.NOT_PENDING, reason)
        following = self.db.transact(
            lambda conn: errors.next_run(conn, error.id, run, START_LEASE_SECONDS)
        )
        if following is None:
            return Refused(Refusal.NOT_PENDING, f"Error {error.id} is finished or in work by now.")
        with about(error.id, error.trader_id, following):
            logger.warning("run restarted", extra={"run": following})
            return self._start(error, following)

    def _stop(self, error: ErrorRow, run: int, reason: str) -> None:
        step = Step(error_id=error.id, trader_id=error.trader_id, run=run)

        def work(conn: Connection) -> Decided:
            stopped = end(conn, step, error, Status.STOPPED, reason)
            return Decided(stopped, error, ledger.calls_of(conn, error))

        decided = self.db.transact(work)
        with about(error.id, error.trader_id, run, traced=self.traced):
            report_end(decided)

    def _take(self, found: Failure) -> Status:
        """Admit a pending row; a primary that vanishes between two looks is looked for again."""
        error = found.error
        problem = fingerprint(error, failed_code(error, found.trader))
        status = Status.PENDING
        for _ in range(3):
            try:
                status = self.db.transact(
                    lambda conn: errors.admit(conn, error, problem, START_LEASE_SECONDS)
                )
            except AlreadyThere:
                status = self.db.transact(lambda conn: errors.mark_duplicate(conn, error, problem))
            if status is not Status.PENDING:
                break
        return status

    def _wait_for_row(self, ref: ErrorRef, deadline: float) -> Failure | None:
        while True:
            found = self.db.transact(
                lambda conn: errors.find_failure(conn, ref.error_id, market_data=False)
            )
            if found is not None or time.monotonic() >= deadline:
                return found
            self.sleep(_POLL_SECONDS)


def _run_of(error: ErrorRow) -> int:
    return error.regeneration_run or 1


def _log(refused: Refused) -> Refused:
    logger.info(refused.reason, extra={"refusal": refused.refusal.value})
    return refused
