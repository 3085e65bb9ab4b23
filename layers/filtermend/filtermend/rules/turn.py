"""What Regenerate does next with a turn, given what the ledger already has of it."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from filtermend.models import ANSWERED, CallOutcome, CallRow


@dataclass(frozen=True)
class Ask:
    """Ask Gemini: the call's number, and the earlier call whose answer is given up, if any."""

    call: int
    lost: CallRow | None = None


@dataclass(frozen=True)
class Resume:
    """The answer is here already and paid for: go on from it."""

    call: CallRow


@dataclass(frozen=True)
class Hold:
    """Another process may still be waiting for the answer: come back in so many seconds."""

    seconds: int


@dataclass(frozen=True)
class GiveUp:
    """So many calls and no answer: the run stops; `lost` as in `Ask`."""

    calls: int
    lost: CallRow | None = None


Move = Ask | Resume | Hold | GiveUp


def next_move(calls: list[CallRow], *, now: datetime, limit: int) -> Move:
    """Decide by the last call of a turn.

    A call that is settled is never asked again; one in flight is given its lease; one whose
    lease has passed is lost (`unknown`) and asked again, at most `limit` calls a turn.
    """
    if not calls:
        return Ask(1)
    last = max(calls, key=lambda row: row.call)
    if last.outcome in ANSWERED or (last.outcome is None and last.finished_at is not None):
        return Resume(last)
    if last.outcome is None and last.lease_until is not None and last.lease_until > now:
        return Hold(max(1, ceil((last.lease_until - now).total_seconds())))
    lost = last if last.outcome is None else None
    return GiveUp(last.call, lost) if last.call >= limit else Ask(last.call + 1, lost)


def throttled_only(calls: list[CallRow]) -> bool:
    """True when every call of the turn was refused with 429: the quota is the cause."""
    return bool(calls) and all(row.outcome is CallOutcome.THROTTLED for row in calls)
