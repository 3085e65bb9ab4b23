"""All that is stored of one error: its row, every call for it, and what repeats it."""

from datetime import datetime
from uuid import UUID

from filtermend.context import failed_code
from filtermend.database import Connection
from filtermend.models import CallRow, Diagnostic, ErrorRow, Source, Status, Value
from filtermend.store.errors import find_trader

MOST_DUPLICATES = 20


class StoredError(ErrorRow):
    """A row of `trader_execution_errors`, with what became of it."""

    auto_regeneration_triggered: bool | None
    regeneration_trace: str | None
    duplicate_of: UUID | None
    proposed_fix_code: str | None
    proposed_fix_source: Source | None
    proposed_fix_diagnostics: list[Diagnostic] | None
    regenerated_at: datetime | None
    fix_applied_at: datetime | None
    fix_applied_by: UUID | None


class StoredCall(CallRow):
    """A row of the ledger, with how long the answer took."""

    latency_ms: int | None


class Duplicate(Value):
    """An error that repeats this one."""

    id: UUID
    created_at: datetime | None
    regeneration_status: Status | None


class Story(Value):
    """Everything of an error.

    Attributes:
        failed_code: as it was when it failed, else as the trader has it now; "" for none.
        calls: of all its runs, in the order in which they were made.
        duplicates: the first `MOST_DUPLICATES`.
        duplicate_count: how many there are.
    """

    error: StoredError
    failed_code: str
    calls: list[StoredCall]
    duplicates: list[Duplicate]
    duplicate_count: int


def find_story(conn: Connection, error_id: UUID) -> Story | None:
    """The error's story, or None where there is no such row."""
    row = conn.execute(
        f"select {_columns(StoredError)} from trader_execution_errors where id = %s", (error_id,)
    ).fetchone()
    if row is None:
        return None
    error = StoredError.model_validate(row)
    duplicates = conn.execute(
        f"""
        select {_columns(Duplicate)}, count(*) over () as every
        from trader_execution_errors where duplicate_of = %s order by created_at limit %s
        """,
        (error_id, MOST_DUPLICATES),
    ).fetchall()
    return Story(
        error=error,
        failed_code=failed_code(error, find_trader(conn, error.trader_id)),
        calls=all_calls(conn, error_id),
        duplicates=[Duplicate.model_validate(duplicate) for duplicate in duplicates],
        duplicate_count=int(str(duplicates[0]["every"])) if duplicates else 0,
    )


def all_calls(conn: Connection, error_id: UUID) -> list[StoredCall]:
    """Every call for an error, also for one whose row is gone: what it cost stays."""
    rows = conn.execute(
        f"""
        select {_columns(StoredCall)} from filter_regeneration_attempts
        where error_id = %s order by started_at, run, attempt, turn, call
        """,
        (error_id,),
    ).fetchall()
    return [StoredCall.model_validate(row) for row in rows]


def _columns(row: type[Value]) -> str:
    """A model's fields are named as the columns are."""
    return ", ".join(row.model_fields)
