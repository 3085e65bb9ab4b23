"""Where an error starts, and what the table itself enforces."""

import threading
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from integration.database.postgres import Database


@pytest.mark.parametrize(
    ("error_type", "status", "run"),
    [
        ("compilation", "pending", 1),
        ("runtime", "pending", 1),
        ("panic", "pending", 1),
        ("timeout", None, None),
    ],
)
def test_an_errors_type_decides_where_it_starts(
    database: Database, user: UUID, error_type: str, status: str | None, run: int | None
) -> None:
    row = database.row(database.error(user, error_type))
    assert (row["regeneration_status"], row["regeneration_run"]) == (status, run)


def test_forged_columns_are_reset_and_the_input_is_kept(database: Database, user: UUID) -> None:
    victim = database.error(uuid4())
    forged: dict[str, Any] = {
        "proposed_fix_code": "return true",
        "proposed_fix_validated": True,
        "proposed_fix_replayed": True,
        "proposed_fix_diagnostics": "[]",
        "proposed_fix_source": "mechanical",
        "regenerated_at": "2026-01-01",
        "fix_applied_at": "2026-01-01",
        "fix_applied_by": str(user),
        "regeneration_status": "proposed",
        "regeneration_reason": "trust me",
        "regeneration_run": 99,
        "regeneration_lease_until": "2036-01-01",
        "regeneration_trace": "trace",
        "fingerprint": "fingerprint",
        "duplicate_of": str(victim),
        "regeneration_count": -100,
        "regeneration_breakdowns": -100,
        "auto_regeneration_triggered": True,
    }
    [(error,)] = database.run(
        f"""
        insert into trader_execution_errors
          (trader_id, user_id, error_type, error_message, execution_input, {", ".join(forged)})
        values (%s, %s, 'runtime', 'x', '{{"symbol": "BTCUSDT"}}',
                {", ".join(["%s"] * len(forged))})
        returning id
        """,
        [database.trader(user), user, *forged.values()],
    )
    row = database.row(error)
    expected: dict[str, Any] = dict.fromkeys(forged)
    expected |= {
        "proposed_fix_validated": False,
        "regeneration_status": "pending",
        "regeneration_run": 1,
        "regeneration_count": 0,
        "regeneration_breakdowns": 0,
        "auto_regeneration_triggered": False,
    }
    assert {name: row[name] for name in forged} == expected
    assert row["execution_input"] == {"symbol": "BTCUSDT"}


def test_a_fourth_attempt_is_refused_by_the_table(database: Database, user: UUID) -> None:
    error = database.error(user, regeneration_count=3)
    for count in (4, -1):
        with pytest.raises(psycopg.errors.CheckViolation):
            database.run(
                "update trader_execution_errors set regeneration_count = %s where id = %s",
                [count, error],
            )


def test_of_two_claims_of_one_problem_the_index_lets_one_through(
    database: Database, user: UUID
) -> None:
    claims = [database.error(user), database.error(user)]
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def claim(error: UUID) -> None:
        with database.connect() as connection:
            start.wait()
            try:
                with connection.transaction():
                    connection.execute(
                        "update trader_execution_errors set regeneration_status = 'running', "
                        "fingerprint = 'same' where id = %s",
                        [error],
                    )
                    connection.execute("select pg_sleep(0.2)")
                outcomes.append("claimed")
            except psycopg.errors.UniqueViolation:
                outcomes.append("refused")

    threads = [threading.Thread(target=claim, args=[error]) for error in claims]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["claimed", "refused"]


@pytest.mark.parametrize(
    ("status", "frees"),
    [("applied", True), ("duplicate", True), ("rejected", False), ("over_budget", False)],
)
def test_an_end_frees_the_problem_or_keeps_it(
    database: Database, user: UUID, status: str, frees: bool
) -> None:
    database.error(user, regeneration_status=status, fingerprint="same")
    claim = database.error(user, fingerprint="same")
    try:
        database.run(
            "update trader_execution_errors set regeneration_status = 'running' where id = %s",
            [claim],
        )
    except psycopg.errors.UniqueViolation:
        assert not frees
    else:
        assert frees


def test_one_call_is_one_row_of_the_ledger_and_outlives_its_error(
    database: Database, user: UUID
) -> None:
    error = database.error(user)
    sent = (
        "insert into filter_regeneration_attempts "
        "(error_id, run, attempt, turn, call, user_id, source, reserved_usd) "
        "values (%s, 1, %s, 1, 1, %s, 'model', 0.02)"
    )
    database.run(sent, [error, 1, user])
    with pytest.raises(psycopg.errors.UniqueViolation):
        database.run(sent, [error, 1, user])
    with pytest.raises(psycopg.errors.CheckViolation):
        database.run(sent, [error, 4, user])
    database.run("delete from traders")
    assert database.run("select count(*) from trader_execution_errors") == [(0,)]
    assert database.run("select count(*) from filter_regeneration_attempts") == [(1,)]


def test_deleting_a_primary_leaves_its_duplicates(database: Database, user: UUID) -> None:
    primary = database.error(user)
    copy = database.error(user, regeneration_status="duplicate", duplicate_of=primary)
    database.run("delete from trader_execution_errors where id = %s", [primary])
    assert database.row(copy)["duplicate_of"] is None
