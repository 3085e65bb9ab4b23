"""One connection to Postgres per process, reopened when the server ended it."""

import math
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

import psycopg
from psycopg.rows import dict_row

from filtermend.faults import (
    AlreadyThere,
    DatabaseUnavailable,
    SettingMissing,
    StatementRefused,
)
from filtermend.telemetry import count, logger

Connection = psycopg.Connection[dict[str, object]]

CONNECT_TIMEOUT_SECONDS = 3
LOOK_UP_SECONDS = 60
_BEGIN = (
    "begin; set local statement_timeout = '10s'; set local lock_timeout = '5s'; "
    "set local idle_in_transaction_session_timeout = '15s'"
)
"""One round trip. The limits are per transaction: a pooler (RDS Proxy, PgBouncer) refuses a
connection that asks for options, and keeps no session's settings."""

_UNAVAILABLE = (psycopg.OperationalError, psycopg.errors.ReadOnlySqlTransaction)


class Database:
    """Runs transactions on one connection that it keeps and mends.

    Args:
        dsn: gives the connection string, at each connect; told True, it looks it up anew,
            because the password may have been rotated.
    """

    def __init__(self, dsn: Callable[[bool], str]) -> None:
        self._dsn = dsn
        self._connection: Connection | None = None
        self._looked_up = -math.inf

    def transact[T](self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction and commit it.

        A connection that turns out to be dead is reopened and `work` run once more, so it
        must be safe to repeat: nothing of the first try was committed, or committing twice
        changes nothing.

        Raises:
            DatabaseUnavailable: the server cannot be reached, ended both connections, or is a
                reader.
            SettingMissing: the connection string is none.
            AlreadyThere: a unique index has what the block would write.
            StatementRefused: a statement is wrong, or what it would write. Postgres' own text
                quotes the row, and what is raised is logged by Lambda and kept by Step Functions.
        """
        try:
            return self._transact(work)
        except psycopg.errors.UniqueViolation as error:
            raise AlreadyThere(_name(error)) from None
        except psycopg.Error as error:
            raise StatementRefused(_name(error)) from None

    def _transact[T](self, work: Callable[[Connection], T]) -> T:
        """Run `work`, a second time on a new connection where the first one was dead."""
        refused = self._connection is None
        try:
            return self._attempt(work)
        except _UNAVAILABLE as error:
            if not self._is_dead(error):
                raise DatabaseUnavailable(_name(error)) from error
            refused = refused and self._connection is None
            logger.warning("reconnecting to Postgres", extra={"cause": _name(error)})
        self.close()
        try:
            return self._attempt(work, fresh=refused and self._may_look_up())
        except _UNAVAILABLE as error:
            self.close()
            raise DatabaseUnavailable(_name(error)) from error

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _attempt[T](self, work: Callable[[Connection], T], *, fresh: bool = False) -> T:
        if self._connection is None:
            self._connection = self._connect(fresh)
        with _transaction(self._connection):
            return work(self._connection)

    def _may_look_up(self) -> bool:
        """A server that is down for long must not have the secret fetched at every try."""
        if time.monotonic() - self._looked_up < LOOK_UP_SECONDS:
            return False
        self._looked_up = time.monotonic()
        return True

    def _connect(self, fresh: bool) -> Connection:
        try:
            count("database_connects")
            return psycopg.Connection.connect(
                self._dsn(fresh),
                autocommit=True,
                connect_timeout=CONNECT_TIMEOUT_SECONDS,
                prepare_threshold=None,
                row_factory=dict_row,
                application_name="filtermend",
            )
        except psycopg.ProgrammingError:  # its text quotes the string, with the password
            raise SettingMissing("database_url is not a Postgres connection string") from None

    def _is_dead(self, error: psycopg.Error) -> bool:
        """A server that became a reader in a failover keeps its connections: they are no use."""
        connection = self._connection
        is_reader = isinstance(error, psycopg.errors.ReadOnlySqlTransaction)
        return is_reader or connection is None or connection.broken or connection.closed


@contextmanager
def _transaction(connection: Connection) -> Generator[None]:
    """Commit what the block did, or nothing of it where it raises."""
    try:
        connection.execute(_BEGIN)
        yield
    except BaseException:
        with suppress(psycopg.Error):  # a dead connection has nothing to take back
            connection.rollback()
        raise
    connection.commit()


def _name(error: psycopg.Error) -> str:
    """The error without its parameters: they may be a user's code."""
    where = (error.diag.table_name, error.diag.constraint_name)
    return " ".join(filter(None, (type(error).__name__, error.sqlstate, *where)))
