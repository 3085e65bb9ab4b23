"""The trigger: says what came in, and never costs anyone an insert."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from integration.database.postgres import Database
from psycopg.rows import dict_row

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:filtermend-trigger"
HOOK = "https://example.com/hook"
DISPATCHES = {
    "aws_lambda": {"method": "aws_lambda", "target": ARN, "region": "eu-west-1"},
    "pg_net": {"method": "pg_net", "target": HOOK, "token": "top-secret"},
    "notify": {"method": "notify", "target": "filtermend_errors"},
}
INSERT = (
    "insert into trader_execution_errors (trader_id, user_id, error_type, error_message) "
    "select %s, gen_random_uuid(), %s, 'x' from generate_series(1, %s) returning id"
)


@pytest.fixture
def trader(database: Database, user: UUID) -> UUID:
    return database.trader(user)


def _prepare(database: Database, method: str, does: str = "succeed") -> None:
    """Set the row that the migration writes, and what the stand-in extension does."""
    with database.connect() as connection:
        asked = DISPATCHES[method]
        connection.execute(
            "update filter_regeneration_settings "
            "set dispatch = %s, target = %s, region = %s, token = %s",
            [
                method,
                asked["target"],
                asked.get("region"),
                asked.get("token"),
            ],
        )
        connection.execute("update stand_in.behaviour set does = %s", [does])


def _calls(database: Database) -> list[dict[str, Any]]:
    with database.connect() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        return cursor.execute("select * from stand_in.calls order by id").fetchall()


def _insert(
    connection: psycopg.Connection, trader: UUID, error_type: str = "runtime", rows: int = 1
) -> tuple[list[str], list[str]]:
    """Insert; the new ids and the warnings."""
    warnings: list[str] = []
    connection.add_notice_handler(lambda notice: warnings.append(str(notice.message_primary)))
    found = connection.execute(INSERT, [trader, error_type, rows]).fetchall()
    return [str(error) for (error,) in found], warnings


def test_aws_lambda_gets_an_asynchronous_invocation(database: Database, trader: UUID) -> None:
    _prepare(database, "aws_lambda")
    with database.connect() as connection:
        [error], warnings = _insert(connection, trader)
    [call] = _calls(database)
    assert warnings == []
    assert (call["method"], call["target"], call["region"]) == ("Event", ARN, "eu-west-1")
    assert call["payload"] == {"errors": [{"error_id": error, "trader_id": str(trader)}]}
    assert (call["connect_ms"], call["request_ms"]) == ("1000", "1500")


def test_pg_net_posts_with_the_bearer_token(database: Database, trader: UUID) -> None:
    _prepare(database, "pg_net")
    with database.connect() as connection:
        [error], warnings = _insert(connection, trader)
    [call] = _calls(database)
    assert warnings == []
    assert call["target"] == HOOK
    assert call["headers"]["Authorization"] == "Bearer top-secret"
    assert call["payload"] == {"errors": [{"error_id": error, "trader_id": str(trader)}]}


def test_pg_net_takes_the_token_from_the_vault(database: Database, trader: UUID) -> None:
    _prepare(database, "pg_net")
    database.run(
        "update filter_regeneration_settings set token = null; create schema vault;"
        "create view vault.decrypted_secrets as"
        " select 'filtermend_webhook_token' as name, 'from the vault' as decrypted_secret"
    )
    with database.connect() as connection:
        _insert(connection, trader)
    [call] = _calls(database)
    assert call["headers"]["Authorization"] == "Bearer from the vault"


def test_pg_net_without_a_token_sends_nothing(database: Database, trader: UUID) -> None:
    _prepare(database, "pg_net")
    database.run("update filter_regeneration_settings set token = null")
    with database.connect() as connection:
        _, [warning] = _insert(connection, trader)
    assert "pg_net" in warning
    assert _calls(database) == []


@pytest.mark.parametrize("method", ["aws_lambda", "pg_net"])
@pytest.mark.parametrize(
    ("rows", "shares"),
    [
        (10, [10]),
        (25, [10, 10, 5]),
        (100, [10] * 10),
        (101, [11] * 9 + [2]),
        (1000, [100] * 10),
        (1001, [100] * 10 + [1]),
    ],
)
def test_a_statement_s_errors_are_shared_out_among_ten_dispatches(
    database: Database, trader: UUID, method: str, rows: int, shares: list[int]
) -> None:
    _prepare(database, method)
    with database.connect() as connection:
        ids, _ = _insert(connection, trader, rows=rows)
    sent = [call["payload"]["errors"] for call in _calls(database)]
    assert [len(errors) for errors in sent] == shares
    assert {error["error_id"] for errors in sent for error in errors} == set(ids)


def test_a_notification_stays_under_its_limit(database: Database, trader: UUID) -> None:
    _prepare(database, "notify")
    with database.connect() as listener, database.connect() as connection:
        listener.execute("listen filtermend_errors")
        ids, warnings = _insert(connection, trader, rows=1000)
        payloads = [n.payload for n in listener.notifies(timeout=5, stop_after=17)]
    assert warnings == []
    assert max(len(payload.encode()) for payload in payloads) < 7900
    sent = [error for payload in payloads for error in json.loads(payload)["errors"]]
    assert {error["error_id"] for error in sent} == set(ids)


def test_only_eligible_rows_are_sent(database: Database, trader: UUID) -> None:
    _prepare(database, "aws_lambda")
    with database.connect() as connection:
        _insert(connection, trader, "timeout", rows=3)
        assert _calls(database) == []
        rows = connection.execute(
            "insert into trader_execution_errors (trader_id, user_id, error_type, error_message) "
            "select %s, gen_random_uuid(), kind, 'x' "
            "from unnest(array['timeout', 'panic', 'compilation']) as kind "
            "returning id, error_type",
            [trader],
        ).fetchall()
    [call] = _calls(database)
    eligible = {str(error) for error, error_type in rows if error_type != "timeout"}
    assert {error["error_id"] for error in call["payload"]["errors"]} == eligible


def test_a_statement_that_inserts_no_row_sends_nothing(database: Database, trader: UUID) -> None:
    _prepare(database, "aws_lambda")
    with database.connect() as connection:
        _insert(connection, trader, rows=0)
    assert _calls(database) == []


def test_a_rolled_back_insert_leaves_no_row(database: Database, trader: UUID) -> None:
    _prepare(database, "notify")
    with database.connect() as listener, database.connect() as connection:
        listener.execute("listen filtermend_errors")
        with connection.transaction(force_rollback=True):
            _insert(connection, trader)
        assert list(listener.notifies(timeout=0.2)) == []
    assert database.run("select count(*) from trader_execution_errors") == [(0,)]


@pytest.mark.parametrize("method", ["aws_lambda", "pg_net"])
@pytest.mark.parametrize("does", ["fail", "assert"])
def test_a_failing_extension_costs_a_warning_without_secrets(
    database: Database, trader: UUID, method: str, does: str
) -> None:
    _prepare(database, method, does)
    with database.connect() as connection:
        ids, [warning] = _insert(connection, trader, rows=250)
    assert len(ids) == 250
    assert method in warning
    assert "top-secret" not in warning
    assert database.run("select count(*) from trader_execution_errors") == [(250,)]


def test_a_refused_invocation_costs_a_warning(database: Database, trader: UUID) -> None:
    _prepare(database, "aws_lambda", "throttle")
    with database.connect() as connection:
        [_], [warning] = _insert(connection, trader)
    assert "aws_lambda" in warning


@pytest.mark.parametrize(
    "breaks",
    [
        "drop schema aws_lambda cascade",
        "drop schema aws_commons cascade",
        "drop table filter_regeneration_settings cascade",
        "drop function filtermend_dispatch(jsonb)",
        "delete from filter_regeneration_settings",
        "update filter_regeneration_settings set dispatch = 'notify', target = repeat('x', 99)",
    ],
)
def test_whatever_is_missing_the_insert_succeeds(
    database: Database, trader: UUID, breaks: str
) -> None:
    _prepare(database, "aws_lambda")
    database.run(breaks)
    with database.connect() as connection:
        _insert(connection, trader)
    assert database.run("select count(*) from trader_execution_errors") == [(1,)]


def test_a_hang_ends_with_the_statement_timeout_and_the_insert_succeeds(
    database: Database, trader: UUID
) -> None:
    _prepare(database, "aws_lambda", "hang")
    with database.connect(statement_timeout="300ms") as connection:
        [_], [warning] = _insert(connection, trader)
    assert "57014" in warning
    assert database.run("select count(*) from trader_execution_errors") == [(1,)]


def test_a_hang_ends_with_a_cancellation_and_the_insert_succeeds(
    database: Database, trader: UUID
) -> None:
    _prepare(database, "pg_net", "hang")
    with database.connect() as connection:
        pid = connection.info.backend_pid
        cancel = threading.Timer(0.3, database.run, ["select pg_cancel_backend(%s)", [pid]])
        cancel.start()
        [_], [warning] = _insert(connection, trader)
        cancel.join()
    assert "57014" in warning
    assert database.run("select count(*) from trader_execution_errors") == [(1,)]


def test_a_hang_ends_by_itself_through_the_extensions_own_limit(
    database: Database, trader: UUID
) -> None:
    _prepare(database, "aws_lambda", "time out")
    with database.connect() as connection:
        connection.execute("set aws_lambda.request_timeout_ms = 600000")
        began = time.monotonic()
        _insert(connection, trader, rows=1000)
        assert time.monotonic() - began < 10  # 1.5 s once; not ten times, not ten minutes
        row = connection.execute("show aws_lambda.request_timeout_ms").fetchone()
    assert row == ("600000",)


def test_a_lock_on_the_settings_is_not_waited_for_long(database: Database, trader: UUID) -> None:
    _prepare(database, "aws_lambda")
    with psycopg.connect(database.dsn) as migration, database.connect() as connection:
        migration.execute("lock table filter_regeneration_settings")
        _, [warning] = _insert(connection, trader)
    assert "55P03" in warning


def test_a_slow_extension_is_given_up_after_seconds(database: Database, trader: UUID) -> None:
    _prepare(database, "aws_lambda", "slow")
    with database.connect() as connection:
        _, [warning] = _insert(connection, trader, rows=1000)
    assert "takes too long" in warning
    assert 1 < len(_calls(database)) < 10


def test_the_rest_goes_at_once_where_the_shares_take_long(database: Database, trader: UUID) -> None:
    _prepare(database, "aws_lambda", "slow")
    with database.connect() as connection:
        ids, warnings = _insert(connection, trader, rows=100)
    sent = [call["payload"]["errors"] for call in _calls(database)]
    assert (warnings, [len(errors) for errors in sent]) == ([], [10, 90])
    assert {error["error_id"] for errors in sent for error in errors} == set(ids)


HOSTILE = """
    create schema evil;
    create table evil.filter_regeneration_settings as
      select true as id, 'notify' as dispatch, 'evil' as target;
    create function evil.jsonb_build_object(text, uuid, text, uuid) returns jsonb
      language plpgsql as 'begin raise exception $$shadowed$$; end';
    create function evil.clock_timestamp() returns timestamptz
      language plpgsql as 'begin raise exception $$shadowed$$; end';
    create function evil.same(text, text) returns boolean language sql as 'select false';
    create operator evil.= (leftarg = text, rightarg = text, function = evil.same);
    grant usage on schema evil to public;
"""


def test_a_role_with_insert_only_and_a_hostile_search_path(
    database: Database, trader: UUID, role: Callable[..., str]
) -> None:
    _prepare(database, "aws_lambda")
    screener = role()
    database.run(HOSTILE + f"grant insert on trader_execution_errors to {screener}")
    with database.acting(role=screener) as connection:
        connection.execute("set search_path = evil, pg_catalog, public")
        connection.execute(
            "insert into public.trader_execution_errors "
            "(trader_id, user_id, error_type, error_message) "
            "values (%s, gen_random_uuid(), 'runtime', 'x')",
            [trader],
        )
        for forbidden in (
            "select id from public.trader_execution_errors",
            "select * from public.filter_regeneration_settings",
            "select public.filtermend_dispatch('[]')",
            "select * from stand_in.calls",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)
    [call] = _calls(database)
    [(owner,)] = database.run("select current_user")
    assert call["called_by"] == owner
    statuses = database.run("select regeneration_status from trader_execution_errors")
    assert statuses == [("pending",)]


def test_asking_again_dispatches_and_survives_a_failing_dispatch(
    database: Database, user: UUID
) -> None:
    error = database.error(user, regeneration_status="stopped")
    _prepare(database, "aws_lambda")
    ask = "select request_regeneration(%s)"
    with database.acting(user) as connection:
        connection.execute(ask, [error])
    trader = database.row(error)["trader_id"]
    expected = {"errors": [{"error_id": str(error), "trader_id": str(trader)}]}
    assert database.run("select payload from stand_in.calls") == [(expected,)]

    database.run("update trader_execution_errors set regeneration_status = 'stopped'")
    database.run("update stand_in.behaviour set does = 'fail'")
    with database.acting(user) as connection:
        assert connection.execute(ask, [error]).fetchone() == (3,)
    assert database.row(error)["regeneration_status"] == "pending"
