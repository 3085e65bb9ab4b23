"""What each user spent and reserved per UTC day, and the alert when it is too much."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from filtermend.database import Connection
from filtermend.models import Value


@dataclass(frozen=True)
class OverBudget:
    """The reservation was refused; `until` is the start of the next UTC day."""

    limit_usd: Decimal
    until: datetime


class BudgetAlert(Value):
    """A user's spending crossed the limit; `alert_id` stays the same however often it is sent."""

    alert_id: UUID
    user_id: UUID
    day: date
    spent_usd: Decimal
    reserved_usd: Decimal


def reserve(
    conn: Connection, user_id: UUID, amount: Decimal, default_limit: Decimal, today: date
) -> OverBudget | None:
    """Reserve a call's worst case for the user's day, whose row stays locked until commit.

    It is reserved first and given back where that is too much: one round trip, most of the time.

    Returns:
        None when it fits; else why not, and the alert is recorded.
    """
    row = conn.execute(
        """
        insert into filter_regeneration_daily_costs as costs (user_id, day, reserved_usd)
        values (%s, %s, %s)
        on conflict (user_id, day)
            do update set reserved_usd = costs.reserved_usd + excluded.reserved_usd
        returning spent_usd + reserved_usd as committed, coalesce((
            select daily_cost_limit_usd from filter_regeneration_limits
            where user_id = costs.user_id), %s) as daily_limit
        """,
        (user_id, today, amount, default_limit),
    ).fetchone()
    assert row is not None  # an upsert returns its row
    limit = Decimal(str(row["daily_limit"]))
    if amount == 0 or Decimal(str(row["committed"])) <= limit:
        return None
    conn.execute(
        """
        update filter_regeneration_daily_costs set reserved_usd = reserved_usd - %s
        where user_id = %s and day = %s
        """,
        (amount, user_id, today),
    )
    record_alert(conn, user_id, today)
    tomorrow = datetime.combine(today + timedelta(days=1), time(), UTC)
    return OverBudget(limit, tomorrow)


def settle(
    conn: Connection,
    user_id: UUID,
    day: date,
    *,
    reserved: Decimal,
    spent: Decimal,
    default_limit: Decimal,
) -> None:
    """Turn a reservation into what the call really cost; record the alert at the limit."""
    row = conn.execute(
        """
        update filter_regeneration_daily_costs as costs
        set reserved_usd = greatest(0, reserved_usd - %s), spent_usd = spent_usd + %s
        where user_id = %s and day = %s
        returning spent_usd > coalesce((
            select daily_cost_limit_usd from filter_regeneration_limits
            where user_id = costs.user_id), %s) as crossed
        """,
        (reserved, spent, user_id, day, default_limit),
    ).fetchone()
    if row is not None and row["crossed"]:
        record_alert(conn, user_id, day)


def record_alert(conn: Connection, user_id: UUID, day: date) -> None:
    """Record one alert per user and day; the sweep delivers it."""
    conn.execute(
        """
        update filter_regeneration_daily_costs
        set alert_id = gen_random_uuid(), alert_recorded_at = now()
        where user_id = %s and day = %s and alert_id is null
        """,
        (user_id, day),
    )


def undelivered_alerts(conn: Connection, limit: int) -> list[BudgetAlert]:
    """Alerts that were recorded and not delivered yet, oldest first."""
    rows = conn.execute(
        """
        select alert_id, user_id, day, spent_usd, reserved_usd
        from filter_regeneration_daily_costs
        where alert_id is not null and alert_delivered_at is null
        order by alert_recorded_at limit %s
        """,
        (limit,),
    ).fetchall()
    return [BudgetAlert.model_validate(row) for row in rows]


def mark_delivered(conn: Connection, alert: BudgetAlert) -> None:
    """Record that an alert was accepted by the topic."""
    conn.execute(
        """
        update filter_regeneration_daily_costs set alert_delivered_at = now()
        where alert_id = %s and alert_delivered_at is null
        """,
        (alert.alert_id,),
    )
