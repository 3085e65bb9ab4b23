"""Asking the database: which one it is, one snapshot of it, and what is wrong in a sentence."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg
from psycopg import errors
from psycopg.rows import dict_row

from filtermend.database import Connection
from local.folder import Folder
from local.operate import CannotOperate
from local.services import State

CONNECT_TIMEOUT_SECONDS = 10
STATEMENT_TIMEOUT_SECONDS = 60


def database_url(given: Mapping[str, str]) -> str:
    """The database that DATABASE_URL names, else the one of the local stack.

    Raises:
        CannotOperate: there is neither.
    """
    url = given.get("DATABASE_URL") or State.read(Folder.chosen()).env.get("DATABASE_URL")
    if not url:
        raise CannotOperate("no database: set DATABASE_URL, or start the local stack (`make up`)")
    return url


@contextmanager
def snapshot(url: str) -> Iterator[Connection]:
    """A connection whose questions all see the same moment, and which cannot write.

    Raises:
        CannotOperate: the database cannot be reached, is not migrated, may not be read, or takes
            longer than `STATEMENT_TIMEOUT_SECONDS` for a question.
    """
    try:
        with psycopg.Connection.connect(
            url,
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            prepare_threshold=None,
            row_factory=dict_row,
            application_name="filtermend-operate",
        ) as conn:
            conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            conn.read_only = True
            conn.execute(f"set local statement_timeout = '{STATEMENT_TIMEOUT_SECONDS}s'")
            yield conn
    except psycopg.Error as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        raise CannotOperate(sentence) from None  # the error's own text may have the password


def _sentence(error: psycopg.Error) -> str | None:
    """What an operator can do about it, or None: a fault of the program."""
    match error:
        case errors.UndefinedTable() | errors.UndefinedColumn():
            return "the database of DATABASE_URL lacks filtermend's tables: apply the migrations"
        case errors.InsufficientPrivilege():
            return (
                "the login of DATABASE_URL may not read filtermend's tables: take their owner, or "
                "one with `grant filtermend_service to <login>`"
            )
        case errors.QueryCanceled():
            return f"the database did not answer within {STATEMENT_TIMEOUT_SECONDS} s"
        case psycopg.OperationalError():
            return (
                f"the database of DATABASE_URL cannot be reached ({type(error).__name__}): is the "
                "server up, and are address, user and password right?"
            )
        case psycopg.ProgrammingError() if error.sqlstate is None:
            return "DATABASE_URL is no connection string of a Postgres"
    return None
