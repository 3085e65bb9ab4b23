"""Watching a repair in the database: what has happened to an error so far."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from filtermend.models import Status
from local.demo.filters import BrokenFilter, Failure

FINAL = frozenset(Status) - {Status.PENDING, Status.RUNNING}


@dataclass
class Repair:
    """An error in work: its rows as they were last read, and the steps seen."""

    broken: BrokenFilter
    failure: Failure
    error_id: UUID
    error: dict[str, Any] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    @property
    def ended(self) -> bool:
        """The error is in a final state."""
        return self.error.get("regeneration_status") in FINAL

    @property
    def validated(self) -> bool:
        """A fix is proposed and valid."""
        return bool(
            self.error.get("regeneration_status") == Status.PROPOSED
            and self.error.get("proposed_fix_validated")
        )

    @property
    def mended_by(self) -> str:
        """Where the proposed fix comes from."""
        source = self.error.get("proposed_fix_source")
        return {"mechanical": "certain changes", "model": "the model"}.get(str(source), "nobody")

    @property
    def questions(self) -> int:
        """How often the model was asked."""
        return sum(call["source"] == "model" for call in self.calls)

    @property
    def tokens(self) -> tuple[int, int]:
        """Tokens read and written, over all calls."""
        read = sum(call["input_tokens"] or 0 for call in self.calls)
        written = sum(
            (call["output_tokens"] or 0) + (call["thinking_tokens"] or 0) for call in self.calls
        )
        return read, written

    @property
    def cost(self) -> Decimal:
        """USD over all calls."""
        return sum((call["cost_usd"] or Decimal(0) for call in self.calls), Decimal(0))

    @property
    def latency_seconds(self) -> float | None:
        """From the row's creation to the first attempt's start."""
        if not self.calls:
            return None
        started = min(call["started_at"] for call in self.calls)
        return float((started - self.error["created_at"]).total_seconds())

    def look(self, conn: psycopg.Connection[Any]) -> Iterator[str]:
        """Read the rows again; yields a line for each step that is new."""
        with conn.cursor(row_factory=dict_row) as cursor:
            cursor.execute("select * from trader_execution_errors where id = %s", (self.error_id,))
            self.error = cursor.fetchone() or {}
            cursor.execute(
                "select * from filter_regeneration_attempts where error_id = %s "
                "order by run, attempt, turn, call",
                (self.error_id,),
            )
            self.calls = cursor.fetchall()
        for line in self._steps():
            if line not in self.seen:
                self.seen.add(line)
                yield line

    def _steps(self) -> Iterator[str]:
        if self.error.get("auto_regeneration_triggered"):
            yield "execution started"
        for call in self.calls:
            place = f"attempt {call['attempt']} turn {call['turn']}"
            if call["source"] == "mechanical":
                yield f"{place}: certain changes, no model is asked"
            else:
                yield f"{place}: asking {call['model']}"
            if call["finished_at"] and call["source"] == "model":
                seconds = (call["latency_ms"] or 0) / 1000
                tokens = f"{call['output_tokens'] or 0} tokens"
                yield f"{place}: {call['outcome'] or 'answered'}, {tokens} in {seconds:.1f} s"
            if call["valid"] is not None:
                yield f"{place}: {_verdict(call['valid'], call['replayed'])}"
        if self.ended:
            yield f"{self.error['regeneration_status']}: {self.error['regeneration_reason']}"


def _verdict(valid: bool, replayed: bool | None) -> str:
    if not valid:
        return "does not compile"
    return {None: "compiles", True: "compiles and replays", False: "compiles, replay fails"}[
        replayed
    ]
