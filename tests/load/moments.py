"""When each error reached each stage, and how long it took from one to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

Moments = Mapping[UUID, Mapping[str, float]]
"""By error: by stage, seconds since 1970. A stage that was not recorded is missing."""

STAGES = ("row", "execution", "state", "function", "attempt", "sent", "answer", "proposed")
"""In their order. `state` and `function`: the state machine enters Regenerate; the function begins."""
HOPS = {
    ("row", "execution"): "row to execution (trigger)",
    ("execution", "state"): "execution to its first state",
    ("execution", "function"): "execution to function",
    ("state", "attempt"): "first state to first attempt",
    ("function", "attempt"): "function to first attempt (claim)",
    ("attempt", "sent"): "first attempt to question",
    ("sent", "answer"): "question to answer",
    ("answer", "proposed"): "answer to proposed fix",
    ("row", "attempt"): "row to first attempt",
    ("row", "proposed"): "row to proposed fix",
}
"""What is shown, where both ends were recorded; the last two are the sums."""


@dataclass(frozen=True)
class Spread:
    """Seconds of many errors."""

    p50: float
    p95: float
    longest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Of at least one value; a percentile is a value that was measured (nearest rank)."""
        ordered = sorted(values)
        return cls(_rank(ordered, 50), _rank(ordered, 95), ordered[-1])


def _rank(ordered: Sequence[float], percent: int) -> float:
    return ordered[-(-len(ordered) * percent // 100) - 1]


def between(moments: Moments, begin: str, end: str) -> list[float]:
    """Seconds from one stage to another, of each error that has both."""
    return [at[end] - at[begin] for at in moments.values() if begin in at and end in at]


def spreads(moments: Moments) -> dict[str, Spread]:
    """Each hop that was recorded, by its name."""
    hops = {name: between(moments, *ends) for ends, name in HOPS.items()}
    return {name: Spread.of(values) for name, values in hops.items() if values}


def recorded(dsn: str, error_ids: Sequence[UUID]) -> dict[UUID, dict[str, float]]:
    """The stages that the tables record: of a first attempt, the last call's answer."""
    query = """
        select error.id, extract(epoch from error.created_at)::float8 as row,
          extract(epoch from min(call.started_at))::float8 as attempt,
          extract(epoch from max(call.sent_at))::float8 as sent,
          extract(epoch from max(call.finished_at))::float8 as answer,
          extract(epoch from error.regenerated_at)::float8 as proposed
        from trader_execution_errors as error
        left join filter_regeneration_attempts as call on call.error_id = error.id
        where error.id = any(%s) group by error.id
    """
    with psycopg.connect(dsn, row_factory=dict_row) as conn:
        rows = conn.execute(query, (list(error_ids),)).fetchall()
    return {
        row.pop("id"): {stage: at for stage, at in row.items() if at is not None} for row in rows
    }
