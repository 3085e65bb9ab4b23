"""Errors on their way in: inserted, and told of by the ways that the plan names."""

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Self

import httpx
import psycopg
from e2e.stack import Deployed

from chaos.answers import failed_code, script
from chaos.plan import Fault, Kind, PlannedError, Problem, Way

EARLY_SECONDS = 0.3
"""An event that comes too early comes so long before its commit."""
POOR_USD = "0.000001"

Ref = dict[str, str]


class Delivery:
    """Brings errors in; what it sends is sent while the block lasts, in the background."""

    def __init__(self, deployed: Deployed) -> None:
        self._deployed = deployed
        self._events = deployed.aws("events")
        self._queue = deployed.aws("sqs")
        self._functions = deployed.aws("lambda")
        self._token = deployed.webhook_token()
        self._senders = ThreadPoolExecutor(8)
        self._ways: dict[Way, Callable[[Ref], object]] = {
            Way.EVENT: self._event,
            Way.QUEUE: self._message,
            Way.DIRECT: self._invocation,
            Way.WEBHOOK: self._webhook,
        }

    def __enter__(self) -> Self:
        """Ready to send."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Wait for what is being sent."""
        self._senders.shutdown()

    def prepare(self, problems: Sequence[Problem]) -> None:
        """Traders, budgets, and what Gemini will answer."""
        conn = self._deployed.conn
        strategy = json.dumps({"instructions": "anything above its average"})
        for problem in problems:
            conn.execute(
                "insert into traders (id, user_id, name, strategy) values (%s, %s, 'chaos', %s)",
                (problem.trader_id, problem.user_id, strategy),
            )
            if problem.kind is Kind.POOR:
                conn.execute(
                    "insert into filter_regeneration_limits values (%s, %s)",
                    (problem.user_id, POOR_USD),
                )
            scenario = script(problem)
            self._deployed.answers(scenario["match"], *scenario["answers"])

    def bring_in(self, error: PlannedError) -> None:
        """Insert an error; the database tells of it itself where the plan has it so."""
        early = error.delivery is Fault.EARLY
        conn = self._deployed.conn
        with conn.transaction():
            dispatch = "notify" if Way.DATABASE in error.ways else "none"
            conn.execute("update filter_regeneration_settings set dispatch = %s", (dispatch,))
            _insert(conn, error)
            if early:
                self._send(error)
                time.sleep(EARLY_SECONDS)
        if not early:
            self._send(error)

    def _send(self, error: PlannedError) -> None:
        for way in error.ways:
            if way is not Way.DATABASE:
                self._senders.submit(self._ways[way], error.ref)

    def _event(self, ref: Ref) -> None:
        entry = {
            "EventBusName": self._deployed.env["EVENT_BUS_NAME"],
            "Source": "trader.screener",
            "DetailType": "FilterExecutionFailed",
            "Detail": json.dumps(ref),
        }
        self._events.put_events(Entries=[entry])

    def _message(self, ref: Ref) -> None:
        url = self._deployed.env["ERROR_QUEUE_URL"]
        self._queue.send_message(QueueUrl=url, MessageBody=json.dumps(ref))

    def _invocation(self, ref: Ref) -> None:
        self._functions.invoke(
            FunctionName=self._deployed.env["TRIGGER_FUNCTION_NAME"],
            InvocationType="Event",
            Payload=json.dumps(ref).encode(),
        )

    def _webhook(self, ref: Ref) -> None:
        with suppress(httpx.HTTPError):  # pg_net does not ask again either
            self._deployed.webhook(ref, self._token)


def _insert(conn: psycopg.Connection[dict[str, object]], error: PlannedError) -> None:
    problem = error.problem
    conn.execute(
        """
        insert into trader_execution_errors
            (id, trader_id, user_id, error_type, error_message, filter_code_snapshot, resolved_at)
        values (%s, %s, %s, 'compilation', 'undefined: mystery', %s, case when %s then now() end)
        """,
        (
            error.error_id, problem.trader_id, problem.user_id, failed_code(problem),
            error.resolved,
        ),
    )  # fmt: skip
