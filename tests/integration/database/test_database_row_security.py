"""User A against user B: on every table and function, on Supabase and without it."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

import psycopg
import pytest
from integration.database.postgres import Database, Server

OWNED = {
    "traders": "name",
    "trader_execution_errors": "error_message",
    "filter_regeneration_attempts": "model",
    "filter_regeneration_daily_costs": "day",
    "filter_regeneration_limits": "updated_at",
}
LEDGER = [name for name in OWNED if name.startswith("filter_")]
INTERNAL = [
    "filtermend_dispatch('[]')",
    "filtermend_send(null, null)",
    "filtermend_require_user()",
    "filtermend_lock_error(gen_random_uuid(), gen_random_uuid())",
]


def _fill(database: Database, *users: UUID) -> dict[UUID, UUID]:
    """One row of each table per user; the errors."""
    errors = {}
    for user in users:
        errors[user] = database.error(
            user, regeneration_status="proposed", proposed_fix_code="return true"
        )
        database.run(
            """
            insert into filter_regeneration_attempts
              (error_id, run, attempt, turn, call, user_id, answer)
            values (%s, 1, 1, 1, 1, %s, 'the answer')
            """,
            [errors[user], user],
        )
        for statement in (
            "insert into filter_regeneration_daily_costs (user_id, day) values (%s, now())",
            "insert into filter_regeneration_limits (user_id, daily_cost_limit_usd) values (%s, 1)",
        ):
            database.run(statement, [user])
    return errors


@pytest.fixture
def plain(
    database: Database, role: Callable[..., str], user: UUID, other: UUID
) -> tuple[Database, str, dict[UUID, UUID]]:
    """Without Supabase: the application's role, which was granted everything."""
    application = role()
    database.run(
        f"grant all on all tables in schema public to {application};"
        f"revoke all on filter_regeneration_settings from {application};"
        f"grant execute on function decide_fix, request_regeneration to {application}"
    )
    return database, application, _fill(database, user, other)


@pytest.fixture
def on_supabase(
    supabase: Database, user: UUID, other: UUID
) -> tuple[Database, str, dict[UUID, UUID]]:
    for person in (user, other):
        supabase.run("insert into auth.users values (%s)", [person])
    return supabase, "authenticated", _fill(supabase, user, other)


@pytest.fixture(params=["plain", "on_supabase"])
def stage(request: pytest.FixtureRequest) -> Iterator[tuple[Database, str, dict[UUID, UUID]]]:
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


Stage = tuple[Database, str, dict[UUID, UUID]]


def test_a_user_reads_own_rows_only(stage: Stage, user: UUID) -> None:
    database, role, _ = stage
    with database.acting(user, role) as connection:
        for table in OWNED:
            assert connection.execute(f"select user_id from {table}").fetchall() == [(user,)]


def test_a_user_writes_none(stage: Stage, user: UUID) -> None:
    """Refused, or no row found. Deleting an own error is the screener's to allow."""
    database, role, _ = stage
    for table, column in OWNED.items():
        before = database.run(f"select * from {table} order by 1")
        writes = [f"update {table} set {column} = {column}", f"delete from {table}"]
        if table == "trader_execution_errors" and role == "authenticated":
            writes = ["delete from trader_execution_errors where user_id <> auth.uid()"]
        writes.append(f"insert into {table} select * from {table}")
        with database.acting(user, role) as connection:
            for write in writes:
                with suppress(psycopg.errors.InsufficientPrivilege, psycopg.errors.UniqueViolation):
                    assert connection.execute(write).rowcount == 0
        assert database.run(f"select * from {table} order by 1") == before


def test_a_user_neither_decides_nor_asks_for_another(stage: Stage, user: UUID, other: UUID) -> None:
    database, role, errors = stage
    with database.acting(user, role) as connection:
        for call in ("decide_fix(%s, 'applied')", "request_regeneration(%s)"):
            with pytest.raises(psycopg.Error) as refused:
                connection.execute(f"select {call}", [errors[other]])
            assert refused.value.sqlstate == "RG002"
        found = connection.execute("select decide_fix(%s, 'applied')", [errors[user]]).fetchone()
        assert found == ("applied",)
    assert database.row(errors[other])["regeneration_status"] == "proposed"


def test_internal_functions_are_not_for_users(stage: Stage, user: UUID) -> None:
    database, role, _ = stage
    with database.acting(user, role) as connection:
        for call in INTERNAL:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"select public.{call}")


def test_the_token_is_for_nobody(stage: Stage, user: UUID) -> None:
    database, role, _ = stage
    for reader in {role, "service_role" if role == "authenticated" else role}:
        with (
            database.acting(user, reader) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute("select * from filter_regeneration_settings")


def test_a_user_cannot_forge_an_own_errors_regeneration(stage: Stage, user: UUID) -> None:
    database, role, errors = stage
    before = database.row(errors[user])
    with database.acting(user, role) as connection:
        for forged in ("regeneration_count = 1", "proposed_fix_validated = true"):
            with suppress(psycopg.errors.InsufficientPrivilege):
                update = f"update trader_execution_errors set {forged}"
                assert connection.execute(update).rowcount == 0
    assert database.row(errors[user]) == before


def test_the_screeners_policies_survive_and_ours_add_no_second_read(supabase: Database) -> None:
    policies = supabase.run(
        "select policyname from pg_policies where tablename = 'trader_execution_errors' order by 1"
    )
    assert [name for (name,) in policies] == [
        "Users delete their errors",
        "Users resolve their errors",
        "Users see their errors",
        "filtermend_service_read",
        "filtermend_service_update",
    ]


def test_on_supabase_a_user_still_resolves_an_error_and_may_go(
    on_supabase: Stage, user: UUID
) -> None:
    database, role, errors = on_supabase
    with database.acting(user, role) as connection:
        resolve = "update trader_execution_errors set resolved_at = now()"
        assert connection.execute(resolve).rowcount == 1
        connection.execute("select decide_fix(%s, 'applied')", [errors[user]])
    assert database.row(errors[user])["fix_applied_by"] == user
    database.run("delete from auth.users where id = %s", [user])
    assert database.row(errors[user])["fix_applied_by"] is None


def test_on_supabase_nobody_without_a_login_reads(on_supabase: Stage) -> None:
    database, _, _ = on_supabase
    with database.acting(role="anon") as connection:
        for table in ("traders", "trader_execution_errors"):
            assert connection.execute(f"select * from {table}").fetchall() == []
        for table in [*LEDGER, "filter_regeneration_settings"]:
            for statement in (f"select * from {table}", f"truncate {table}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)


def test_on_supabase_the_service_role_decides_for_a_user_it_names(
    on_supabase: Stage, user: UUID
) -> None:
    database, _, errors = on_supabase
    decide = "select decide_fix(%s, 'rejected')"
    with database.acting(role="service_role") as connection:
        with pytest.raises(psycopg.Error) as refused:
            connection.execute(decide, [errors[user]])
        assert refused.value.sqlstate == "RG001"
    with database.acting(user, "service_role") as connection:
        assert connection.execute(decide, [errors[user]]).fetchone() == ("rejected",)


def test_tables_made_by_us_on_supabase_are_closed_too(
    supabase_server: Server, user: UUID, other: UUID
) -> None:
    made = supabase_server.create()
    made.load("supabase")
    database = made.of("filtermend_test_owner", "owner")
    database.migrate()
    _fill(database, user, other)
    for table in ("traders", "trader_execution_errors"):
        with database.acting(role="anon") as connection:
            for statement in (f"select * from {table}", f"truncate {table} cascade"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)
    with database.acting(user, "authenticated") as connection:
        rows = connection.execute("select user_id from trader_execution_errors").fetchall()
        assert rows == [(user,)]
    supabase_server.drop(database.name)


def test_a_back_end_that_acts_for_nobody_keeps_what_it_could(
    empty: Database, role: Callable[..., str], user: UUID
) -> None:
    """Row security comes on over a table that had none: grants decide, as before."""
    empty.load("screener")
    backend = role()
    empty.run(f"grant select, insert, update on traders, trader_execution_errors to {backend}")
    empty.migrate()
    with empty.acting(role=backend) as connection:
        found = connection.execute(
            "insert into traders (user_id, name) values (%s, 't') returning id", [user]
        ).fetchone()
        insert = (
            "insert into trader_execution_errors (trader_id, user_id, error_type, error_message) "
            "values (%s, %s, 'panic', 'x') returning regeneration_status"
        )
        assert connection.execute(insert, [found[0], user]).fetchone() == ("pending",)
        update = "update trader_execution_errors set resolved_at = now()"
        assert connection.execute(update).rowcount == 1
    with empty.acting(user, backend) as connection:
        assert connection.execute(update).rowcount == 0


def test_the_services_role_has_what_the_lambdas_need_and_no_more(
    database: Database, user: UUID, role: Callable[..., str]
) -> None:
    [error] = _fill(database, user).values()
    login = role("nologin in role filtermend_service")
    needs: dict[str, list[Any]] = {
        "select id from trader_execution_errors where id = %s for update": [error],
        "select filter, strategy from traders where user_id = %s": [user],
        "select daily_cost_limit_usd from filter_regeneration_limits where user_id = %s": [user],
        """
        update trader_execution_errors
        set regeneration_status = 'running', fingerprint = 'f', regeneration_count = 1,
            auto_regeneration_triggered = true, regeneration_lease_until = now(),
            proposed_fix_code = 'c'
        where id = %s
        """: [error],
        """
        insert into filter_regeneration_attempts (error_id, run, attempt, turn, call, user_id)
        values (%s, 1, 1, 2, 1, %s)
        """: [error, user],
        "update filter_regeneration_attempts set cost_usd = 1 where error_id = %s": [error],
        """
        insert into filter_regeneration_daily_costs as c (user_id, day) values (%s, now())
        on conflict (user_id, day) do update set reserved_usd = c.reserved_usd + 1
        """: [user],
    }
    refused = [
        "delete from trader_execution_errors",
        "delete from filter_regeneration_attempts",
        "delete from filter_regeneration_daily_costs",
        "update traders set filter = '{}'",
        "update trader_execution_errors set fix_applied_at = now()",
        "update trader_execution_errors set user_id = gen_random_uuid()",
        "update filter_regeneration_limits set daily_cost_limit_usd = 1e5",
        "select * from filter_regeneration_settings",
    ]
    with database.acting(role=login) as connection:
        for statement, parameters in needs.items():
            assert connection.execute(statement.encode(), parameters).rowcount >= 1
        for statement in refused:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
