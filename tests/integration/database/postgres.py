"""A server with databases for tests, and what tests do with one in a line."""

import importlib.util
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row

HERE = Path(__file__).parent
MIGRATE = HERE.parents[2] / "src" / "migrate"


def load_module(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


RUNNER = load_module("filtermend_migrate_runner", MIGRATE / "runner.py")


@dataclass
class Server:
    """A server on which tests make databases; all of them are dropped in the end."""

    dsn: str
    databases: list[str] = field(default_factory=list)

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(self.dsn, autocommit=True)

    def create(self, template: str = "template1") -> "Database":
        name = f"filtermend_test_{uuid.uuid4().hex[:12]}"
        with self.connect() as connection:
            connection.execute(
                sql.SQL("create database {} template {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        self.databases.append(name)
        return Database(self, name, make_conninfo(self.dsn, dbname=name))

    def drop(self, name: str) -> None:
        with self.connect() as connection:
            connection.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
            )
        self.databases.remove(name)


@dataclass
class Database:
    """One database, and what tests do with it in one line."""

    server: Server
    name: str
    dsn: str

    def connect(self, **settings: str) -> psycopg.Connection:
        """A connection in autocommit; ``settings`` are set for its session."""
        connection = psycopg.connect(self.dsn, autocommit=True)
        for name, value in settings.items():
            connection.execute("select set_config(%s, %s, false)", [name.replace("__", "."), value])
        return connection

    def of(self, user: str, password: str) -> "Database":
        """The same database, used by another owner."""
        return Database(
            self.server, self.name, make_conninfo(self.dsn, user=user, password=password)
        )

    @contextmanager
    def acting(self, user: uuid.UUID | None = None, role: str | None = None) -> Iterator[Any]:
        """A session as PostgREST makes it: the user's claims, and the database role."""
        dsn = make_conninfo(self.server.dsn, dbname=self.name) if role else self.dsn
        with psycopg.connect(dsn, autocommit=True) as connection:
            if user:
                connection.execute(
                    "select set_config('request.jwt.claims', %s, false)", [f'{{"sub": "{user}"}}']
                )
            if role:
                connection.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
            yield connection

    def run(self, statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
        """Run as the owner, and return the rows if there are any."""
        with self.connect() as connection:
            cursor = connection.execute(statement.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

    def load(self, name: str) -> None:
        self.run((HERE / "sql" / f"{name}.sql").read_text())

    def migrate(self, dispatch: dict[str, str] | None = None) -> list[str]:
        """Apply the migration; what it reported comes back."""
        reported: list[str] = []
        asked = RUNNER.Dispatch(**dispatch) if dispatch else None
        RUNNER.migrate(self.dsn, dispatch=asked, report=reported.append)
        return reported

    def trader(self, user: uuid.UUID) -> uuid.UUID:
        [(trader,)] = self.run(
            "insert into traders (user_id, name) values (%s, 'a trader') returning id", [user]
        )
        assert isinstance(trader, uuid.UUID)
        return trader

    def error(self, user: uuid.UUID, error_type: str = "runtime", **values: Any) -> uuid.UUID:
        """Insert an error of a new trader, then give it the columns named."""
        with self.connect() as connection:
            found = connection.execute(
                """
                with trader as (
                  insert into traders (user_id, name) values (%(user)s, 'a trader') returning id
                )
                insert into trader_execution_errors
                  (trader_id, user_id, error_type, error_message)
                select id, %(user)s, %(type)s, 'index out of range' from trader returning id
                """,
                {"user": user, "type": error_type},
            ).fetchone()
            assert found is not None
            for column, value in values.items():
                update = sql.SQL("update trader_execution_errors set {} = %s where id = %s")
                connection.execute(update.format(sql.Identifier(column)), [value, found[0]])
        error: uuid.UUID = found[0]
        return error

    def row(self, error: uuid.UUID) -> dict[str, Any]:
        with self.connect() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            cursor.execute("select * from trader_execution_errors where id = %s", [error])
            found = cursor.fetchone()
            assert found is not None
            return found
