"""What Regenerate does next with a turn, given what the ledger already has of it."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from filtermend.models import ANSWERED, CallOutcome, CallRow

FIRST_WAIT_SECONDS = 5
LONGEST_WAIT_SECONDS = 600


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
    """Too many calls without an answer: the run stops; `lost` as in `Ask`.

    `throttled` tells the cause: the provider's quota, or answers that never came.
    """

    throttled: bool
    lost: CallRow | None = None


Move = Ask | Resume | Hold | GiveUp


def next_move(calls: list[CallRow], *, now: datetime, lost_limit: int, throttle_limit: int) -> Move:
    """Decide by the calls of a turn.

    A call that is settled is never asked again; one in flight is given its lease; one whose
    lease has passed is lost and asked again. Lost calls that were sent may have been billed, and
    a quota may stay used up: both are limited here. Calls that were never sent or failed on the
    provider's side cost nothing, and the state machine limits them.
    """
    if not calls:
        return Ask(1)
    last = max(calls, key=lambda row: row.call)
    if last.outcome in ANSWERED or (last.outcome is None and last.finished_at is not None):
        return Resume(last)
    if last.outcome is None and last.lease_until is not None and last.lease_until > now:
        return Hold(max(1, ceil((last.lease_until - now).total_seconds())))
    lost = last if last.outcome is None else None
    throttled = throttle_count(calls) >= throttle_limit
    lost_count = sum(
        row.outcome is CallOutcome.UNKNOWN or (row.outcome is None and row.sent_at is not None)
        for row in calls
    )
    if throttled or lost_count >= lost_limit:
        return GiveUp(throttled, lost)
    return Ask(last.call + 1, lost)


def throttle_count(calls: list[CallRow]) -> int:
    """How often these calls were refused with 429."""
    return sum(row.outcome is CallOutcome.THROTTLED for row in calls)


def throttle_wait(asked_seconds: int, times: int) -> int:
    """Seconds to wait after so many 429s: as the provider asks, or a growing time if longer."""
    grown = FIRST_WAIT_SECONDS * int(2 ** (times - 1))
    return max(asked_seconds, min(LONGEST_WAIT_SECONDS, grown))
