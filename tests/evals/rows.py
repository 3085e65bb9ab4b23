"""A case as rows: inserted as the screener would, read back when its run has ended."""

import uuid
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb

from evals.dataset import EvalCase
from filtermend.models import CallRow, Step

LEASE_HOURS = 24


class Rows:
    """The eval's own database, on a connection of its own."""

    def __init__(self, dsn: str) -> None:
        self._connection = psycopg.connect(dsn, autocommit=True, row_factory=dict_row)

    def insert(self, case: EvalCase) -> Step:
        """A trader and an error of its own, admitted; the step its execution starts with."""
        user, trader, error = (uuid.uuid4() for _ in range(3))
        filter_ = {
            "code": case.failed_code,
            "indicators": case.indicators,
            "requiredTimeframes": case.timeframes,
        }
        self._run(
            "insert into traders (id, user_id, name, filter, strategy) values (%s, %s, %s, %s, %s)",
            trader, user, case.id, Jsonb(filter_), Jsonb({"instructions": case.strategy}),
        )  # fmt: skip
        self._run(
            "insert into trader_execution_errors (id, trader_id, user_id, error_type, "
            "error_message, stack_trace, trigger_interval, filter_code_snapshot) "
            "values (%s, %s, %s, %s, %s, %s, %s, %s)",
            error, trader, user, case.error_type, case.error_message, case.stack_trace,
            case.timeframes[0] if case.timeframes else None, case.failed_code,
        )  # fmt: skip
        self._run(
            "update trader_execution_errors set regeneration_status = 'running', "
            "regeneration_run = 1, regeneration_lease_until = now() + make_interval(hours => %s) "
            "where id = %s",
            LEASE_HOURS, error,
        )  # fmt: skip
        return Step(error_id=error, trader_id=trader, run=1)

    def error(self, step: Step) -> DictRow:
        """The error's row."""
        [row] = self._run("select * from trader_execution_errors where id = %s", step.error_id)
        return row

    def calls(self, step: Step) -> list[CallRow]:
        """The error's ledger, in the order it was written."""
        rows = self._run(
            "select * from filter_regeneration_attempts where error_id = %s "
            "order by run, attempt, turn, call",
            step.error_id,
        )
        return [CallRow.model_validate(row) for row in rows]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _run(self, statement: str, *parameters: Any) -> list[DictRow]:
        cursor = self._connection.execute(statement.encode(), parameters)
        return cursor.fetchall() if cursor.description else []


def cost(calls: list[CallRow]) -> Decimal:
    """What the calls cost, in USD; one whose answer was lost, its reservation."""
    return sum(
        (c.reserved_usd if c.cost_usd is None else c.cost_usd for c in calls), start=Decimal(0)
    )
