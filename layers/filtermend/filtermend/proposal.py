"""Propose: decide what follows from a turn, keep the best fix, end the run where it ends."""

from dataclasses import dataclass

from filtermend.database import Connection, Database
from filtermend.ending import Decided, end, ended, report_end, superseded
from filtermend.error_trace import ErrorTrace
from filtermend.models import ANSWERED, CallOutcome, CallRow, ErrorRow, Outcome, Status, Step
from filtermend.rules.decision import better, decide
from filtermend.settings import LimitSettings
from filtermend.store import errors, ledger
from filtermend.telemetry import count
from filtermend.tracing import Tracer

_FAULTS = {
    "GeminiUnavailable": "The model could not be reached",
    "AnswerLost": "The model's answers did not arrive",
    "ValidatorUnavailable": "The validator could not be reached, the candidate is kept unvalidated",
    "DatabaseUnavailable": "The database could not be reached",
    "SettingMissing": "A setting of the repair system is missing",
    "SettingUnavailable": "The settings of the repair system could not be read",
}
_STAGES = {
    "regenerate": "The repair broke down while the model was asked",
    "validate": "The repair broke down at the validation, the candidate is kept unvalidated",
    "propose": "The repair broke down while its result was stored",
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
        decision = self.db.transact(lambda conn: self._decide(conn, step))
        self._report(step, decision)
        return decision.step

    def _decide(self, conn: Connection, step: Step) -> Decided:
        error = errors.find_error(conn, step.error_id, lock=True)
        if error is None:
            gone = {"outcome": Outcome.ENDED, "reason": "The error's row is gone."}
            return Decided(step.model_copy(update=gone))
        if superseded(error, step):
            return Decided(ended(step, error))
        calls = ledger.calls_of(conn, error)
        turn = [c for c in calls if (c.attempt, c.turn) == (step.attempt, step.turn)]
        answered = [call for call in turn if call.outcome in ANSWERED]
        if answered:
            _keep(conn, error, answered[-1])
        if step.fault is not None:
            cause = _FAULTS.get(step.fault_name or "", _STAGES[step.fault])
            reason = f"{cause}: ask for a new run when that is mended."
            return Decided(end(conn, step, error, Status.STOPPED, reason), error, calls)
        if not answered:
            raise LookupError(f"no answered call for attempt {step.attempt} turn {step.turn}")
        return Decided(self._follow(conn, step, error, calls, answered[-1]), error, calls)

    def _follow(
        self, conn: Connection, step: Step, error: ErrorRow, calls: list[CallRow], call: CallRow
    ) -> Step:
        limits = self.limits
        decision = decide(
            call,
            compiled=any(call.valid for call in calls),
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

    def _report(self, asked: Step, decided: Decided) -> None:
        """The decision's span, and the end's metrics; nothing where nothing was decided."""
        if decided.error is None:
            return
        trace = ErrorTrace(self.tracer, decided.error)
        trace.decided(asked, decided)
        if decided.step.fault is not None and decided.step.ended_here:
            count("stopped_by_fault")
        report_end(decided)


def _keep(conn: Connection, error: ErrorRow, call: CallRow) -> None:
    """Keep a candidate as the proposed fix, unless a better one is there."""
    if call.outcome is not CallOutcome.CANDIDATE or call.code is None:
        return
    if better(call, error.proposed_fix_validated, error.proposed_fix_replayed):
        errors.keep_fix(conn, call)
