"""Where a local stack keeps what it has: one folder, named by FILTERMEND_LOCAL or `.local`."""

import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".local" / "tools"
"""Environments of the SAM CLI and the local AWS, and the screener's binary (`make setup`)."""


@dataclass(frozen=True)
class Folder:
    """The folder of one stack; two stacks in two folders do not touch each other."""

    path: Path

    @classmethod
    def chosen(cls) -> "Folder":
        """The folder that FILTERMEND_LOCAL names, else `.local` in the project."""
        return cls(Path(os.environ.get("FILTERMEND_LOCAL") or ROOT / ".local").resolve())

    @property
    def state(self) -> Path:
        """What runs: `local.services` reads and writes it."""
        return self.path / "state.json"

    @property
    def env(self) -> Path:
        """Addresses of the stack as shell assignments."""
        return self.path / "env"

    @property
    def logs(self) -> Path:
        """A log file per service."""
        return self.path / "logs"

    @property
    def postgres(self) -> Path:
        """The embedded Postgres' data."""
        return self.path / "postgres"


def write_private(path: Path, text: str) -> None:
    """Replace a file that holds a password: at no moment may anyone else read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, fresh = mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    Path(fresh).replace(path)
