"""The JSONL file that lets a store survive a restart: one record per line, only appended."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

Kind = Literal["project", "experiment", "prompt", "row"]


class Record(BaseModel):
    """One thing that was sent, as it was sent."""

    kind: Kind
    body: dict[str, Any]


class Journal:
    """Appends records to a file; without a path it forgets them."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            _end_the_last_line(path)

    def append(self, kind: Kind, bodies: list[dict[str, Any]]) -> None:
        """Write the records at the end and close the file. Raises OSError."""
        if self._path is None:
            return
        lines = [json.dumps({"kind": kind, "body": body}) + "\n" for body in bodies]
        with self._path.open("a", encoding="utf-8") as file:
            file.writelines(lines)

    def records(self) -> Iterator[Record]:
        """Everything written so far. A line that is no record (cut off by a kill) is reported."""
        if self._path is None or not self._path.exists():
            return
        with self._path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                try:
                    yield Record.model_validate_json(line)
                except ValidationError:
                    print(f"braintrust: {self._path}:{number} is no record", file=sys.stderr)


def _end_the_last_line(path: Path) -> None:
    """What a kill cut off must not swallow the next record."""
    with path.open("a+b") as file:
        if file.tell() > 0:
            file.seek(-1, 2)
            if file.read(1) != b"\n":
                file.write(b"\n")
