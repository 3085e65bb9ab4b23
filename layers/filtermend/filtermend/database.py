"""One connection to Postgres per process, reopened when the server ended it."""

from collections.abc import Callable

import psycopg
from aws_lambda_powertools import Logger
from psycopg.rows import dict_row

from filtermend.faults import DatabaseUnavailable, SettingMissing

logger = Logger(child=True)
Connection = psycopg.Connection[dict[str, object]]

CONNECT_TIMEOUT_SECONDS = 3
_LIMITS = (
    "set local statement_timeout = '10s'; set local lock_timeout = '5s'; "
    "set local idle_in_transaction_session_timeout = '15s'"
)
"""Per transaction: a pooler (RDS Proxy, PgBouncer) refuses a connection that asks for options."""


class Database:
    """Runs transactions on one connection that it keeps and mends.

    Args:
        dsn: gives the connection string; asked for at each connect, so that a rotated
            password is picked up.
    """

    def __init__(self, dsn: Callable[[], str]) -> None:
        self._dsn = dsn
        self._connection: Connection | None = None

    def transact[T](self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction and commit it.

        A connection that turns out to be dead is reopened and `work` run once more, so it
        must be safe to repeat: nothing of the first try was committed, or committing twice
        changes nothing.

        Raises:
            DatabaseUnavailable: the server cannot be reached or ended both connections.
            SettingMissing: the connection string is none.
        """
        try:
            return self._attempt(work)
        except psycopg.OperationalError as error:
            if not self._is_dead():
                raise DatabaseUnavailable(_name(error)) from error
            logger.warning("reconnecting to Postgres", extra={"cause": _name(error)})
        self.close()
        try:
            return self._attempt(work)
        except psycopg.OperationalError as error:
            self.close()
            raise DatabaseUnavailable(_name(error)) from error

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _attempt[T](self, work: Callable[[Connection], T]) -> T:
        if self._connection is None:
            self._connection = self._connect()
        with self._connection.transaction():
            self._connection.execute(_LIMITS)
            return work(self._connection)

    def _connect(self) -> Connection:
        try:
            return psycopg.Connection.connect(
                self._dsn(),
                autocommit=True,
                connect_timeout=CONNECT_TIMEOUT_SECONDS,
                prepare_threshold=None,
                row_factory=dict_row,
                application_name="filtermend",
            )
        except psycopg.ProgrammingError:  # its text quotes the string, with the password
            raise SettingMissing("database_url is not a Postgres connection string") from None

    def _is_dead(self) -> bool:
        return self._connection is None or self._connection.broken or self._connection.closed


def _name(error: psycopg.Error) -> str:
    """The error without its parameters: they may be a user's code."""
    return f"{type(error).__name__} {error.sqlstate or ''}".strip()
