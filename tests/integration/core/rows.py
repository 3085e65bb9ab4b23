"""A migrated database as a test sees it: what the screener wrote, and what became of it."""

import json
import uuid
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from filtermend.models import ErrorRef, Step

FAILED_CODE = 'klines := data.Klines["5m"]\nreturn klines[len(klines)-50].Close > 0'
MESSAGE = "runtime error: index out of range [-45]"
BEYOND_MENDING = {"filter_code_snapshot": "return mystery(1)", "error_type": "compilation"}
"""Of an error that no certain change mends: the model has to be asked."""
FILTER = {
    "code": FAILED_CODE,
    "requiredTimeframes": ["5m", "1h"],
    "indicators": [{"name": "RSI", "period": 14}],
}
STRATEGY = {"instructions": "Buy when the close fifty candles ago was above zero."}


class Rows:
    """One database, on a connection of its own; every statement is a transaction."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self._connection = psycopg.connect(dsn, autocommit=True, row_factory=dict_row)

    def run(self, statement: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        cursor = self._connection.execute(statement.encode(), parameters)
        return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        self._connection.close()

    def trader(self, user: UUID | None = None, **columns: Any) -> UUID:
        values = {
            "user_id": user or uuid.uuid4(),
            "name": "Fifty back",
            "filter": Jsonb(columns.pop("filter", FILTER)),
            "strategy": Jsonb(columns.pop("strategy", STRATEGY)),
        } | columns
        return UUID(str(self._insert("traders", values)["id"]))

    def error(
        self, trader: UUID | None = None, *, age_seconds: int = 0, **columns: Any
    ) -> ErrorRef:
        """An error as the screener inserts it: pending, unless its type is no one's to mend."""
        trader = trader or self.trader()
        [owner] = self.run("select user_id from traders where id = %s", [trader])
        values = {
            "trader_id": trader,
            "user_id": owner["user_id"],
            "error_type": "panic",
            "error_message": MESSAGE,
            "trigger_interval": "5m",
            "filter_code_snapshot": FAILED_CODE,
        } | columns
        row = self._insert("trader_execution_errors", values)
        if age_seconds:
            self.run(
                "update trader_execution_errors set created_at = now() - make_interval(secs => %s) "
                "where id = %s",
                [age_seconds, row["id"]],
            )
        return ErrorRef(error_id=row["id"], trader_id=trader)

    def running(self, trader: UUID | None = None, *, run: int = 1, **columns: Any) -> Step:
        """An error that was admitted, and the step its execution starts with."""
        ref = self.error(trader, **columns)
        self.set(ref.error_id, regeneration_status="running", regeneration_run=run)
        self.lease(ref.error_id, 600)
        return Step(error_id=ref.error_id, trader_id=ref.trader_id, run=run)

    def _insert(self, table: str, values: dict[str, Any]) -> dict[str, Any]:
        names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
        [row] = self.run(
            f"insert into {table} ({names}) values ({marks}) returning *", list(values.values())
        )
        return row

    def set(self, error_id: UUID, **columns: Any) -> None:
        changes = ", ".join(f"{name} = %s" for name in columns)
        self.run(
            f"update trader_execution_errors set {changes} where id = %s",
            [*columns.values(), error_id],
        )

    def lease(self, error_id: UUID, seconds: int) -> None:
        """Let the run's lease end in so many seconds; a negative number: it has ended."""
        self.run(
            "update trader_execution_errors "
            "set regeneration_lease_until = now() + make_interval(secs => %s) where id = %s",
            [seconds, error_id],
        )

    def row(self, error_id: UUID) -> dict[str, Any]:
        [row] = self.run("select * from trader_execution_errors where id = %s", [error_id])
        return row

    def calls(self, error_id: UUID) -> list[dict[str, Any]]:
        """The ledger of an error, in the order of its calls."""
        return self.run(
            "select * from filter_regeneration_attempts where error_id = %s "
            "order by run, attempt, turn, call",
            [error_id],
        )

    def day(self, user: UUID) -> dict[str, Any]:
        """What the user has spent and reserved today; the row must be there, and only one."""
        [row] = self.run("select * from filter_regeneration_daily_costs where user_id = %s", [user])
        return row

    def owner(self, error_id: UUID) -> UUID:
        return UUID(str(self.row(error_id)["user_id"]))

    def ask_again(self, error_id: UUID) -> None:
        """Ask for another run, as the error's user does it."""
        self.run(
            "select request_regeneration(%s) from set_config('request.jwt.claims', %s, true)",
            [error_id, json.dumps({"sub": str(self.owner(error_id))})],
        )

    def candidate(self, step: Step, code: str, **columns: Any) -> Step:
        """A turn of the run whose answer was `code`; returns the step that names it."""
        step = step.model_copy(update={"attempt": step.attempt or 1})
        values = {
            "error_id": step.error_id,
            "user_id": self.owner(step.error_id),
            "run": step.run,
            "attempt": step.attempt,
            "turn": step.turn,
            "call": 1,
            "source": "model",
            "model": "scripted",
            "outcome": "candidate",
            "candidate_code": code,
            "finish_reason": "STOP",
            "cost_usd": 0,
        } | columns
        if "diagnostics" in values and values["diagnostics"] is not None:
            values["diagnostics"] = Jsonb(values["diagnostics"])
        call = self._insert("filter_regeneration_attempts", values)
        self.run(
            "update filter_regeneration_attempts set finished_at = now() where id = %s",
            [call["id"]],
        )
        self.set(step.error_id, regeneration_count=step.attempt)
        return step


def doubly_encoded(value: object) -> str:
    """JSON in a JSON string, as old clients stored it."""
    return json.dumps(json.dumps(value))
