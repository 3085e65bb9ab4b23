"""What an end-to-end test does with the deployed stack."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
from psycopg.rows import dict_row

from local import aws
from local.aws import ServiceName

PATIENCE_SECONDS = 90.0
FINAL = {"proposed", "exhausted", "over_budget", "duplicate", "stopped"}


@dataclass(frozen=True)
class Failed:
    """An error row and the trader it belongs to."""

    error_id: str
    trader_id: str
    marker: str

    @property
    def ref(self) -> dict[str, str]:
        return {"error_id": self.error_id, "trader_id": self.trader_id}


def go_block(code: str) -> dict[str, str]:
    """A model's answer with this code."""
    return {"text": f"```go\n{code}\n```"}


class Deployed:
    """A stack in the local AWS: its addresses, its database, its log."""

    def __init__(self, env: dict[str, str], name: str = aws.STACK) -> None:
        self.env = env
        self.log_group = f"/filtermend/{name}"
        self.conn = psycopg.connect(env["DATABASE_URL"], autocommit=True, row_factory=dict_row)

    def close(self) -> None:
        self.conn.close()

    def aws(self, service: ServiceName) -> Any:
        return aws.client(service, self.env["AWS_ENDPOINT_URL"])

    def answers(self, marker: str, *answers: dict[str, Any]) -> None:
        """What the Gemini endpoint says to prompts with the marker: in order, the last repeats."""
        url = f"{self.env['GEMINI_BASE_URL']}/_control/scenarios"
        httpx.post(url, json={"match": marker, "answers": answers}).raise_for_status()

    def questions(self, marker: str) -> list[str]:
        """The prompts with the marker that the Gemini endpoint was sent."""
        calls = httpx.get(f"{self.env['GEMINI_BASE_URL']}/_control/calls?full=1").json()["calls"]
        return [call["prompt"] for call in calls if marker in call["prompt"]]

    def insert(self, marker: str | None = None, **columns: Any) -> Failed:
        """Insert a trader and an error of it, with a marker in code and market data."""
        marker = marker or f"marker{uuid4().hex}"
        user_id = uuid4()
        trader = self.conn.execute(
            "insert into traders (user_id, name, filter, strategy) values (%s, 'e2e', %s, %s) "
            "returning id",
            (
                user_id,
                json.dumps({"code": "return true", "requiredTimeframes": ["5m"]}),
                json.dumps({"instructions": f"anything above its average {marker}"}),
            ),
        ).fetchone()
        assert trader
        row = {
            "trader_id": trader["id"],
            "user_id": user_id,
            "error_type": "compilation",
            "error_message": "failed to compile filter code: undefined: mystery",
            "filter_code_snapshot": f"// {marker}\nreturn mystery(1)",
            "execution_input": json.dumps({"symbol": f"{marker}USDT", "klines": {}}),
        } | columns
        names = psycopg.sql.SQL(", ").join(map(psycopg.sql.Identifier, row))
        values = psycopg.sql.SQL(", ").join([psycopg.sql.Placeholder()] * len(row))
        query = psycopg.sql.SQL(
            "insert into trader_execution_errors ({}) values ({}) returning id"
        ).format(names, values)
        error = self.conn.execute(query, list(row.values())).fetchone()
        assert error
        return Failed(str(error["id"]), str(trader["id"]), marker)

    def error(self, failed: Failed) -> dict[str, Any]:
        row = self.conn.execute(
            "select * from trader_execution_errors where id = %s", (failed.error_id,)
        ).fetchone()
        assert row
        return row

    def calls(self, failed: Failed) -> list[dict[str, Any]]:
        return self.conn.execute(
            "select * from filter_regeneration_attempts where error_id = %s "
            "order by run, attempt, turn, call",
            (failed.error_id,),
        ).fetchall()

    def wait(self, failed: Failed) -> dict[str, Any]:
        """The error when it has ended."""
        self.until(lambda: self.error(failed)["regeneration_status"] in FINAL, "the error's end")
        return self.error(failed)

    def until(self, true: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not true():
            assert time.monotonic() < deadline, f"waited {PATIENCE_SECONDS} s for {what}"
            time.sleep(0.1)

    def executions(self, failed: Failed) -> list[dict[str, Any]]:
        """The executions of an error, described."""
        client = self.aws("stepfunctions")
        pages = client.get_paginator("list_executions").paginate(
            stateMachineArn=self.env["STATE_MACHINE_ARN"]
        )
        found = [e for page in pages for e in page["executions"]]
        return [
            client.describe_execution(executionArn=e["executionArn"])
            for e in found
            if e["name"].startswith(failed.error_id)
        ]

    def finished(self, failed: Failed) -> dict[str, Any]:
        """The error's only execution, when it has succeeded."""
        self.until(
            lambda: [e for e in self.executions(failed) if e["status"] == "SUCCEEDED"],
            "the execution's end",
        )
        (execution,) = self.executions(failed)
        return execution

    def history(self, failed: Failed) -> list[dict[str, Any]]:
        (execution,) = self.executions(failed)
        pages = self.aws("stepfunctions").get_paginator("get_execution_history")
        return [
            event
            for page in pages.paginate(executionArn=execution["executionArn"])
            for event in page["events"]
        ]

    def logged(self, text: str) -> list[str]:
        """The functions' log lines with this text."""
        pages = (
            self.aws("logs")
            .get_paginator("filter_log_events")
            .paginate(logGroupName=self.log_group)
        )
        return [e["message"] for page in pages for e in page["events"] if text in e["message"]]

    def invoke_trigger(self, payload: object) -> Any:
        return aws.invoke(self.env["AWS_ENDPOINT_URL"], self.env["TRIGGER_FUNCTION_NAME"], payload)

    def webhook_token(self) -> str:
        secret = self.aws("secretsmanager").get_secret_value(SecretId=self.env["SECRET_ID"])
        token: str = json.loads(secret["SecretString"])["webhook_token"]
        return token

    def webhook(self, body: object, token: str | None = None) -> httpx.Response:
        return httpx.post(
            self.env["WEBHOOK_URL"],
            json=body,
            headers={"Authorization": f"Bearer {token or self.webhook_token()}"},
            timeout=60,
        )

    @contextmanager
    def dispatch(self, method: str) -> Iterator[None]:
        """Another dispatch method in the database's settings row, for a while."""
        update = "update filter_regeneration_settings set dispatch = %s"
        former = self.conn.execute("select dispatch from filter_regeneration_settings").fetchone()
        assert former
        self.conn.execute(update, (method,))
        try:
            yield
        finally:
            self.conn.execute(update, (former["dispatch"],))


def unknown_ref() -> dict[str, str]:
    return {"error_id": str(uuid4()), "trader_id": str(UUID(int=1))}
