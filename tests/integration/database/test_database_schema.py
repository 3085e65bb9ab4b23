"""What the doctor compares a database with: just what the migrations make, on every kind of one."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from integration.database.postgres import Database
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row

from filtermend.checkup.database import wanted
from filtermend.store.schema import Schema, read_dispatch, read_schema
from local.schema import from_migrations


def there(database: Database) -> Schema:
    with psycopg.Connection.connect(database.dsn, row_factory=dict_row) as connection:
        return read_schema(connection)


def test_the_picture_is_what_the_migrations_make(empty: Database, tmp_path: Path) -> None:
    assert wanted() == from_migrations(empty.dsn, tmp_path / "sql"), "run `make schema`"


def test_a_migrated_database_of_the_screener_lacks_nothing(empty: Database) -> None:
    empty.load("screener")
    assert wanted().missing_in(there(empty)) != []
    empty.migrate()
    assert wanted().missing_in(there(empty)) == []


def test_a_migrated_database_of_supabase_lacks_nothing(supabase: Database) -> None:
    assert wanted().missing_in(there(supabase)) == []


def test_the_functions_login_sees_how_errors_are_dispatched_and_no_token(
    database: Database, role: Callable[[str], str]
) -> None:
    database.migrate({"method": "pg_net", "target": "https://hook", "token": "right"})
    login = role("nologin in role filtermend_service")
    with psycopg.Connection.connect(database.dsn, row_factory=dict_row) as connection:
        connection.execute(f"set role {login}".encode())
        right, wrong = (read_dispatch(connection, token) for token in ("right", "wrong"))
    assert right is not None
    assert wrong is not None
    assert (right.target, right.token_stored, right.token_is_given) == ("https://hook", True, True)
    assert (wrong.token_stored, wrong.token_is_given) == (True, False)


VAULT = (
    "create schema vault; create view vault.decrypted_secrets as"
    " select 'filtermend_webhook_token' as name, 'of the vault' as decrypted_secret"
)


@pytest.mark.parametrize(
    ("row", "vault", "given", "seen"),
    [
        ("", VAULT, "of the vault", (True, True)),
        ("", VAULT, "another", (True, False)),
        ("of the row", VAULT, "of the row", (True, True)),
        ("of the row", VAULT, "of the vault", (True, False)),
        ("", "", "of the vault", (False, False)),
        ("", "create schema vault", "of the vault", (False, False)),
    ],
)
def test_the_token_is_compared_that_pg_net_would_send(
    database: Database, row: str, vault: str, given: str, seen: tuple[bool, bool]
) -> None:
    database.migrate({"method": "pg_net", "target": "https://hook", "token": "of the row"})
    if not row:
        database.run("update filter_regeneration_settings set token = null")
    database.run(vault)
    with psycopg.Connection.connect(database.dsn, row_factory=dict_row) as connection:
        found = read_dispatch(connection, given)
    assert found is not None
    assert (found.token_stored, found.token_is_given) == seen


@pytest.mark.parametrize("grant", ["", "; grant usage on schema vault to filtermend_test_owner"])
def test_a_vault_that_the_owner_may_not_read_has_no_token(supabase: Database, grant: str) -> None:
    supabase.migrate({"method": "pg_net", "target": "https://hook"})
    administrator = make_conninfo(supabase.server.dsn, dbname=supabase.name)
    Database(supabase.server, supabase.name, administrator).run(VAULT + grant)
    with psycopg.Connection.connect(supabase.dsn, row_factory=dict_row) as connection:
        found = read_dispatch(connection, "of the vault")
    assert found is not None
    assert (found.token_stored, found.token_is_given) == (False, False)


@pytest.mark.parametrize("client", ["anon", "authenticated", "service_role"])
def test_no_client_of_supabase_may_ask_about_the_token(supabase: Database, client: str) -> None:
    with (
        supabase.acting(role=client) as session,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        session.execute("select * from public.filtermend_dispatch_settings('guess')")
