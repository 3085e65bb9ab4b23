"""What is there when a run has ended: rows, executions, and what the Gemini endpoint was asked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
from e2e.stack import Deployed
from pydantic import BaseModel, TypeAdapter


class ErrorRow(BaseModel):
    """An error's end."""

    id: UUID
    regeneration_status: str | None
    regeneration_reason: str | None
    regeneration_count: int
    regeneration_lease_until: datetime | None
    fingerprint: str | None
    duplicate_of: UUID | None
    proposed_fix_code: str | None
    proposed_fix_validated: bool | None


class LedgerRow(BaseModel):
    """A call on the ledger."""

    error_id: UUID
    user_id: UUID
    run: int
    attempt: int
    turn: int
    call: int
    source: str
    outcome: str | None
    valid: bool | None
    replayed: bool | None
    candidate_code: str | None
    normalized_code: str | None
    reserved_usd: Decimal
    cost_usd: Decimal | None
    latency_ms: int | None
    finish_reason: str | None
    started_at: datetime
    sent_at: datetime | None
    finished_at: datetime | None

    @property
    def good(self) -> bool:
        """Its candidate compiles and runs."""
        return self.valid is True and self.replayed is not False


class DayRow(BaseModel):
    """What a user spent and reserved on a day."""

    user_id: UUID
    day: date
    reserved_usd: Decimal
    spent_usd: Decimal


class Asked(BaseModel):
    """A question as the Gemini endpoint counted it; its scenario is the problem's marker."""

    scenario: str | None
    status: int | None

    @property
    def billed(self) -> bool:
        """It was answered, cut off, or given up by the client: it may cost."""
        return self.status in (200, 499, None)


@dataclass(frozen=True)
class Execution:
    """An execution; `failures` has the failed tries of each state that it was in."""

    name: str
    status: str
    failures: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Facts:
    """Everything that the check looks at."""

    errors: Sequence[ErrorRow]
    ledger: Sequence[LedgerRow]
    days: Sequence[DayRow]
    asked: Sequence[Asked]
    executions: Sequence[Execution]
    doubled: frozenset[str] = frozenset()


def gather(deployed: Deployed, doubled: set[str]) -> Facts:
    """Read it all, past the proxies."""

    def rows(table: str) -> list[dict[str, Any]]:
        return deployed.conn.execute(f"select * from {table}".encode()).fetchall()

    url = f"{deployed.env['GEMINI_BASE_URL']}/_control/calls"
    return Facts(
        errors=TypeAdapter(list[ErrorRow]).validate_python(rows("trader_execution_errors")),
        ledger=TypeAdapter(list[LedgerRow]).validate_python(rows("filter_regeneration_attempts")),
        days=TypeAdapter(list[DayRow]).validate_python(rows("filter_regeneration_daily_costs")),
        asked=TypeAdapter(list[Asked]).validate_python(httpx.get(url).json()["calls"]),
        executions=_executions(deployed),
        doubled=frozenset(doubled),
    )


def _executions(deployed: Deployed) -> list[Execution]:
    states = deployed.aws("stepfunctions")
    pages = states.get_paginator("list_executions").paginate(
        stateMachineArn=deployed.env["STATE_MACHINE_ARN"]
    )
    return [
        Execution(found["name"], found["status"], _failures(states, found["executionArn"]))
        for page in pages
        for found in page["executions"]
    ]


def _failures(states: Any, arn: str) -> Counter[str]:
    """Failed tries of each task: a retry's cause is in the history only."""
    failures: Counter[str] = Counter()
    state = ""
    pages = states.get_paginator("get_execution_history").paginate(executionArn=arn)
    for event in (event for page in pages for event in page["events"]):
        state = event.get("stateEnteredEventDetails", {}).get("name", state)
        failures[state] += event["type"] == "TaskFailed"
    return failures
