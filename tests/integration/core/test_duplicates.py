"""One problem, one run: what repeats a failure is a duplicate, and what differs runs by itself."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from integration.core.rows import FAILED_CODE, MESSAGE, Rows
from integration.core.workflow import Executions

from filtermend.admission import Admitted, Admitter
from filtermend.rules.admission import Refusal, Refused

Admit = Callable[..., Admitter]


def refusal(result: Admitted | Refused) -> Refusal:
    assert isinstance(result, Refused), result
    return result.refusal


def test_of_fifty_rows_of_one_failure_one_runs_and_the_others_are_its_duplicates(
    rows: Rows, admit: Admit, workflow: Executions, counted: dict[str, Any]
) -> None:
    trader = rows.trader()
    messages = [f"{MESSAGE} at candle {n} of BTCUSDT" for n in range(50)]
    refs = [rows.error(trader, error_message=message) for message in messages]
    processes = [admit() for _ in range(10)]
    with ThreadPoolExecutor(10) as pool:
        shares = pool.map(lambda n: processes[n].admit_all(refs[n::10]), range(10))
        results = [result for share in shares for result in share.values()]
    found = rows.run("select id, regeneration_status, duplicate_of from trader_execution_errors")
    [primary] = [row["id"] for row in found if row["regeneration_status"] == "running"]
    others = [row for row in found if row["id"] != primary]
    assert {(r["regeneration_status"], r["duplicate_of"]) for r in others} == {
        ("duplicate", primary)
    }
    assert workflow.names == [f"{primary}-1"]
    assert sum(isinstance(result, Admitted) for result in results) == 1
    assert sum(counted["duplicates"]["Value"]) == 49


@pytest.mark.parametrize("status", ["proposed", "exhausted", "stopped", "rejected", "over_budget"])
def test_a_known_problem_is_a_duplicate_whatever_became_of_it(
    rows: Rows, admit: Admit, status: str
) -> None:
    trader = rows.trader()
    first, second = rows.error(trader), rows.error(trader)
    admit().admit(first)
    rows.set(first.error_id, regeneration_status=status)
    assert refusal(admit().admit(second)) is Refusal.DUPLICATE


def test_after_an_applied_fix_the_same_failure_runs_again(
    rows: Rows, admit: Admit, workflow: Executions
) -> None:
    trader = rows.trader()
    first, second = rows.error(trader), rows.error(trader)
    admit().admit(first)
    rows.set(first.error_id, regeneration_status="applied")
    assert isinstance(admit().admit(second), Admitted)
    assert len(workflow.names) == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"filter_code_snapshot": FAILED_CODE + " // mended"},
        {"error_type": "runtime"},
        {"error_message": "nil pointer dereference"},
    ],
)
def test_changed_code_or_another_failure_runs_by_itself(
    rows: Rows, admit: Admit, changed: dict[str, str]
) -> None:
    trader = rows.trader()
    admit().admit(rows.error(trader))
    assert isinstance(admit().admit(rows.error(trader, **changed)), Admitted)


def test_the_same_failure_of_another_trader_runs_by_itself(rows: Rows, admit: Admit) -> None:
    admit().admit(rows.error())
    assert isinstance(admit().admit(rows.error()), Admitted)
