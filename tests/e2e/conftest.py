"""The deployed local stack, once for all end-to-end tests, in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.stack import Deployed

from local.folder import ROOT, Folder
from local.stack import Options, down, up

WAIT_SCALE = 0.001


@pytest.fixture(scope="session")
def folder() -> Folder:
    """Beside a developer's own stack, which is left alone."""
    return Folder(Path(ROOT / ".local/e2e"))


@pytest.fixture(scope="session")
def stack(folder: Folder) -> Iterator[Deployed]:
    """Scripted answers, waits a thousandth of the real ones."""
    down(folder, print)
    env = up(folder, Options("scripted", WAIT_SCALE), print)
    deployed = Deployed(env)
    yield deployed
    deployed.close()
    down(folder, print)


@pytest.fixture
def quiet_database(stack: Deployed) -> Iterator[None]:
    """The database itself dispatches nothing: only the way under test brings the error in."""
    with stack.dispatch("none"):
        yield
