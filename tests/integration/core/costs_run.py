"""`make costs` as a test runs it: with variables, and what it printed."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from local.operate.__main__ import main

VARIABLES = ("DAYS", "FORMAT", "COSTS_USER", "DAILY_COST_LIMIT_USD")


@dataclass(frozen=True)
class Printed:
    """The exit code, and both streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def csv(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out)))


Report = Callable[..., Printed]


def costs_of(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Report:
    """Runs it in this process, with these variables and none of the machine's."""

    def run(**variables: str) -> Printed:
        with monkeypatch.context() as patch:
            for name in VARIABLES:
                patch.delenv(name, raising=False)
            for name, value in variables.items():
                patch.setenv(name, value)
            capsys.readouterr()
            code = main(["costs"])
        printed = capsys.readouterr()
        return Printed(code, printed.out, printed.err)

    return run
