"""What the doctor compares a database with: just what the migrations make, on every kind of one."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from integration.database.postgres import Database
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


@pytest.mark.parametrize("client", ["anon", "authenticated", "service_role"])
def test_no_client_of_supabase_may_ask_about_the_token(supabase: Database, client: str) -> None:
    with (
        supabase.acting(role=client) as session,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        session.execute("select * from public.filtermend_dispatch_settings('guess')")
