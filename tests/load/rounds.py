"""A round: errors are brought in and seen to their end; then what is there is compared."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import httpx
import psycopg
from chaos.check import Check, Figures
from chaos.facts import Asked, DayRow, ErrorRow, Execution, Facts, LedgerRow
from chaos.plan import PlannedError
from e2e.stack import Deployed
from psycopg.rows import dict_row
from pydantic import TypeAdapter
from tqdm import tqdm

from load.errors import prepare
from load.moments import Moments, recorded
from load.resources import Meter, Processes, Used

POLL_SECONDS = 0.2
PATIENCE_SECONDS = 240.0
"""So long nothing may change."""

BringIn = Callable[[str, Sequence[PlannedError]], int]
"""Brings errors into a database; returns how many connections it opened."""


@dataclass(frozen=True)
class Round:
    """What came of a round.

    Attributes:
        seconds: from the first insert to the last end.
        wrong: what is wrong, by error.
        figures: amounts that have to agree.
    """

    name: str
    errors: int
    seconds: float
    moments: Moments
    used: Used
    wrong: dict[UUID, list[str]]
    figures: list[Figures]

    @property
    def right(self) -> bool:
        """Nothing lost, nothing doubled, every figure agrees."""
        return not self.wrong and all(figures.equal for figures in self.figures)


class Place(Protocol):
    """Where errors are brought in: a database, and what runs its executions."""

    dsn: str
    processes: Processes

    def executions(self, ids: list[UUID]) -> list[Execution]:
        """Every execution of these errors."""

    def stages(self, ids: list[UUID]) -> dict[UUID, dict[str, float]]:
        """What the state machine knows of when."""


class Emulated:
    """The local stack."""

    def __init__(self, deployed: Deployed, parts: Processes) -> None:
        self.dsn = deployed.env["DATABASE_URL"]
        self._arn = deployed.env["STATE_MACHINE_ARN"]
        self._states = deployed.aws("stepfunctions")
        self.processes = parts

    def executions(self, ids: list[UUID]) -> list[Execution]:
        """Every execution of these errors."""
        return [Execution(found["name"], found["status"]) for found in self._listed(ids)]

    def stages(self, ids: list[UUID]) -> dict[UUID, dict[str, float]]:
        """When each error's first execution began, and entered its first state."""
        found: dict[UUID, dict[str, float]] = {}
        for execution in self._listed(ids):
            history = self._states.get_execution_history(
                executionArn=execution["executionArn"], maxResults=10
            )
            entered = next(e for e in history["events"] if e["type"] == "TaskStateEntered")
            found[UUID(execution["name"][:36])] = {
                "execution": execution["startDate"].timestamp(),
                "state": entered["timestamp"].timestamp(),
            }
        return found

    def _listed(self, ids: list[UUID]) -> list[Any]:
        wanted = set(map(str, ids))
        pages = self._states.get_paginator("list_executions").paginate(stateMachineArn=self._arn)
        return [e for page in pages for e in page["executions"] if e["name"][:36] in wanted]


def measure(
    name: str, errors: Sequence[PlannedError], place: Place, gemini_url: str, bring_in: BringIn
) -> Round:
    """Run one round."""
    ids = [error.error_id for error in errors]
    prepare(place.dsn, gemini_url, errors)
    with Meter(place.dsn, place.processes) as meter:
        began = time.monotonic()
        own = bring_in(place.dsn, errors) + 1
        _wait(name, place, ids)  # by a connection
        seconds = time.monotonic() - began
    meter.used.connects -= own
    facts = _facts(place, errors, gemini_url)
    check = Check(errors, facts)
    wrong = {error_id: list(found) for error_id, found in check.wrong.items()}
    for error_id, sentence in beyond(facts):
        wrong.setdefault(error_id, []).append(sentence)
    moments = recorded(place.dsn, ids)
    for error_id, stages in place.stages(ids).items():
        moments[error_id] |= stages
    return Round(name, len(errors), seconds, moments, meter.used, wrong, check.figures)


def beyond(facts: Facts) -> list[tuple[UUID, str]]:
    """What has to hold where nothing is harmed: all are proposed, by one execution each."""
    executions = Counter(UUID(execution.name[:36]) for execution in facts.executions)
    found = [
        (row.id, f"it ended {row.regeneration_status}: {row.regeneration_reason}")
        for row in facts.errors
        if row.regeneration_status != "proposed"
    ]
    return found + [
        (row.id, f"it had {executions[row.id]} executions")
        for row in facts.errors
        if executions[row.id] != 1
    ]


def _wait(name: str, place: Place, ids: list[UUID]) -> None:
    """Until every error and every execution has ended, or nothing has changed for too long."""
    unended = "select count(*) from trader_execution_errors where id = any(%s) and regeneration_status in ('pending', 'running')"
    changed = time.monotonic()
    with (
        psycopg.connect(place.dsn, autocommit=True) as conn,
        tqdm(total=len(ids), desc=name, unit="", mininterval=1) as progress,
    ):
        while time.monotonic() - changed < PATIENCE_SECONDS:
            row = conn.execute(unended, (ids,)).fetchone()
            ended = len(ids) - (row[0] if row else 0)
            if ended > progress.n:
                changed = time.monotonic()
                progress.update(ended - progress.n)
            if ended == len(ids) and all(e.status != "RUNNING" for e in place.executions(ids)):
                return
            time.sleep(POLL_SECONDS)


def _facts(place: Place, errors: Sequence[PlannedError], gemini_url: str) -> Facts:
    ids = [error.error_id for error in errors]
    users = [error.problem.user_id for error in errors]
    calls = httpx.get(f"{gemini_url}/_control/calls", timeout=60).json()["calls"]
    with psycopg.connect(place.dsn, row_factory=dict_row) as conn:

        def rows(table: str, column: str, values: list[UUID]) -> list[dict[str, Any]]:
            query = f"select * from {table} where {column} = any(%s)"
            return conn.execute(query.encode(), (values,)).fetchall()

        return Facts(
            errors=TypeAdapter(list[ErrorRow]).validate_python(
                rows("trader_execution_errors", "id", ids)
            ),
            ledger=TypeAdapter(list[LedgerRow]).validate_python(
                rows("filter_regeneration_attempts", "error_id", ids)
            ),
            days=TypeAdapter(list[DayRow]).validate_python(
                rows("filter_regeneration_daily_costs", "user_id", users)
            ),
            asked=TypeAdapter(list[Asked]).validate_python(calls),
            executions=place.executions(ids),
        )
