"""`make explain` as a test runs it, and what is hostile to whoever prints it."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from integration.core.costs_run import Printed
from integration.core.rows import Rows

from local.operate.__main__ import main

Explain = Callable[..., Printed]
HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\r\u202egnp\u2028 \x00 [bold red]markup[/]"


@pytest.fixture
def explain(
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Explain:
    """`make explain` with these variables, where no local stack runs."""
    monkeypatch.setenv("DATABASE_URL", rows.dsn)
    monkeypatch.setenv("FILTERMEND_LOCAL", str(tmp_path))
    monkeypatch.delenv("STACK", raising=False)

    def run(error_id: UUID | str | None, **variables: str) -> Printed:
        with monkeypatch.context() as patch:
            for name, value in (variables | {"ERROR": str(error_id or "")}).items():
                patch.setenv(name, value)
            capsys.readouterr()
            code = main(["explain"])
        printed = capsys.readouterr()
        return Printed(code, printed.out, printed.err)

    return run


def said(page: Printed) -> str:
    """The page as one line: how it is wrapped does not matter."""
    assert page.code == 0, page.err
    return " ".join(page.out.split())
