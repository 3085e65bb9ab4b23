"""The report as values: sums of the ledger's lines, and the ledger beside what was charged.

A call and its charge are written in one transaction, so that a difference is a fault.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from filtermend.models import Value
from filtermend.store.costs import DailyCost, LedgerLine, Spending, Usd


class UserDay(Value):
    """A user's UTC day in USD, as the ledger has it and as it was charged."""

    day: date
    user_id: UUID
    ledger_spent_usd: Usd
    charged_spent_usd: Usd
    ledger_reserved_usd: Usd
    charged_reserved_usd: Usd

    @property
    def differs(self) -> bool:
        """The ledger says something else than was charged."""
        return (self.ledger_spent_usd, self.ledger_reserved_usd) != (
            self.charged_spent_usd,
            self.charged_reserved_usd,
        )


class CostReport(Value):
    """The ledger's lines and their sums, newest day first; `compared` counts users' days."""

    since: date
    lines: list[LedgerLine]
    days: dict[date, Spending]
    total: Spending
    over_limit: list[DailyCost]
    compared: int
    differences: list[UserDay]


def compare(since: date, lines: list[LedgerLine], charged: list[DailyCost]) -> CostReport:
    """The report of the ledger's lines, newest day first, beside what was charged since then."""
    user_days = _user_days(lines, charged)
    return CostReport(
        since=since,
        lines=lines,
        days={day: total(those) for day, those in groupby(lines, lambda line: line.day)},
        total=total(lines),
        over_limit=[cost for cost in charged if is_over(cost)],
        compared=len(user_days),
        differences=[user_day for user_day in user_days if user_day.differs],
    )


def total(spendings: Iterable[Spending]) -> Spending:
    """All of them together."""
    each = list(spendings)
    sums = {name: sum(getattr(one, name) for one in each) for name in Spending.model_fields}
    return Spending.model_validate(sums)


def is_over(cost: DailyCost) -> bool:
    """The user's limit was crossed that day, or a call was not made because it could be."""
    return cost.spent_usd > cost.limit_usd or cost.alert_recorded_at is not None


def _user_days(lines: list[LedgerLine], charged: list[DailyCost]) -> list[UserDay]:
    """Every user's day that the ledger or the charges have, newest first."""
    ledger = defaultdict[tuple[date, UUID], list[LedgerLine]](list)
    for line in lines:
        ledger[line.day, line.user_id].append(line)
    charges = {(cost.day, cost.user_id): cost for cost in charged}
    user_days = []
    for day, user_id in sorted(ledger.keys() | charges.keys(), reverse=True):
        spending, cost = total(ledger[day, user_id]), charges.get((day, user_id))
        user_days.append(
            UserDay(
                day=day,
                user_id=user_id,
                ledger_spent_usd=spending.settled_usd,
                charged_spent_usd=cost.spent_usd if cost else Decimal(0),
                ledger_reserved_usd=spending.unknown_usd + spending.in_flight_usd,
                charged_reserved_usd=cost.reserved_usd if cost else Decimal(0),
            )
        )
    return user_days
