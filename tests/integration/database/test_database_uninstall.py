"""docs/uninstall.sql takes away what the migrations made, and nothing else."""

from uuid import UUID

import pytest
from integration.database.postgres import Database
from integration.database.test_database_migration import SHAPE

from local.folder import ROOT

SCRIPT = (ROOT / "docs/uninstall.sql").read_text("utf-8")
OURS = """
    select proname from pg_proc where pronamespace = 'public'::regnamespace
    union all select tgname from pg_trigger where not tgisinternal
    union all select relname from pg_class where relname like 'filter%'
    union all select attname from pg_attribute
    where attrelid = 'trader_execution_errors'::regclass and attnum > 0 and not attisdropped
      and attname like any (array['proposed_fix%', 'regeneration_%', 'fix_%', 'fingerprint'])
      and attname <> 'regeneration_count'
    order by 1
"""
SWITCHED_OFF = """
    drop policy filtermend_own on trader_execution_errors;
    drop policy filtermend_backend on trader_execution_errors;
    alter table trader_execution_errors disable row level security;
    drop function filtermend_user_id();
"""
"""What docs/deploy.md has for whoever had no row security before."""


def insert(database: Database, user: UUID) -> UUID:
    [(error,)] = database.run(
        "with t as (insert into traders (user_id, name) values (%(user)s, 'kept') returning id) "
        "insert into trader_execution_errors (trader_id, user_id, error_type, error_message) "
        "select id, %(user)s, 'panic', 'kept' from t returning id",
        {"user": user},
    )
    return error


def test_the_screener_s_own_tables_are_as_before(empty: Database, user: UUID) -> None:
    empty.load("screener")
    old = insert(empty, user)
    before = empty.run(SHAPE)
    empty.migrate()
    kept = empty.error(user)
    empty.run(SCRIPT)
    assert empty.run(OURS) == [("filtermend_user_id",)]
    empty.run(SWITCHED_OFF)
    assert empty.run(SHAPE) == before
    assert {row[0] for row in empty.run("select id from trader_execution_errors")} == {old, kept}
    insert(empty, user)


def test_row_security_of_supabase_is_as_before(supabase: Database, user: UUID) -> None:
    kept = supabase.error(user)
    supabase.run(SCRIPT)
    assert supabase.run(OURS) == []
    policies = supabase.run("select policyname from pg_policies where tablename like 'trader%'")
    assert len(policies) == 4
    assert all(name.startswith("Users ") for (name,) in policies)
    assert supabase.row(kept)["error_message"] == "index out of range"


def test_tables_that_the_migration_made_stay_and_stay_closed(
    empty: Database, user: UUID, other: UUID
) -> None:
    empty.migrate()
    mine = insert(empty, user)
    insert(empty, other)
    empty.run(SCRIPT)
    assert empty.run(OURS) == [("filtermend_user_id",)]
    protected = "select relname from pg_class where relrowsecurity order by 1"
    assert empty.run(protected) == [("trader_execution_errors",), ("traders",)]
    with empty.acting(user) as connection:
        connection.execute("create role filtermend_test_reader")
        try:
            connection.execute("grant select on trader_execution_errors to filtermend_test_reader")
            connection.execute("set role filtermend_test_reader")
            seen = connection.execute("select id from trader_execution_errors").fetchall()
        finally:
            connection.execute("reset role")
            connection.execute("drop owned by filtermend_test_reader")
            connection.execute("drop role filtermend_test_reader")
    assert seen == [(mine,)]


@pytest.mark.parametrize("screener_first", [True, False])
def test_it_can_be_repeated_and_installed_again(
    empty: Database, user: UUID, *, screener_first: bool
) -> None:
    if screener_first:
        empty.load("screener")
    empty.migrate()
    installed = empty.run(SHAPE)
    empty.run(SCRIPT)
    gone = empty.run(SHAPE)
    empty.run(SCRIPT)
    assert empty.run(SHAPE) == gone
    insert(empty, user)
    empty.migrate()
    assert empty.run(SHAPE) == installed
    assert empty.row(empty.error(user))["regeneration_status"] == "pending"


def test_the_role_stays_while_another_database_uses_it(empty: Database, database: Database) -> None:
    database.migrate()
    empty.migrate()
    empty.run(SCRIPT)
    assert empty.run("select count(*) from pg_roles where rolname = 'filtermend_service'") == [(1,)]
    held = "select has_table_privilege('filtermend_service', 'trader_execution_errors', 'select')"
    assert empty.run(held) == [(False,)]
    assert database.run(held) == [(True,)]
