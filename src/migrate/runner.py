"""Apply the numbered SQL files to a database: again and again, and beside running traffic.

    python src/migrate/runner.py DATABASE_URL [--dispatch notify --target filtermend_errors]

Every file looks before it changes anything, so all of them run every time. Locally the token for
``--dispatch pg_net`` comes from the environment variable FILTERMEND_WEBHOOK_TOKEN.
"""

import argparse
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, Self

import psycopg
from psycopg import sql
from pydantic import BaseModel, ConfigDict, SecretStr, model_validator

Report = Callable[[str], None]

SQL_FOLDER = Path(__file__).parent / "sql"
OUTSIDE_TRANSACTION = "-- runs outside a transaction"
# Everybody who wants the table queues behind a waiting ALTER TABLE: wait briefly, and again later.
LOCK_TIMEOUT = "1s"
BUSY_PATIENCE_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 4.0
# Another run holds the lock for as long as its index builds take.
OTHER_RUN_PATIENCE_SECONDS = 600.0
ADVISORY_LOCK = 0x66696C7465726D64  # "filtermd"

_INDEX = re.compile(r"create (?:unique )?index concurrently if not exists (\w+)")
_BUSY = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)


class TableBusy(Exception):
    """A table stayed locked by others for longer than BUSY_PATIENCE_SECONDS."""


class OtherRunBusy(Exception):
    """Another migration of this database ran for longer than OTHER_RUN_PATIENCE_SECONDS."""


class NoConnectionString(Exception):
    """What is to name the database is no connection string."""


class Dispatch(BaseModel):
    """How the database tells the trigger Lambda about new errors.

    ``target`` is a function's ARN (aws_lambda), a URL (pg_net) or a channel (notify). Without a
    ``token``, pg_net keeps the one stored before. One in Supabase's vault comes before both: then
    none is stored.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    method: Literal["aws_lambda", "pg_net", "notify", "none"]
    target: str | None = None
    region: str | None = None
    token: SecretStr | None = None

    @model_validator(mode="after")
    def _names_a_target(self) -> Self:
        if self.method != "none" and not self.target:
            raise ValueError(f"dispatch by {self.method} needs a target")
        return self


def migrate(dsn: str, *, dispatch: Dispatch | None = None, report: Report = print) -> list[str]:
    """Apply every file to the database at ``dsn`` and return their names, in order.

    ``dispatch`` replaces the settings row; None leaves it as it is. ``report`` gets a line for
    whatever a person should know. Raises NoConnectionString, TableBusy, OtherRunBusy, or
    psycopg.Error: what was applied before stays, and the next run goes on from there.
    """
    applied: list[str] = []
    with _only_run(dsn, report), _connect(dsn, report) as connection:
        for file in sorted(SQL_FOLDER.glob("*.sql")):
            text = file.read_text(encoding="utf-8")
            if text.startswith(OUTSIDE_TRANSACTION):
                _build_indexes(connection, text, report)
            else:
                _apply_patiently(connection, text, file.name, report)
            applied.append(file.name)
        if dispatch is not None:
            _provide_extension(connection, dispatch, report)
            _store_dispatch(connection, dispatch, report)
            report(f"Errors are dispatched by {dispatch.method}.")
    return applied


def _connect(dsn: str, report: Report) -> psycopg.Connection:
    # No server-side prepared statements and no session state: a pooler may be in between.
    try:
        connection = psycopg.connect(
            dsn, autocommit=True, connect_timeout=10, prepare_threshold=None
        )
    except psycopg.ProgrammingError:  # its text quotes the string, with the password
        raise NoConnectionString("database_url is not a Postgres connection string") from None
    connection.add_notice_handler(lambda notice: _pass_on(notice, report))
    return connection


def _pass_on(notice: psycopg.errors.Diagnostic, report: Report) -> None:
    # What the files raise themselves, not Postgres's "already exists, skipping".
    if notice.sqlstate == "00000":
        report(notice.message_primary or "")


@contextmanager
def _only_run(dsn: str, report: Report) -> Iterator[None]:
    """Hold the advisory lock, in a transaction on a connection of its own.

    A session-level lock would be lost in a transaction pooler. And waiting means asking again: a
    run that waited inside a statement would keep a snapshot, which the other run's CREATE INDEX
    CONCURRENTLY waits for.
    """
    deadline = time.monotonic() + OTHER_RUN_PATIENCE_SECONDS
    with _connect(dsn, report) as connection:
        while True:
            with connection.transaction():
                connection.execute("set local idle_in_transaction_session_timeout = 0")
                # Without parameters: a bound statement's portal would keep its snapshot too.
                row = connection.execute(
                    sql.SQL("select pg_try_advisory_xact_lock({})").format(ADVISORY_LOCK)
                ).fetchone()
                if row == (True,):
                    yield
                    return
            if time.monotonic() > deadline:
                raise OtherRunBusy("Another migration of this database has not ended.")
            time.sleep(0.2)


def _apply_patiently(connection: psycopg.Connection, text: str, name: str, report: Report) -> None:
    """Run one file in a transaction, and again while one of its tables is busy."""
    deadline = time.monotonic() + BUSY_PATIENCE_SECONDS
    pause = 0.25
    while True:
        try:
            with connection.transaction():
                connection.execute("set local statement_timeout = 0")
                connection.execute(sql.SQL("set local lock_timeout = {}").format(LOCK_TIMEOUT))
                connection.execute(text.encode())
        except _BUSY as busy:
            if time.monotonic() + pause > deadline:
                raise TableBusy(
                    f"{name}: a table stayed locked for {BUSY_PATIENCE_SECONDS:.0f} s. End the "
                    "long transaction on it (see pg_stat_activity), or migrate at a quieter time."
                ) from busy
        else:
            return
        report(f"{name}: the table is busy, trying again.")
        time.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 -- spreads retries
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


def _build_indexes(connection: psycopg.Connection, text: str, report: Report) -> None:
    """Run each CREATE INDEX CONCURRENTLY of a file whose index is missing or broken.

    No lock timeout: it locks out nobody, and a wait broken off would leave an invalid index.
    """
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    for statement in filter(None, (part.strip() for part in "\n".join(lines).split(";"))):
        found = _INDEX.match(statement)
        if found is None:
            raise ValueError(f"not a concurrent index: {statement[:60]}")
        name = found.group(1)
        row = connection.execute(
            "select indisvalid from pg_catalog.pg_index "
            "where indexrelid = pg_catalog.to_regclass('public.' || %s)",
            [name],
        ).fetchone()
        if row == (True,):
            continue
        if row is not None:
            report(f"{name} was left invalid by a build that broke off: building it again.")
            drop = sql.SQL("drop index concurrently if exists public.{}")
            connection.execute(drop.format(sql.Identifier(name)))
        connection.execute(statement.encode())


def _provide_extension(connection: psycopg.Connection, dispatch: Dispatch, report: Report) -> None:
    """Install the extension the method needs, where this server has it and this role may."""
    if dispatch.method not in ("aws_lambda", "pg_net"):
        return
    row = connection.execute(
        "select installed_version is not null from pg_catalog.pg_available_extensions "
        "where name = %s",
        [dispatch.method],
    ).fetchone()
    if row == (True,):
        return
    try:
        create = sql.SQL("create extension if not exists {} cascade")
        connection.execute(create.format(sql.Identifier(dispatch.method)))
    except psycopg.Error as error:
        report(
            f"The extension {dispatch.method} is not installed ({error.diag.message_primary}). "
            "Until an administrator creates it, only the sweep finds new errors, every minute."
        )


def _token_is_in_vault(connection: psycopg.Connection) -> bool:
    """Whether Supabase's vault has the webhook's token, where this role may look."""
    try:
        row = connection.execute(
            "select count(*) from vault.decrypted_secrets where name = 'filtermend_webhook_token'"
        ).fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        return False
    return row is not None and row[0] > 0


def _store_dispatch(connection: psycopg.Connection, dispatch: Dispatch, report: Report) -> None:
    token = dispatch.token.get_secret_value() if dispatch.token else None
    in_vault = dispatch.method == "pg_net" and _token_is_in_vault(connection)
    if in_vault:
        report("The webhook's token is taken from the vault: a new one has to be put there too.")
    connection.execute(
        """
        insert into public.filter_regeneration_settings as stored
          (id, dispatch, target, region, token)
        values (true, %(method)s, %(target)s, %(region)s,
                case when not %(in_vault)s then %(token)s::text end)
        on conflict (id) do update
        set dispatch = excluded.dispatch, target = excluded.target, region = excluded.region,
            token = case when excluded.dispatch = 'pg_net' and not %(in_vault)s
                    then coalesce(excluded.token, stored.token) end,
            updated_at = now()
        """,
        {
            "method": dispatch.method,
            "target": dispatch.target,
            "region": dispatch.region,
            "token": token,
            "in_vault": in_vault,
        },
    )


def main() -> None:
    """Read the command line: migrate one database and say what was done."""
    parser = argparse.ArgumentParser(description="Migrate a database to filtermend's schema.")
    parser.add_argument("database_url")
    parser.add_argument("--dispatch", choices=["aws_lambda", "pg_net", "notify", "none"])
    parser.add_argument("--target", help="function ARN, URL, or notification channel")
    parser.add_argument("--region", help="of the function")
    arguments = parser.parse_args()
    dispatch = None
    if arguments.dispatch:
        token = os.environ.get("FILTERMEND_WEBHOOK_TOKEN")
        dispatch = Dispatch(
            method=arguments.dispatch,
            target=arguments.target,
            region=arguments.region,
            token=SecretStr(token) if token else None,
        )
    for name in migrate(arguments.database_url, dispatch=dispatch):
        print(name)


if __name__ == "__main__":
    main()
