"""The ledger `filter_regeneration_attempts`: one row per question to Gemini or mechanical fix."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from psycopg.types.json import Jsonb

from filtermend.database import Connection
from filtermend.models import CallOutcome, CallRow, Diagnostic, ErrorRow, Source
from filtermend.rules.cost import Usage

_COLUMNS = """
    id, error_id, user_id, run, attempt, turn, call, source, model, model_version, prompt_version,
    prompt_source, outcome, answer, finish_reason, candidate_code, normalized_code, valid, replayed,
    diagnostics, input_tokens, output_tokens, thinking_tokens, cached_tokens, cost_usd,
    reserved_usd, lease_until, trace_id, started_at, sent_at, finished_at
"""


@dataclass(frozen=True)
class NewCall:
    """A call as it is written down before it is made."""

    error_id: UUID
    user_id: UUID
    run: int
    attempt: int
    turn: int
    call: int
    source: Source
    model: str | None
    prompt_version: str | None
    prompt_source: str | None
    reserved_usd: Decimal
    lease_seconds: float
    trace_id: str | None


def calls_of(conn: Connection, error: ErrorRow) -> list[CallRow]:
    """Every call for an error since a person last asked for it, in the order they were made."""
    rows = conn.execute(
        f"""
        select {_COLUMNS} from filter_regeneration_attempts
        where error_id = %s and run >= %s order by attempt, turn, call
        """,
        (error.id, error.regeneration_first_run or 1),
    ).fetchall()
    return [CallRow.model_validate(row) for row in rows]


def open_past_lease(conn: Connection, grace_seconds: int, limit: int) -> list[CallRow]:
    """Calls that were begun and never settled, so long after their lease; the oldest first."""
    rows = conn.execute(
        f"""
        select {_COLUMNS} from filter_regeneration_attempts
        where finished_at is null and lease_until < now() - make_interval(secs => %s)
        order by lease_until limit %s
        """,
        (grace_seconds, limit),
    ).fetchall()
    return [CallRow.model_validate(row) for row in rows]


def find_call(conn: Connection, call_id: UUID) -> CallRow:
    """One call by its id; it must exist."""
    row = conn.execute(
        f"select {_COLUMNS} from filter_regeneration_attempts where id = %s", (call_id,)
    ).fetchone()
    return CallRow.model_validate(row)


def begin_call(conn: Connection, new: NewCall, now: datetime) -> UUID:
    """Write the call down, with its lease and the reserved worst case.

    `now` is when it begins: its UTC day is the one whose budget it was reserved from.
    """
    row = conn.execute(
        """
        insert into filter_regeneration_attempts
            (error_id, user_id, run, attempt, turn, call, source, model, prompt_version,
             prompt_source, reserved_usd, trace_id, started_at, lease_until)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
                now() + make_interval(secs => %s))
        returning id
        """,
        (
            new.error_id, new.user_id, new.run, new.attempt, new.turn, new.call, new.source,
            new.model, new.prompt_version, new.prompt_source, new.reserved_usd, new.trace_id,
            now, new.lease_seconds,
        ),
    ).fetchone()  # fmt: skip
    assert row is not None  # insert … returning gives one row
    return UUID(str(row["id"]))


def mark_sent(conn: Connection, call_id: UUID) -> bool:
    """Record that the call goes out now; False when it was given up in the meantime."""
    row = conn.execute(
        "update filter_regeneration_attempts set sent_at = now() "
        "where id = %s and finished_at is null returning id",
        (call_id,),
    ).fetchone()
    return row is not None


def settle_answer(
    conn: Connection,
    call_id: UUID,
    *,
    answer: str,
    finish_reason: str,
    model_version: str | None,
    usage: Usage,
    cost_usd: Decimal,
    latency_ms: int,
) -> CallRow | None:
    """Store an answer and what it cost; the call then, or None when it was settled before."""
    row = conn.execute(
        f"""
        update filter_regeneration_attempts
        set answer = %s, finish_reason = %s, model_version = %s, input_tokens = %s,
            output_tokens = %s, thinking_tokens = %s, cached_tokens = %s, cost_usd = %s,
            latency_ms = %s, finished_at = now(), outcome = null
        where id = %s and finished_at is null returning {_COLUMNS}
        """,
        (
            answer, finish_reason, model_version, usage.input, usage.output, usage.thinking,
            usage.cached, cost_usd, latency_ms, call_id,
        ),
    ).fetchone()  # fmt: skip
    return None if row is None else CallRow.model_validate(row)


def settle_mechanical(conn: Connection, call_id: UUID, changes: str) -> None:
    """Store what was changed without a model, which costs nothing."""
    conn.execute(
        """
        update filter_regeneration_attempts
        set answer = %s, finish_reason = 'STOP', cost_usd = 0, latency_ms = 0, finished_at = now()
        where id = %s
        """,
        (changes, call_id),
    )


def settle_failure(
    conn: Connection,
    call_id: UUID,
    outcome: CallOutcome,
    detail: str,
    latency_ms: int | None = None,
) -> bool:
    """Close a call that brought no answer; False when it was closed before.

    An `unknown` one keeps its reservation: the provider may have billed it.
    """
    row = conn.execute(
        """
        update filter_regeneration_attempts
        set outcome = %s, finish_reason = %s, latency_ms = %s, finished_at = now(),
            cost_usd = case when %s then null else 0 end
        where id = %s and finished_at is null returning id
        """,
        (outcome, detail, latency_ms, outcome is CallOutcome.UNKNOWN, call_id),
    ).fetchone()
    return row is not None


def record_reading(
    conn: Connection,
    call_id: UUID,
    outcome: CallOutcome,
    code: str | None,
    diagnostics: list[Diagnostic],
) -> None:
    """Store what was found in an answer: the candidate, or why there is none."""
    conn.execute(
        """
        update filter_regeneration_attempts
        set outcome = %s, candidate_code = %s, diagnostics = %s where id = %s
        """,
        (outcome, code, _json(diagnostics), call_id),
    )


def record_verdict(
    conn: Connection,
    call_id: UUID,
    *,
    valid: bool,
    normalized_code: str | None,
    replayed: bool | None,
    diagnostics: list[Diagnostic],
) -> None:
    """Store the validator's verdict and how the replay went."""
    conn.execute(
        """
        update filter_regeneration_attempts
        set valid = %s, normalized_code = %s, replayed = %s, diagnostics = %s where id = %s
        """,
        (valid, normalized_code, replayed, _json(diagnostics), call_id),
    )


def _json(diagnostics: list[Diagnostic]) -> Jsonb:
    return Jsonb([diagnostic.model_dump() for diagnostic in diagnostics])
