"""The error that the files in events/ name, in the stack's database."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import psycopg
from psycopg.rows import dict_row

from local.sam_local.events import EVENTS

STRATEGY = "The last close is above the last open on 5 minutes (the sample of events/)."
CODE = "return mystery(data)"
FIX = 'k := data.Klines["5m"]\nreturn len(k) > 0 && k[len(k)-1].Close > k[len(k)-1].Open'
"""What the scripted model answers; it is valid and fails on no market."""
USER_ID = UUID("b1f7c3a2-5d0e-4f6a-9c1b-2e8d7a6f5c40")


@dataclass(frozen=True)
class Sample:
    """The trader and the error, and the ways to put them into a state."""

    conn: psycopg.Connection[dict[str, Any]]
    error_id: str
    trader_id: str

    @classmethod
    def of(cls, database_url: str) -> "Sample":
        """With the ids of events/trigger-direct.json."""
        ids = json.loads((EVENTS / "trigger-direct.json").read_text("utf-8"))
        conn = psycopg.connect(database_url, autocommit=True, row_factory=dict_row)
        return cls(conn, ids["error_id"], ids["trader_id"])

    def script(self, gemini_url: str) -> None:
        """Tell the scripted model what to answer for it."""
        answers = [{"text": f"```go\n{FIX}\n```"}]
        scenario = {"match": STRATEGY, "answers": answers}
        httpx.post(f"{gemini_url}/_control/scenarios", json=scenario).raise_for_status()

    def reset(self, status: str = "pending", *, reached: bool = True) -> None:
        """Insert it anew, as it is before an event comes in; the database itself reports it not.

        Args:
            status: `pending`, or `running` for the functions of a run.
            reached: an event is on its way, so that no sweep takes the error up.
        """
        former = self.settings()
        with self.conn.transaction():  # the setting is another for this insert alone
            self.restore(former | {"dispatch": "none"})
            self._insert()
            self.conn.execute(
                """
                update trader_execution_errors
                set regeneration_status = %s, created_at = now() - interval '1 minute',
                    regeneration_lease_until = case when %s then now() + interval '1 day' end
                where id = %s
                """,
                (status, reached, self.error_id),
            )
            self.restore(former)

    def settings(self) -> dict[str, Any]:
        """How the database reports errors."""
        query = "select dispatch, target, region from filter_regeneration_settings"
        return self.conn.execute(query).fetchone() or {}

    def restore(self, settings: dict[str, Any]) -> None:
        """Put that back."""
        self.conn.execute(
            "update filter_regeneration_settings "
            "set dispatch = %(dispatch)s, target = %(target)s, region = %(region)s",
            settings,
        )

    def row(self) -> dict[str, Any]:
        """The error's row."""
        query = "select * from trader_execution_errors where id = %s"
        return self._one(query)

    def call(self) -> dict[str, Any]:
        """The last question to the model, as the ledger has it."""
        query = "select * from filter_regeneration_attempts where error_id = %s"
        return self._one(f"{query} order by started_at desc limit 1")

    def _one(self, query: str) -> dict[str, Any]:
        return self.conn.execute(query, (self.error_id,)).fetchone() or {}

    def _insert(self) -> None:
        filter_ = json.dumps({"code": CODE, "requiredTimeframes": ["5m"]})
        trader = (self.trader_id, USER_ID, filter_, json.dumps({"instructions": STRATEGY}))
        self.conn.execute("delete from trader_execution_errors where id = %s", (self.error_id,))
        self.conn.execute(
            "insert into traders (id, user_id, name, filter, strategy) "
            "values (%s, %s, 'sample', %s, %s) on conflict (id) do nothing",
            trader,
        )
        self.conn.execute(
            """
            insert into trader_execution_errors (id, trader_id, user_id, error_type,
                error_message, filter_code_snapshot)
            values (%s, %s, %s, 'compilation', 'undefined: mystery', %s)
            """,
            (self.error_id, self.trader_id, USER_ID, CODE),
        )
