"""What an error's calls have cost, and what is reserved for those that may have."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from filtermend.models import CallOutcome, CallRow


class Costs(NamedTuple):
    """USD: of answers that came, of calls whose answer never came, of calls that are out."""

    spent: Decimal
    unknown: Decimal
    in_flight: Decimal


def costs_of(calls: Iterable[CallRow], now: datetime) -> Costs:
    """The sums of these calls; one past its lease is unknown, written so or not."""
    spent = unknown = in_flight = Decimal(0)
    for call in calls:
        spent += call.cost_usd or 0
        if call.outcome is CallOutcome.UNKNOWN or is_lost(call, now):
            unknown += call.reserved_usd
        elif call.finished_at is None:
            in_flight += call.reserved_usd
    return Costs(spent, unknown, in_flight)


def is_lost(call: CallRow, now: datetime) -> bool:
    """Nobody has settled the call, and nobody waits for it any more."""
    over = call.lease_until is not None and call.lease_until < now
    return call.finished_at is None and over


def usd(amount: Decimal) -> str:
    """$0.0018; as many digits as it has, two at least."""
    digits = f"{amount:f}".rstrip("0").partition(".")[2]
    return f"${amount:.{max(2, len(digits))}f}"
