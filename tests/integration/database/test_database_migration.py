"""The migration on databases of every kind, again, and beside others."""

import json
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from integration.database.postgres import MIGRATE, RUNNER, Database, Server, load_module
from psycopg.conninfo import make_conninfo
from pydantic import ValidationError

from filtermend.settings import Secret

FILES = sorted(path.name for path in Path(MIGRATE, "sql").glob("*.sql"))
OURS = [
    "filter_regeneration_attempts",
    "filter_regeneration_daily_costs",
    "filter_regeneration_limits",
    "filter_regeneration_settings",
    "trader_execution_errors",
    "traders",
]
SHAPE = """
    select 'column', table_name, column_name, data_type || is_nullable || coalesce(column_default, '')
    from information_schema.columns where table_schema = 'public'
    union all select 'index', tablename, indexname, indexdef
    from pg_indexes where schemaname = 'public'
    union all select 'constraint', conrelid::regclass::text, conname,
                     pg_get_constraintdef(oid) || convalidated
    from pg_constraint where connamespace = 'public'::regnamespace
    union all select 'policy', tablename, policyname, cmd || roles::text || coalesce(qual, '')
    from pg_policies where schemaname = 'public'
    union all select 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
    from pg_trigger where not tgisinternal
    union all select 'function', proname, pg_get_function_identity_arguments(oid),
                     prosrc || proacl::text
    from pg_proc where pronamespace = 'public'::regnamespace
    union all select 'grant', relname, '', coalesce(relacl, acldefault('r', relowner))::text
    from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
    order by 1, 2, 3, 4
"""


def test_an_empty_database_gets_every_table(empty: Database) -> None:
    assert RUNNER.migrate(empty.dsn, dispatch=None, report=lambda _: None) == FILES

    tables = empty.run("select tablename from pg_tables where schemaname = 'public' order by 1")
    assert [name for (name,) in tables] == OURS
    unprotected = empty.run(
        "select relname from pg_class where relnamespace = 'public'::regnamespace "
        "and relkind = 'r' and not relrowsecurity"
    )
    assert unprotected == []
    assert empty.run("select dispatch from filter_regeneration_settings") == [("none",)]


def test_every_function_has_a_fixed_search_path(empty: Database) -> None:
    empty.migrate()
    functions = empty.run(
        "select proname, proconfig from pg_proc where pronamespace = 'public'::regnamespace"
    )
    assert len(functions) >= 10
    for name, settings in functions:
        assert "search_path=pg_catalog, pg_temp" in (settings or []), name


def test_a_second_run_changes_nothing_and_reports_nothing(empty: Database) -> None:
    empty.migrate()
    before = empty.run(SHAPE)
    assert empty.migrate() == []
    assert empty.run(SHAPE) == before


def test_a_second_run_does_not_wait_for_a_busy_table(empty: Database) -> None:
    empty.migrate()
    with psycopg.connect(empty.dsn) as writer:
        writer.execute("insert into traders (user_id) values (gen_random_uuid())")
        writer.execute("lock table trader_execution_errors in row exclusive mode")
        assert empty.migrate() == []


def test_runs_at_the_same_time_wait_for_each_other(empty: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(empty.migrate) for _ in range(4)]
        assert [run.result(timeout=60) for run in runs] == [[], [], [], []]
    assert empty.run("select count(*) from pg_index where not indisvalid") == [(0,)]


def test_the_screeners_tables_keep_their_columns_rows_and_defaults(
    empty: Database, user: UUID
) -> None:
    empty.load("screener")
    before = empty.run(SHAPE)
    old = empty.error(user, regeneration_count=7)
    assert empty.migrate() == []

    after = set(empty.run(SHAPE))
    kept = [line for line in before if line[0] in ("column", "index", "constraint")]
    assert set(kept) <= after
    row = empty.row(old)
    assert row["regeneration_status"] is None
    assert row["regeneration_run"] is None
    assert row["regeneration_count"] == 7
    # An old row's count breaks no later update of it.
    empty.run("update trader_execution_errors set resolved_at = now()")


def test_the_specifications_own_columns_may_be_there_already(empty: Database, user: UUID) -> None:
    empty.load("screener")
    empty.run(
        "create schema auth; create table auth.users (id uuid primary key);"
        "alter table trader_execution_errors add column proposed_fix_code text,"
        " add column proposed_fix_validated boolean default false,"
        " add column regenerated_at timestamptz, add column fix_applied_at timestamptz,"
        " add column fix_applied_by uuid references auth.users (id)"
    )
    assert empty.migrate() == []
    assert empty.row(empty.error(user))["regeneration_status"] == "pending"
    keys = empty.run("select conname from pg_constraint where confrelid = 'auth.users'::regclass")
    assert keys == [("trader_execution_errors_fix_applied_by_fkey",)]


def test_old_values_that_break_a_check_are_kept_and_named(empty: Database, user: UUID) -> None:
    empty.load("screener")
    empty.run("alter table trader_execution_errors add column regeneration_status text")
    empty.error(user, regeneration_status="queued")
    [line] = empty.migrate()
    assert "filtermend_status_check" in line
    with pytest.raises(psycopg.errors.CheckViolation):
        empty.error(user, regeneration_status="queued")


def test_an_index_left_invalid_is_built_again(empty: Database, user: UUID) -> None:
    empty.load("screener")
    empty.run(
        "alter table trader_execution_errors add column duplicate_of uuid,"
        " add column fingerprint text, add column regeneration_status text"
    )
    first = empty.error(user, fingerprint="same", regeneration_status="running")
    empty.error(user, fingerprint="same", regeneration_status="running")
    with pytest.raises(psycopg.errors.UniqueViolation):
        empty.migrate()
    name = "trader_execution_errors_fingerprint_key"
    valid = f"select indisvalid from pg_index where indexrelid = '{name}'::regclass"
    assert empty.run(valid) == [(False,)]

    empty.run("update trader_execution_errors set fingerprint = null where id = %s", [first])
    assert any(name in line for line in empty.migrate())
    assert empty.run(valid) == [(True,)]


def test_a_busy_table_is_asked_again_and_its_writers_never_wait_long(empty: Database) -> None:
    empty.load("screener")
    trader = empty.trader(uuid4())
    stalls: list[float] = []
    done = threading.Event()

    def write() -> None:
        with empty.connect() as connection:
            while not done.is_set():
                began = time.monotonic()
                connection.execute(
                    "insert into trader_execution_errors "
                    "(trader_id, user_id, error_type, error_message) "
                    "values (%s, gen_random_uuid(), 'timeout', '')",
                    [trader],
                )
                stalls.append(time.monotonic() - began)
                time.sleep(0.01)

    writer = threading.Thread(target=write)
    with psycopg.connect(empty.dsn) as long_one:
        long_one.execute("select count(*) from trader_execution_errors")
        writer.start()
        release = threading.Timer(2.5, long_one.commit)
        release.start()
        reported = empty.migrate()
        release.join()
    done.set()
    writer.join()
    assert any("busy" in line for line in reported)
    print(f"longest stall behind a transaction of 2.5 s: {max(stalls) * 1000:.0f} ms")
    assert max(stalls) < 2.4  # the lock timeout is 1 s; without one it would be all 2.5 s


def test_a_table_that_stays_busy_is_a_clear_error(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RUNNER, "BUSY_PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(RUNNER, "LOCK_TIMEOUT", "100ms")
    empty.load("screener")
    with psycopg.connect(empty.dsn) as long_one:
        long_one.execute("select count(*) from trader_execution_errors")
        with pytest.raises(RUNNER.TableBusy, match="0003_regeneration_columns"):
            empty.migrate()
    empty.migrate()


def test_a_role_that_owns_the_database_and_may_create_no_roles_can_migrate(
    empty: Database, server: Server, role: Callable[[str], str], user: UUID
) -> None:
    owner = role("login password 'owner' nosuperuser nocreaterole")
    empty.run(f"alter database {empty.name} owner to {owner}")
    with server.connect() as connection:
        existed = connection.execute(
            "select 1 from pg_roles where rolname = 'filtermend_service'"
        ).fetchone()
    reported: list[str] = []
    RUNNER.migrate(make_conninfo(empty.dsn, user=owner, password="owner"), report=reported.append)
    assert existed or any("may not create roles" in line for line in reported)
    assert empty.row(empty.error(user))["regeneration_status"] == "pending"
    RUNNER.migrate(make_conninfo(empty.dsn, user=owner, password="owner"), report=reported.append)


def test_the_settings_row_is_replaced_by_a_dispatch_only(database: Database) -> None:
    settings = "select dispatch, target, region, token from filter_regeneration_settings"
    hook = {"method": "pg_net", "target": "https://example.com/hook", "token": "secret"}
    database.migrate(hook)
    database.migrate()
    database.migrate({key: value for key, value in hook.items() if key != "token"})
    assert database.run(settings) == [("pg_net", "https://example.com/hook", None, "secret")]

    database.migrate({"method": "notify", "target": "filtermend_errors"})
    assert database.run(settings) == [("notify", "filtermend_errors", None, None)]


def test_a_missing_extension_is_named(empty: Database) -> None:
    function = {"method": "aws_lambda", "target": "arn:aws:lambda:eu-west-1:1:function:t"}
    reported = empty.migrate(function)
    assert any("aws_lambda is not installed" in line for line in reported)


@pytest.mark.parametrize("asked", [{"method": "notify"}, {"method": "telegram", "target": "t"}])
def test_a_dispatch_that_cannot_work_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        RUNNER.Dispatch(**asked)


def test_a_token_is_never_shown() -> None:
    shown = RUNNER.Dispatch(method="pg_net", target="https://example.com", token="hidden")
    assert "hidden" not in repr(shown)


def test_the_lambda_migrates_and_answers_with_the_files(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = _app(monkeypatch)
    held = Secret(database_url=empty.dsn, webhook_token="of the secret")
    monkeypatch.setattr(Secret, "load", classmethod(lambda cls, *, fresh=False: held))
    context: Any = SimpleNamespace(
        function_name="migrate",
        memory_limit_in_mb=256,
        invoked_function_arn="arn:aws:lambda:eu-west-1:1:function:migrate",
        aws_request_id="1",
    )
    event = {"dispatch": {"method": "notify", "target": "filtermend_errors"}}
    assert app.handler(event, context) == {"applied": FILES}
    assert json.dumps(app.handler({}, context))
    assert empty.run("select dispatch from filter_regeneration_settings") == [("notify",)]
    with pytest.raises(ValidationError):
        app.handler({"dispach": {}}, context)
    app.handler({"dispatch": {"method": "pg_net", "target": "https://example.com"}}, context)
    stored = "select dispatch, target, token from filter_regeneration_settings"
    assert empty.run(stored) == [("pg_net", "https://example.com", "of the secret")]


def test_a_token_in_the_vault_is_not_stored_beside_it(empty: Database) -> None:
    dispatch = {"method": "pg_net", "target": "https://example.com", "token": "in the row"}
    empty.migrate(dispatch)
    token = "select token from filter_regeneration_settings"
    assert empty.run(token) == [("in the row",)]
    empty.run(
        "create schema vault; create view vault.decrypted_secrets as"
        " select 'filtermend_webhook_token' as name, 'in the vault' as decrypted_secret"
    )
    assert any("vault" in line for line in empty.migrate(dispatch))
    assert empty.run(token) == [(None,)]


def test_what_is_no_connection_string_is_refused_without_its_password() -> None:
    password = uuid4().hex
    with pytest.raises(RUNNER.NoConnectionString) as refused:
        RUNNER.migrate(f"postgresql//filtermend:{password}@db", report=lambda _: None)
    assert password not in "".join(traceback.format_exception(refused.value))


def _app(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setitem(__import__("sys").modules, "runner", RUNNER)
    return load_module("filtermend_migrate_app", MIGRATE / "app.py")
