"""From an event to one started execution: whatever comes twice, early, late or in vain."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from integration.core.rows import FILTER, Rows
from integration.core.workflow import BOTH_KINDS, STATE_MACHINE, Executions
from psycopg.types.json import Jsonb

from filtermend import admission, ending
from filtermend.admission import Admitted, Admitter
from filtermend.models import ErrorRef, ErrorRow
from filtermend.rules.admission import Refusal, Refused

pytestmark = BOTH_KINDS
Admit = Callable[..., Admitter]
INSERT = """
    insert into trader_execution_errors (id, trader_id, user_id, error_type, error_message)
    select %s, id, user_id, 'panic', 'index out of range' from traders where id = %s
"""


def refusal(result: Admitted | Refused) -> Refusal:
    assert isinstance(result, Refused), result
    return result.refusal


def test_a_pending_error_runs_with_its_fingerprint_and_one_execution(
    rows: Rows, admit: Admit, workflow: Executions, counted: dict[str, Any]
) -> None:
    ref = rows.error()
    assert admit().admit(ref) == Admitted(1, f"{ref.error_id}-1", new=True)
    row = rows.row(ref.error_id)
    assert (row["regeneration_status"], row["regeneration_run"]) == ("running", 1)
    assert len(row["fingerprint"]) == 64
    assert row["auto_regeneration_triggered"] is True
    assert row["regeneration_lease_until"] > row["created_at"]
    assert workflow.inputs == [(ref.error_id, ref.trader_id, 1)]
    assert counted["errors_in"]["Value"] == [1]


def test_an_event_that_comes_twice_starts_and_counts_once(
    rows: Rows, admit: Admit, workflow: Executions, counted: dict[str, Any]
) -> None:
    ref = rows.error()
    admit().admit(ref)
    assert admit().admit(ref) == Admitted(1, f"{ref.error_id}-1", new=False)
    assert len(workflow.names) == 1
    assert counted["errors_in"]["Value"] == [1]


def test_an_event_that_comes_to_ten_processes_at_once_starts_once(
    rows: Rows, admit: Admit, workflow: Executions
) -> None:
    ref = rows.error()
    admitters = [admit() for _ in range(10)]
    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(lambda admitter: admitter.admit(ref), admitters))
    assert [name for name in workflow.names if name.startswith(str(ref.error_id))] == [
        f"{ref.error_id}-1"
    ]
    assert all(isinstance(r, Admitted) or r.refusal is Refusal.NOT_PENDING for r in results)
    assert sum(isinstance(r, Admitted) and r.new for r in results) == 1


def test_the_executions_of_an_event_with_many_errors_are_started_at_the_same_time(
    rows: Rows, admit: Admit, workflow: Executions, monkeypatch: pytest.MonkeyPatch
) -> None:
    refs = [rows.error() for _ in range(admission.STARTS_AT_ONCE)]
    all_of_them = threading.Barrier(len(refs))

    def start_together(*arguments: Any) -> bool:
        all_of_them.wait(timeout=10)
        return workflow.start(*arguments)

    monkeypatch.setattr(admission.executions, "start", start_together)
    results = admit().admit_all(refs)
    assert results == {
        str(ref.error_id): Admitted(1, f"{ref.error_id}-1", new=True) for ref in refs
    }


def test_an_event_before_its_commit_is_admitted_when_the_row_is_there(
    rows: Rows, admit: Admit
) -> None:
    ref = ErrorRef(error_id=uuid4(), trader_id=rows.trader())
    begun = threading.Event()

    def insert_slowly() -> None:
        with psycopg.connect(rows.dsn) as connection:
            connection.execute(INSERT, [ref.error_id, ref.trader_id])
            begun.set()
            time.sleep(0.5)

    screener = threading.Thread(target=insert_slowly)
    screener.start()
    assert begun.wait(5)
    assert admit().admit(ref) == Admitted(1, f"{ref.error_id}-1", new=True)
    screener.join()


def test_a_row_that_was_rolled_back_is_waited_for_and_then_not_found(
    rows: Rows, admit: Admit, workflow: Executions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "ROW_WAIT_SECONDS", 0.3)
    ref = ErrorRef(error_id=uuid4(), trader_id=rows.trader())
    with psycopg.connect(rows.dsn) as connection:
        connection.execute(INSERT, [ref.error_id, ref.trader_id])
        connection.rollback()
    started = time.monotonic()
    assert refusal(admit().admit(ref)) is Refusal.NOT_FOUND
    assert time.monotonic() - started >= 0.3
    assert workflow.names == []


def test_a_dispatch_of_a_whole_rolled_back_statement_is_waited_for_once(
    rows: Rows, admit: Admit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "ROW_WAIT_SECONDS", 0.5)
    trader = rows.trader()
    there = rows.error(trader)
    gone = [ErrorRef(error_id=uuid4(), trader_id=trader) for _ in range(20)]
    started = time.monotonic()
    results = admit().admit_all([*gone, there])
    assert time.monotonic() - started < 3
    assert isinstance(results[str(there.error_id)], Admitted)
    assert {refusal(results[str(ref.error_id)]) for ref in gone} == {Refusal.NOT_FOUND}


def test_another_traders_row_is_refused(rows: Rows, admit: Admit, workflow: Executions) -> None:
    ref = rows.error().model_copy(update={"trader_id": rows.trader()})
    assert refusal(admit().admit(ref)) is Refusal.OTHER_TRADER
    assert rows.row(ref.error_id)["regeneration_status"] == "pending"
    assert workflow.names == []


def test_a_resolved_row_is_refused(rows: Rows, admit: Admit, workflow: Executions) -> None:
    ref = rows.error()
    rows.run("update trader_execution_errors set resolved_at = now()")
    assert refusal(admit().admit(ref)) is Refusal.RESOLVED
    assert workflow.names == []


def test_a_timeout_is_refused(rows: Rows, admit: Admit, workflow: Executions) -> None:
    ref = rows.error(error_type="timeout")
    assert refusal(admit().admit(ref)) is Refusal.NOT_REPAIRABLE
    assert workflow.names == []


def test_a_row_older_than_the_migration_is_left_alone(
    rows: Rows, admit: Admit, workflow: Executions
) -> None:
    ref = rows.error()
    rows.set(ref.error_id, regeneration_status=None, regeneration_run=None)
    assert refusal(admit().admit(ref)) is Refusal.NOT_PENDING
    assert rows.row(ref.error_id)["regeneration_status"] is None
    assert workflow.names == []


def test_an_exhausted_row_has_used_its_attempts(
    rows: Rows, admit: Admit, workflow: Executions
) -> None:
    ref = rows.error()
    rows.set(ref.error_id, regeneration_status="exhausted", regeneration_count=3)
    assert refusal(admit().admit(ref)) is Refusal.ATTEMPTS_USED
    assert workflow.names == []


def test_without_a_snapshot_the_trader_s_code_decides_what_is_a_duplicate(
    rows: Rows, admit: Admit
) -> None:
    trader = rows.trader()
    admit().admit(rows.error(trader))
    again = rows.error(trader, filter_code_snapshot=None)
    assert refusal(admit().admit(again)) is Refusal.DUPLICATE
    changed = Jsonb(FILTER | {"code": "return false"})
    rows.run("update traders set filter = %s where id = %s", [changed, trader])
    other = rows.error(trader, filter_code_snapshot=None)
    assert isinstance(admit().admit(other), Admitted)


def test_an_error_without_a_trader_is_admitted(rows: Rows, admit: Admit) -> None:
    rows.run(
        "alter table trader_execution_errors drop constraint trader_execution_errors_trader_id_fkey"
    )
    ref = rows.error(filter_code_snapshot=None)
    rows.run("delete from traders where id = %s", [ref.trader_id])
    assert isinstance(admit().admit(ref), Admitted)  # its run ends with a reason


def test_an_open_execution_is_left_running_and_its_lease_renewed(
    rows: Rows, admit: Admit, workflow: Executions
) -> None:
    ref = rows.error()
    admit().admit(ref)
    rows.lease(ref.error_id, -60)
    assert admit().admit(ref) == Admitted(1, f"{ref.error_id}-1", new=False)
    [row] = rows.run(
        "select regeneration_lease_until > now() as alive from trader_execution_errors"
    )
    assert row["alive"] is True


def test_a_row_whose_execution_was_never_started_gets_one_and_a_whole_lease(
    rows: Rows, admit: Admit, workflow: Executions
) -> None:
    step = rows.running()
    rows.lease(step.error_id, -60)
    ref = ErrorRef(error_id=step.error_id, trader_id=step.trader_id)
    assert admit().admit(ref) == Admitted(1, f"{ref.error_id}-1", new=True)
    assert rows.row(ref.error_id)["auto_regeneration_triggered"] is True
    [row] = rows.run(
        "select regeneration_lease_until > now() as alive from trader_execution_errors"
    )
    assert row["alive"] is True


def test_an_execution_whose_starter_died_is_noted_and_counted_once(
    rows: Rows, admit: Admit, workflow: Executions, counted: dict[str, Any]
) -> None:
    step = rows.running()
    workflow.start(STATE_MACHINE, step.error_id, step.trader_id, 1)
    ref = ErrorRef(error_id=step.error_id, trader_id=step.trader_id)
    for new in (True, False):
        assert admit().admit(ref) == Admitted(1, f"{ref.error_id}-1", new=new)
        assert rows.row(ref.error_id)["auto_regeneration_triggered"] is True
    assert counted["errors_in"]["Value"] == [1]


def test_a_closed_and_unfinished_execution_is_followed_by_the_next_run(
    rows: Rows, admit: Admit, workflow: Executions, counted: dict[str, Any]
) -> None:
    ref = rows.error()
    admit().admit(ref)
    rows.set(ref.error_id, regeneration_count=1)
    workflow.close(ref.error_id, 1)
    assert admit().admit(ref) == Admitted(2, f"{ref.error_id}-2", new=True)
    row = rows.row(ref.error_id)
    assert (row["regeneration_run"], row["regeneration_status"]) == (2, "running")
    assert row["regeneration_count"] == 1  # attempts already made stay counted
    assert workflow.inputs[-1] == (ref.error_id, ref.trader_id, 2)
    assert counted["errors_in"]["Value"] == [1]  # the same error


def test_a_closed_and_finished_execution_is_not_followed(
    rows: Rows, admit: Admit, workflow: Executions
) -> None:
    ref = rows.error()
    admit().admit(ref)
    workflow.close(ref.error_id, 1)
    rows.set(ref.error_id, regeneration_status="proposed")
    assert refusal(admit().admit(ref)) is Refusal.NOT_PENDING
    assert workflow.names == [f"{ref.error_id}-1"]


def test_a_run_that_keeps_breaking_down_is_stopped_with_a_reason_and_counted_once(
    rows: Rows, admit: Admit, workflow: Executions, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    monkeypatch.setattr(ending, "count", counted.append)
    ref = rows.error()
    admitter = admit(automatic_runs=2)
    for run in (1, 2):
        assert isinstance(admitter.admit(ref), Admitted)
        workflow.close(ref.error_id, run)
    assert refusal(admitter.admit(ref)) is Refusal.NOT_PENDING
    row = rows.row(ref.error_id)
    assert row["regeneration_status"] == "stopped"
    assert "broke down in run 2" in row["regeneration_reason"]
    assert len(workflow.names) == 2
    stale = ErrorRow.model_validate(row | {"regeneration_status": "running"})
    admitter.restart(stale, 2)  # another sweep that saw it running
    assert counted == ["filter_regeneration_failures_total"]


def test_a_persons_request_runs_again_under_the_next_number(
    rows: Rows, admit: Admit, workflow: Executions
) -> None:
    ref = rows.error()
    admit().admit(ref)
    rows.set(ref.error_id, regeneration_status="exhausted", regeneration_count=3)
    rows.ask_again(ref.error_id)
    assert admit().admit(ref) == Admitted(2, f"{ref.error_id}-2", new=True)
    assert rows.row(ref.error_id)["regeneration_count"] == 0


def test_a_persons_request_grants_new_automatic_runs(
    rows: Rows, admit: Admit, workflow: Executions
) -> None:
    ref = rows.error()
    admitter = admit(automatic_runs=2)
    rows.set(ref.error_id, regeneration_status="stopped", regeneration_breakdowns=2)
    rows.ask_again(ref.error_id)
    assert isinstance(admitter.admit(ref), Admitted)
    workflow.close(ref.error_id, 2)
    assert isinstance(admitter.admit(ref), Admitted), "the first breakdown since the request"
