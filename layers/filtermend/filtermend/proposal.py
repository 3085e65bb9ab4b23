"""Propose: decide what follows from a turn, keep the best fix, end the run where it ends."""

from dataclasses import dataclass

from filtermend.claim import end, ended, superseded
from filtermend.database import Connection, Database
from filtermend.models import ANSWERED, CallOutcome, CallRow, ErrorRow, Outcome, Status, Step
from filtermend.rules.decision import better, decide
from filtermend.settings import LimitSettings
from filtermend.store import errors, ledger
from filtermend.telemetry import count, logger, seconds
from filtermend.tracing import Tracer

_FAULTS = {
    "regenerate": "The model could not be reached: ask for a new run later.",
    "validate": "The validator could not be reached: the candidate is kept, unvalidated.",
    "propose": "The repair broke down while it was stored: ask for a new run.",
}


@dataclass(frozen=True)
class Proposal:
    """Everything a proposal uses."""

    db: Database
    limits: LimitSettings
    tracer: Tracer

    def run(self, step: Step) -> Step:
        """Decide on a turn that has its verdict, or end a run whose retries are used up.

        Returns:
            The step with outcome `feedback` (the next turn), `retry` (the next attempt, after
            the wait that belongs to it) or `ended`.
        """
        before = self.db.transact(lambda conn: errors.find_error(conn, step.error_id))
        after = self.db.transact(lambda conn: self._decide(conn, step))
        if before is not None and not superseded(before, step):
            self._report(before, after)
        return after

    def _decide(self, conn: Connection, step: Step) -> Step:
        error = errors.find_error(conn, step.error_id, lock=True)
        if error is None:
            return step.model_copy(update={"outcome": Outcome.ENDED, "reason": "The row is gone."})
        if superseded(error, step):
            return ended(step, error)
        calls = ledger.calls_of_run(conn, error.id, step.run)
        turn = [c for c in calls if (c.attempt, c.turn) == (step.attempt, step.turn)]
        answered = [call for call in turn if call.outcome in ANSWERED]
        if answered:
            _keep(conn, error, answered[-1])
        if step.fault is not None:
            return end(conn, step, error, Status.STOPPED, _FAULTS[step.fault])
        if not answered:
            raise LookupError(f"no answered call for attempt {step.attempt} turn {step.turn}")
        compiled = any(call.valid for call in calls)
        return self._follow(conn, step, error, answered[-1], compiled=compiled)

    def _follow(
        self, conn: Connection, step: Step, error: ErrorRow, call: CallRow, *, compiled: bool
    ) -> Step:
        limits = self.limits
        decision = decide(
            call,
            compiled=compiled,
            turns=limits.turns_per_attempt,
            max_attempts=limits.max_attempts,
        )
        if decision.status is not None and decision.reason is not None:
            return end(conn, step, error, decision.status, decision.reason)
        errors.set_lease(conn, error.id, limits.run_lease_seconds)
        if decision.outcome is Outcome.FEEDBACK:
            place = {"attempt": call.attempt, "turn": call.turn + 1}
        else:
            place = {"attempt": call.attempt + 1, "turn": 1}
        return step.model_copy(update=place | {"outcome": decision.outcome, "wait_seconds": 0})

    def _report(self, error: ErrorRow, step: Step) -> None:
        """Metrics, log and trace of a decision; each counts once, when the run ends."""
        with self.tracer.span(
            "decision",
            error.regeneration_trace,
            type="function",
            output=step.model_dump(mode="json", include={"outcome", "status", "reason"}),
        ):
            pass
        if step.outcome is not Outcome.ENDED:
            return
        ok = step.status is Status.PROPOSED
        count("filter_regeneration_success_total" if ok else "filter_regeneration_failures_total")
        seconds("filter_regeneration_duration_seconds", error.age_seconds)
        logger.info("run ended", extra={"status": step.status, "count": step.regeneration_count})


def _keep(conn: Connection, error: ErrorRow, call: CallRow) -> None:
    """Keep a candidate as the proposed fix, unless a better one is there."""
    if call.outcome is not CallOutcome.CANDIDATE or call.code is None:
        return
    if better(call, error.proposed_fix_validated, error.proposed_fix_replayed):
        errors.keep_fix(conn, call)
