"""Claiming a turn: under the row's lock, decide whether Gemini is asked, and write it down."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import JsonValue

from filtermend.database import Connection
from filtermend.ending import Decided, end, ended, superseded
from filtermend.models import (
    ANSWERED,
    CallOutcome,
    CallRow,
    ErrorRow,
    Outcome,
    Status,
    Step,
    TraderRow,
)
from filtermend.rules.turn import GiveUp, Hold, Resume, next_move
from filtermend.settings import LimitSettings
from filtermend.store import budget, errors, ledger


@dataclass(frozen=True)
class Case:
    """What is known of an error when its turn comes: rows, and the calls made for it so far."""

    error: ErrorRow
    trader: TraderRow
    market_data: JsonValue
    calls: list[CallRow]
    step: Step
    attempt: int
    turn: int

    def earlier(self) -> CallRow | None:
        """The last answered call before this turn: its candidate and diagnostics feed back."""
        before = [
            call
            for call in self.calls
            if call.outcome in ANSWERED and (call.attempt, call.turn) < (self.attempt, self.turn)
        ]
        return before[-1] if before else None

    def next_step(self, outcome: Outcome, wait_seconds: int = 0) -> Step:
        """The workflow's step with this turn named, and what came of it."""
        return self.step.model_copy(
            update={
                "attempt": self.attempt,
                "turn": self.turn,
                "outcome": outcome,
                "wait_seconds": wait_seconds,
            }
        )


@dataclass(frozen=True)
class Claimed:
    """The call is written down and may be made: nobody else will make it."""

    call_id: UUID
    reserved: Decimal
    day: date
    begins_attempt: bool


def load_case(conn: Connection, step: Step, limits: LimitSettings) -> Case | Decided:
    """Read everything about the error, or end the run where there is nothing to do."""
    failure = errors.find_failure(conn, step.error_id)
    if failure is None:
        gone = {"outcome": Outcome.ENDED, "reason": "The error's row is gone."}
        return Decided(step.model_copy(update=gone))
    error, trader = failure.error, failure.trader
    if superseded(error, step):
        return Decided(ended(step, error))
    calls = ledger.calls_of(conn, error)

    def stop(status: Status, reason: str) -> Decided:
        return Decided(end(conn, step, error, status, reason), error, calls)

    if error.resolved_at is not None:
        return stop(Status.STOPPED, "The error was resolved in the meantime.")
    if trader is None:
        return stop(Status.STOPPED, "The filter's trader is gone.")
    attempt, turn = _place(step, calls)
    if attempt > limits.max_attempts:
        used = f"All {limits.max_attempts} attempts were used: please correct the filter by hand."
        return stop(Status.EXHAUSTED, used)
    return Case(error, trader, failure.market_data, calls, step, attempt, turn)


def _place(step: Step, calls: list[CallRow]) -> tuple[int, int]:
    """The attempt and turn: as the step names them, or where the calls so far left off.

    An execution starts without naming them. When it takes over from one that died, it goes on
    from the last call, whose answer may be here already.
    """
    if step.attempt is not None:
        return step.attempt, step.turn
    return (calls[-1].attempt, calls[-1].turn) if calls else (1, 1)


def claim(
    conn: Connection,
    case: Case,
    limits: LimitSettings,
    new_call: Callable[[int], ledger.NewCall],
) -> Claimed | CallRow | Step:
    """Take the turn; `new_call` makes the ledger's row for a call of that number.

    Returns:
        `Claimed` when Gemini is to be asked now, the call whose answer is here already, or
        the step that says to hold on or that the run ended.
    """
    error = errors.find_error(conn, case.error.id, lock=True)
    if error is None or superseded(error, case.step):
        return ended(case.step, error or case.error)
    calls = [
        call
        for call in ledger.calls_of(conn, error)
        if (call.attempt, call.turn) == (case.attempt, case.turn)
    ]
    now = datetime.now(UTC)
    move = next_move(
        calls,
        now=now,
        lost_limit=limits.lost_calls_per_turn,
        throttle_limit=limits.throttled_calls_per_turn,
    )
    match move:
        case Resume(call):
            return call
        case Hold(wait):
            return case.next_step(Outcome.HOLD, wait)
    if move.lost is not None:
        close_lost(conn, move.lost, limits)
    if isinstance(move, GiveUp):
        return end(conn, case.step, error, Status.STOPPED, _gave_up(throttled=move.throttled))
    new = new_call(move.call)
    limit = limits.daily_cost_limit_usd
    over = budget.reserve(conn, error.user_id, new.reserved_usd, limit, now.date())
    if over is not None:
        reason = (
            f"The daily limit of ${over.limit_usd.normalize():f} for automatic repairs is "
            "reached: this error is taken up again tomorrow (UTC)."
        )
        return end(conn, case.step, error, Status.OVER_BUDGET, reason, until=over.until)
    errors.count_attempt(conn, error.id, case.attempt, limits.run_lease_seconds, new.trace_id)
    begins = case.turn == 1 and move.call == 1
    return Claimed(ledger.begin_call(conn, new, now), new.reserved_usd, now.date(), begins)


def close_lost(conn: Connection, call: CallRow, limits: LimitSettings) -> None:
    """Close a call that nobody waits for any more.

    One that was sent is `unknown` and keeps its reservation; one that was not has failed, and an
    attempt that was nothing else is taken back.
    """
    error = errors.find_error(conn, call.error_id, lock=True)  # the order in which a claim locks
    if call.sent_at is not None:
        ledger.settle_failure(conn, call.id, CallOutcome.UNKNOWN, "lease passed")
    elif ledger.settle_failure(conn, call.id, CallOutcome.FAILED, "never sent"):
        if error is not None:
            errors.uncount_attempt(conn, error, call.attempt)
        budget.settle(
            conn,
            call.user_id,
            call.started_at.astimezone(UTC).date(),
            reserved=call.reserved_usd,
            spent=Decimal(0),
            default_limit=limits.daily_cost_limit_usd,
        )


def _gave_up(*, throttled: bool) -> str:
    if throttled:
        return "The model's quota is used up: ask for a new run later."
    return "The model's answers did not arrive: ask for a new run later."
