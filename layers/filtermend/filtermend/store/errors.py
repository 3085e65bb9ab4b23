"""Rows of `trader_execution_errors` and `traders`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb
from pydantic import JsonValue

from filtermend.database import Connection
from filtermend.models import CallRow, ErrorRef, ErrorRow, Status, TraderRow

_COLUMNS = """
    id, trader_id, user_id, error_type, error_message, stack_trace, trigger_interval,
    symbols_processed, execution_duration_ms, filter_code_snapshot, regeneration_count,
    created_at, resolved_at, regeneration_status, regeneration_reason, regeneration_run,
    regeneration_first_run, regeneration_breakdowns, proposed_fix_validated, proposed_fix_replayed
"""


def find_error(conn: Connection, error_id: UUID, *, lock: bool = False) -> ErrorRow | None:
    """The error, or None; `lock` holds it until the transaction ends."""
    query = f"select {_COLUMNS} from trader_execution_errors where id = %s"
    row = conn.execute(query + (" for update" if lock else ""), (error_id,)).fetchone()
    return None if row is None else ErrorRow.model_validate(row)


def find_trader(conn: Connection, trader_id: UUID) -> TraderRow | None:
    """The trader whose filter failed, or None."""
    row = conn.execute(
        "select id, user_id, name, description, filter, strategy from traders where id = %s",
        (trader_id,),
    ).fetchone()
    return None if row is None else TraderRow.model_validate(row)


@dataclass(frozen=True)
class Failure:
    """An error with all that a repair needs of it.

    Attributes:
        trader: whose filter failed; None when it is gone.
        market_data: what made the filter fail, as stored; None without, or where it was not read.
    """

    error: ErrorRow
    trader: TraderRow | None
    market_data: JsonValue


def find_failure(conn: Connection, error_id: UUID, *, market_data: bool = True) -> Failure | None:
    """The error, its trader and its input in one round trip; None when there is no such error.

    The input may have megabytes: without `market_data` it stays where it is.
    """
    row = conn.execute(
        f"""
        select {_COLUMNS}, {"execution_input" if market_data else "null as execution_input"}, (
            select row_to_json(trader) from (
                select id, user_id, name, description, filter, strategy
                from traders where id = trader_id) as trader) as trader
        from trader_execution_errors where id = %s
        """,
        (error_id,),
    ).fetchone()
    if row is None:
        return None
    trader, found = row.pop("trader"), row.pop("execution_input")
    return Failure(
        error=ErrorRow.model_validate(row),
        trader=None if trader is None else TraderRow.model_validate(trader),
        market_data=found,  # type: ignore[arg-type]  # jsonb
    )


def admit(conn: Connection, error: ErrorRow, fingerprint: str, lease_seconds: int) -> Status:
    """Take a pending error into work, where its problem has no primary.

    The partial unique index on the fingerprint decides between two that come at once.

    Returns:
        `running` (its run is the row's `regeneration_run`, 1 when it had none), or the status it
        turned out to have already.

    Raises:
        UniqueViolation: the problem has a primary; see `mark_duplicate`.
    """
    taken = conn.execute(
        """
        update trader_execution_errors
        set regeneration_status = 'running', fingerprint = %s, duplicate_of = null,
            regeneration_run = coalesce(regeneration_run, 1), regeneration_reason = null,
            regeneration_lease_until = now() + make_interval(secs => %s)
        where id = %s and regeneration_status = 'pending'
        returning id
        """,
        (fingerprint, lease_seconds, error.id),
    ).fetchone()
    if taken is not None:
        return Status.RUNNING
    now = find_error(conn, error.id)
    return (now and now.regeneration_status) or Status.STOPPED


def mark_duplicate(conn: Connection, error: ErrorRow, fingerprint: str) -> Status:
    """Mark a pending error as a duplicate of its problem's primary.

    Returns:
        `duplicate`, or `pending` where the primary has vanished in between.
    """
    marked = conn.execute(
        """
        update trader_execution_errors as mine
        set regeneration_status = 'duplicate', fingerprint = %s, duplicate_of = first.id,
            regeneration_reason =
                'The same failure of the same code is in work or was answered already.'
        from trader_execution_errors as first
        where mine.id = %s and mine.regeneration_status = 'pending'
          and first.fingerprint = %s and first.duplicate_of is null and first.id <> mine.id
          and first.regeneration_status in
              ('running', 'proposed', 'exhausted', 'over_budget', 'stopped', 'rejected')
        returning mine.id
        """,
        (fingerprint, error.id, fingerprint),
    ).fetchone()
    return Status.DUPLICATE if marked else Status.PENDING


def mark_started(conn: Connection, error_id: UUID, lease_seconds: int) -> bool:
    """Record that an execution was really started; True when it is the error's first.

    It is alive for so many seconds, if it has not ended by now.
    """
    row = conn.execute(
        """
        update trader_execution_errors as error
        set auto_regeneration_triggered = true, regeneration_lease_until = case
            when error.regeneration_status = 'running' then now() + make_interval(secs => %s)
            else error.regeneration_lease_until end
        from (
            select id, not coalesce(auto_regeneration_triggered, false) as is_first
            from trader_execution_errors where id = %s for update) as before
        where error.id = before.id
        returning before.is_first
        """,
        (lease_seconds, error_id),
    ).fetchone()
    return row is not None and bool(row["is_first"])


def count_attempt(
    conn: Connection, error_id: UUID, attempt: int, lease_seconds: int, trace_id: str | None
) -> None:
    """Record that an attempt began, and where it is traced; the table's check allows three."""
    conn.execute(
        """
        update trader_execution_errors
        set regeneration_count = greatest(regeneration_count, %s),
            regeneration_lease_until = now() + make_interval(secs => %s),
            regeneration_trace = coalesce(%s, regeneration_trace)
        where id = %s
        """,
        (attempt, lease_seconds, trace_id, error_id),
    )


def uncount_attempt(conn: Connection, error: ErrorRow, attempt: int) -> None:
    """Take an attempt back of which no question was answered, nor may have been."""
    conn.execute(
        """
        update trader_execution_errors set regeneration_count = %s
        where id = %s and regeneration_count = %s and not exists (
            select from filter_regeneration_attempts as calls
            where calls.error_id = %s and calls.run >= %s and calls.attempt = %s
              and (calls.outcome is null or calls.outcome not in ('throttled', 'failed')))
        """,
        (attempt - 1, error.id, attempt, error.id, error.regeneration_first_run or 1, attempt),
    )


def postpone(conn: Connection, error_id: UUID, seconds: int) -> None:
    """Let the sweep leave a pending error alone for a while."""
    conn.execute(
        """
        update trader_execution_errors
        set regeneration_lease_until = now() + make_interval(secs => %s)
        where id = %s and regeneration_status = 'pending'
        """,
        (seconds, error_id),
    )


def keep_fix(conn: Connection, call: CallRow) -> None:
    """Store a candidate on the error as the proposed fix, with its verdict."""
    diagnostics = [d.model_dump() for d in call.diagnostics or []]
    conn.execute(
        """
        update trader_execution_errors
        set proposed_fix_code = %s, proposed_fix_validated = %s, proposed_fix_replayed = %s,
            proposed_fix_diagnostics = %s, proposed_fix_source = %s, regenerated_at = now()
        where id = %s
        """,
        (
            call.code, call.valid is True, call.replayed, Jsonb(diagnostics), call.source,
            call.error_id,
        ),
    )  # fmt: skip


def set_lease(conn: Connection, error_id: UUID, lease_seconds: int) -> None:
    """Say that the run is alive for so many seconds more."""
    conn.execute(
        """
        update trader_execution_errors
        set regeneration_lease_until = now() + make_interval(secs => %s)
        where id = %s and regeneration_status = 'running'
        """,
        (lease_seconds, error_id),
    )


def end_run(
    conn: Connection,
    error_id: UUID,
    run: int,
    status: Status,
    reason: str,
    *,
    until: datetime | None = None,
) -> ErrorRow | None:
    """End the run, unless the next has begun, with a status and a sentence for the user.

    `until` is when a run over budget is taken up again; the sweep looks at it.

    Returns:
        The error as it is then, or None when the run had ended before.
    """
    row = conn.execute(
        f"""
        update trader_execution_errors
        set regeneration_status = %s, regeneration_reason = %s, regeneration_lease_until = %s
        where id = %s and regeneration_run = %s and regeneration_status = 'running'
        returning {_COLUMNS}
        """,
        (status, reason, until, error_id, run),
    ).fetchone()
    return None if row is None else ErrorRow.model_validate(row)


def next_run(conn: Connection, error_id: UUID, former: int, lease_seconds: int) -> int | None:
    """Begin the next run of an error whose execution was seen closed and unfinished.

    One that was running broke down, and is counted; one over budget did not.

    Returns:
        Its number, or None when somebody else has done so.
    """
    row = conn.execute(
        """
        update trader_execution_errors
        set regeneration_run = %s, regeneration_status = 'running', regeneration_reason = null,
            regeneration_breakdowns = coalesce(regeneration_breakdowns, 0)
                + (regeneration_status = 'running')::int,
            regeneration_lease_until = now() + make_interval(secs => %s)
        where id = %s and regeneration_run = %s
          and regeneration_status in ('running', 'over_budget')
        returning regeneration_run
        """,
        (former + 1, lease_seconds, error_id, former),
    ).fetchone()
    return None if row is None else former + 1


def unreached(
    conn: Connection, max_age_hours: int, grace_seconds: int, limit: int
) -> list[ErrorRef]:
    """Pending errors that no event reached, oldest first; not those resolved or postponed.

    Older ones than the age are not taken up, unless a person asked for a new run of them.
    """
    rows = conn.execute(
        """
        select id as error_id, trader_id from trader_execution_errors
        where regeneration_status = 'pending' and resolved_at is null
          and coalesce(regeneration_lease_until, '-infinity') < now()
          and (created_at is null
               or (created_at > now() - make_interval(hours => %s) or regeneration_run > 1)
                  and created_at < now() - make_interval(secs => %s))
        order by created_at limit %s
        """,
        (max_age_hours, grace_seconds, limit),
    ).fetchall()
    return [ErrorRef.model_validate(row) for row in rows]


def stop_stale(conn: Connection, max_age_hours: int, reason: str, limit: int) -> int:
    """Stop pending errors that are too old to be taken up; returns how many.

    They would stand before the younger ones in the index for ever.
    """
    stopped = conn.execute(
        """
        update trader_execution_errors
        set regeneration_status = 'stopped', regeneration_reason = %s
        where id in (
            select id from trader_execution_errors
            where regeneration_status = 'pending' and coalesce(regeneration_run, 1) = 1
              and created_at <= now() - make_interval(hours => %s)
            order by created_at limit %s for update skip locked)
        """,
        (reason, max_age_hours, limit),
    )
    return stopped.rowcount


def undelivered_feedback(conn: Connection, limit: int) -> list[ErrorRow]:
    """Errors whose fix was decided on, and whose trace does not say so yet."""
    rows = conn.execute(
        f"""
        select {_COLUMNS} from trader_execution_errors
        where regeneration_trace is not null and regeneration_feedback_at is null
          and regeneration_status in ('applied', 'rejected')
        limit %s
        """,
        (limit,),
    ).fetchall()
    return [ErrorRow.model_validate(row) for row in rows]


def mark_feedback(conn: Connection, decided: list[ErrorRow]) -> None:
    """Record that these decisions are on their traces; one that was changed since is not."""
    conn.execute(
        """
        update trader_execution_errors as error set regeneration_feedback_at = now()
        from unnest(%s::uuid[], %s::text[]) as told (id, status)
        where error.id = told.id and error.regeneration_status = told.status
        """,
        ([error.id for error in decided], [error.regeneration_status for error in decided]),
    )


def past_lease(conn: Connection, limit: int) -> list[ErrorRef]:
    """Errors whose run is past its lease, or over budget and its new day has begun."""
    rows = conn.execute(
        """
        select id as error_id, trader_id from trader_execution_errors
        where regeneration_status in ('running', 'over_budget')
          and regeneration_lease_until < now()
        order by regeneration_lease_until limit %s
        """,
        (limit,),
    ).fetchall()
    return [ErrorRef.model_validate(row) for row in rows]
