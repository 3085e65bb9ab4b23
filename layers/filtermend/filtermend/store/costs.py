"""What repairs cost by UTC day, user and model as the ledger has it, and as the days have it."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import PlainSerializer

from filtermend.database import Connection
from filtermend.models import Value

Usd = Annotated[Decimal, PlainSerializer(lambda usd: f"{usd:.8f}", str, when_used="json")]
"""US dollars; written out to the hundred-millionth that the ledger has."""


class Spending(Value):
    """Calls by how they ended, their tokens, and their USD.

    Every call is counted once. `failed` and `throttled` calls cost nothing; the answer of an
    `unknown` one never came, so that its `unknown_usd` may have been billed; one `in_flight` may
    still be answered. `mechanical` fixes asked nobody. `input_tokens` include the cached ones.
    """

    answered: int = 0
    failed: int = 0
    throttled: int = 0
    unknown: int = 0
    in_flight: int = 0
    mechanical: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    thinking_tokens: int = 0
    cached_tokens: int = 0
    settled_usd: Usd = Decimal(0)
    unknown_usd: Usd = Decimal(0)
    in_flight_usd: Usd = Decimal(0)


class LedgerLine(Spending):
    """What the ledger has of one user, UTC day and model; no model: the mechanical fixes."""

    day: date
    user_id: UUID
    model: str | None


class DailyCost(Value):
    """One row of `filter_regeneration_daily_costs`, with the limit that the user has now."""

    day: date
    user_id: UUID
    spent_usd: Usd
    reserved_usd: Usd
    limit_usd: Usd
    alert_recorded_at: datetime | None
    alert_delivered_at: datetime | None


def ledger_lines(conn: Connection, since: date, user_id: UUID | None = None) -> list[LedgerLine]:
    """The ledger's calls that were begun on that UTC day or later, newest day first.

    A call past its lease is unknown, whether or not somebody has come by and written so.
    """
    rows = conn.execute(
        """
        with calls as (
            select *, (started_at at time zone 'utc')::date as day, case
                when source = 'mechanical' then 'mechanical'
                when finished_at is null and lease_until < now() then 'unknown'
                when finished_at is null then 'in_flight'
                when outcome in ('failed', 'throttled', 'unknown') then outcome
                else 'answered' end as ending
            from filter_regeneration_attempts
            where started_at >= %(since)s
              and (%(user_id)s::uuid is null or user_id = %(user_id)s)
        )
        select day, user_id, model,
            count(*) filter (where ending = 'answered') as answered,
            count(*) filter (where ending = 'failed') as failed,
            count(*) filter (where ending = 'throttled') as throttled,
            count(*) filter (where ending = 'unknown') as unknown,
            count(*) filter (where ending = 'in_flight') as in_flight,
            count(*) filter (where ending = 'mechanical') as mechanical,
            coalesce(sum(input_tokens), 0) as input_tokens,
            coalesce(sum(output_tokens), 0) as output_tokens,
            coalesce(sum(thinking_tokens), 0) as thinking_tokens,
            coalesce(sum(cached_tokens), 0) as cached_tokens,
            coalesce(sum(cost_usd), 0) as settled_usd,
            coalesce(sum(reserved_usd) filter (where ending = 'unknown'), 0) as unknown_usd,
            coalesce(sum(reserved_usd) filter (where ending = 'in_flight'), 0) as in_flight_usd
        from calls group by day, user_id, model order by day desc, user_id, model
        """,
        {"since": datetime.combine(since, time(), UTC), "user_id": user_id},
    ).fetchall()
    return [LedgerLine.model_validate(row) for row in rows]


def daily_costs(
    conn: Connection, since: date, default_limit: Decimal, user_id: UUID | None = None
) -> list[DailyCost]:
    """What each user was charged on that UTC day or later, newest day first."""
    rows = conn.execute(
        """
        select day, user_id, spent_usd, reserved_usd, alert_recorded_at, alert_delivered_at,
            coalesce(daily_cost_limit_usd, %(default_limit)s) as limit_usd
        from filter_regeneration_daily_costs
        left join filter_regeneration_limits using (user_id)
        where day >= %(since)s and (%(user_id)s::uuid is null or user_id = %(user_id)s)
        order by day desc, user_id
        """,
        {"since": since, "default_limit": default_limit, "user_id": user_id},
    ).fetchall()
    return [DailyCost.model_validate(row) for row in rows]
