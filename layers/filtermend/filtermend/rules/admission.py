"""May this error be repaired at all?"""

from dataclasses import dataclass
from enum import StrEnum

from filtermend.models import REPAIRABLE, ErrorRef, ErrorRow, Status


class Refusal(StrEnum):
    """Why an event starts nothing."""

    NOT_FOUND = "not_found"
    OTHER_TRADER = "other_trader"
    RESOLVED = "resolved"
    NOT_REPAIRABLE = "not_repairable"
    NOT_PENDING = "not_pending"
    ATTEMPTS_USED = "attempts_used"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Refused:
    """A refusal and the sentence that goes to the log and to an HTTP caller."""

    refusal: Refusal
    reason: str


def refuse(ref: ErrorRef, error: ErrorRow | None) -> Refused | None:
    """Why this event may not start a regeneration, or None when it may.

    A row that is running is not refused: its execution may have to be looked at.
    """
    if error is None:
        return Refused(
            Refusal.NOT_FOUND,
            f"There is no error {ref.error_id}: it was never committed, or it was rolled back.",
        )
    if error.trader_id != ref.trader_id:
        return Refused(
            Refusal.OTHER_TRADER,
            f"Trader not found: error {error.id} is not one of {ref.trader_id}.",
        )
    if error.resolved_at is not None:
        return Refused(Refusal.RESOLVED, f"Error {error.id} is resolved already.")
    if error.error_type not in REPAIRABLE:
        return Refused(
            Refusal.NOT_REPAIRABLE,
            f"Error {error.id} is of type {error.error_type}: only compilation, runtime and panic "
            "errors are repaired.",
        )
    if error.regeneration_status is Status.RUNNING:
        return None
    return _refuse_by_state(error)


def _refuse_by_state(error: ErrorRow) -> Refused | None:
    if error.regeneration_status is Status.EXHAUSTED:
        return Refused(
            Refusal.ATTEMPTS_USED,
            f"Max regeneration attempts reached for error {error.id}: ask for a new run by hand.",
        )
    if error.regeneration_status is Status.DUPLICATE:
        return Refused(Refusal.DUPLICATE, f"Error {error.id} is a duplicate of a known problem.")
    if error.regeneration_status is not Status.PENDING:
        state = error.regeneration_status or "older than filtermend"
        return Refused(
            Refusal.NOT_PENDING, f"Error {error.id} is {state}: nothing is started by itself."
        )
    return None
