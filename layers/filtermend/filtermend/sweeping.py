"""The sweep: what no event reached, what died on the way, and what was left open."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from filtermend import alerts, executions
from filtermend.admission import Admitted, Admitter
from filtermend.claim import close_lost
from filtermend.error_trace import ErrorTrace
from filtermend.isolation import Isolation
from filtermend.models import ErrorRef, Status, Value
from filtermend.rules.admission import Refused
from filtermend.settings import AlertSettings
from filtermend.store import budget, errors, ledger
from filtermend.telemetry import about, count, logger
from filtermend.tracing import Tracer

BATCH = 100
STALE_BATCH = 1_000
GRACE_SECONDS = 15
"""An event gets so long to arrive before the sweep does its work."""
POSTPONE_SECONDS = 120
"""So long is an error left alone whose start failed: it must not stand in the others' way."""
CLOSE_AFTER_SECONDS = 900
"""A call is closed so long after its lease: until then its run does that, or a retry of it."""


class Swept(Value):
    """What one sweep did."""

    stale: int = 0
    started: int = 0
    restarted: int = 0
    alive: int = 0
    closed: int = 0
    alerts: int = 0
    feedback: int = 0


@dataclass(frozen=True)
class Sweep:
    """Everything a sweep uses; short transactions, no lock held during a call out."""

    admitter: Admitter
    settings: AlertSettings
    tracer: Tracer

    def run(self) -> Swept:
        """One pass over at most `BATCH` rows of each kind, oldest first.

        The six jobs and the rows of each are done whatever becomes of the others; what failed
        is raised at the end, so that the function's alarm sees it.
        """
        count("sweep_runs")
        with Isolation() as isolation:
            stale = self._stop_stale(isolation)
            started = self._take_up_unreached(isolation)
            revived = self._reconcile_past_lease(isolation)
            swept = Swept(
                stale=stale,
                started=sum(isinstance(result, Admitted) for result in started),
                restarted=sum(isinstance(r, Admitted) and r.new for r in revived),
                alive=sum(isinstance(r, Admitted) and not r.new for r in revived),
                closed=self._close_open_calls(isolation),
                alerts=self._deliver_alerts(isolation),
                feedback=self._deliver_feedback(isolation),
            )
            logger.info("swept", extra=swept.model_dump())
        return swept

    def reconcile_execution(self, name: str) -> Admitted | Refused | None:
        """Look at an execution that EventBridge says has failed: `{error_id}-{run}`."""
        error_id = executions.error_of(name)
        return None if error_id is None else self._reconcile(error_id, Status.RUNNING)

    def _stop_stale(self, isolation: Isolation) -> int:
        """End errors with a reason that nothing reached in time."""
        hours = self.admitter.limits.sweep_max_age_hours
        reason = f"It was not repaired within {hours} hours: ask for a new run if it still matters."
        with isolation.part(job="stale"):
            db = self.admitter.db
            return db.transact(lambda conn: errors.stop_stale(conn, hours, reason, STALE_BATCH))
        return 0

    def _take_up_unreached(self, isolation: Isolation) -> list[Admitted | Refused]:
        age = self.admitter.limits.sweep_max_age_hours
        results = []
        with isolation.part(job="unreached"):
            db = self.admitter.db
            for ref in db.transact(lambda conn: errors.unreached(conn, age, GRACE_SECONDS, BATCH)):
                named = self.admitter.about(ref)
                with named, isolation.part(), self._postponed(ref.error_id):
                    results.append(self.admitter.admit(ref, deadline=0))
        return results

    @contextmanager
    def _postponed(self, error_id: UUID) -> Generator[None]:
        """An error that fails to start is left alone for a while."""
        try:
            yield
        except Exception:  # whatever it was, it is raised again
            db = self.admitter.db
            db.transact(lambda conn: errors.postpone(conn, error_id, POSTPONE_SECONDS))
            raise

    def _reconcile_past_lease(self, isolation: Isolation) -> list[Admitted | Refused | None]:
        results = []
        with isolation.part(job="past lease"):
            for ref in self.admitter.db.transact(lambda conn: errors.past_lease(conn, BATCH)):
                with self.admitter.about(ref), isolation.part():
                    found = self._reconcile(ref.error_id, Status.RUNNING, Status.OVER_BUDGET)
                    results.append(found)
        return results

    def _reconcile(self, error_id: UUID, *statuses: Status) -> Admitted | Refused | None:
        """Take up an error's run, unless the error is gone or has another status by now."""
        error = self.admitter.db.transact(lambda conn: errors.find_error(conn, error_id))
        if error is None or error.regeneration_status not in statuses:
            return None
        run = error.regeneration_run or 1
        with self.admitter.about(ErrorRef(error_id=error.id, trader_id=error.trader_id), run):
            if error.regeneration_status is Status.OVER_BUDGET:
                return self.admitter.restart(error, run)
            return self.admitter.reconcile(error)

    def _close_open_calls(self, isolation: Isolation) -> int:
        """Close calls whose run died and was never followed by another."""
        closed = 0
        with isolation.part(job="open calls"):
            db, limits = self.admitter.db, self.admitter.limits
            for call in db.transact(
                lambda conn: ledger.open_past_lease(conn, CLOSE_AFTER_SECONDS, BATCH)
            ):
                named = about(call.error_id, run=call.run, attempt=call.attempt)
                with named, isolation.part(call_id=str(call.id)):
                    db.transact(partial(close_lost, call=call, limits=limits))
                    closed += 1
        return closed

    def _deliver_alerts(self, isolation: Isolation) -> int:
        """Publish alerts with their stable id; one that fails is tried again next minute."""
        delivered = 0
        with isolation.part(job="alerts"):
            db = self.admitter.db
            for alert in db.transact(lambda conn: budget.undelivered_alerts(conn, BATCH)):
                with isolation.part(alert_id=str(alert.alert_id)):
                    self._deliver(alert)
                    delivered += 1
        return delivered

    def _deliver_feedback(self, isolation: Isolation) -> int:
        """Log what users decided on the traces; what Braintrust does not take goes again later."""
        with isolation.part(job="feedback"):
            db = self.admitter.db
            if not self.tracer.enabled:
                return 0
            decided = db.transact(lambda conn: errors.undelivered_feedback(conn, BATCH))
            for error in decided:
                with about(error.id, error.trader_id, error.regeneration_run, traced=True):
                    ErrorTrace(self.tracer, error).judged()
            if decided and self.tracer.flush():
                db.transact(lambda conn: errors.mark_feedback(conn, decided))
                return len(decided)
        return 0

    def _deliver(self, alert: budget.BudgetAlert) -> None:
        alerts.deliver(alert, self.settings)
        self.admitter.db.transact(lambda conn: budget.mark_delivered(conn, alert))
        count("budget_alerts")
