"""What an attempt is measured on: the functions as they are deployed, in this process, warm.

Postgres and the screener are the real ones, reached directly; the Gemini endpoint has no latency.
Postgres does not wait for a disk, neither for the attempts nor for the floor.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
from evals import lambdas, screener
from integration.core.aws_endpoint import aws_endpoint
from integration.core.deployment import Deployment, Outside
from integration.core.endpoints import Backend, Gemini, Line
from integration.core.rows import Rows
from performance.functions.endpoint import instant
from psycopg.conninfo import make_conninfo

from filtermend.models import Step
from filtermend.telemetry import logger
from local import postgres
from local.folder import ROOT, Folder

STEPS = ("regenerate", "validate", "propose")
GOOD = (ROOT / "tests/performance/screener/testdata/filter.txt").read_text()
"""The filter of the screener's own measurements."""
FAILED = GOOD.replace("indicators.CalculateEMA(slow, 50)", "mystery(slow)")
ERROR: dict[str, Any] = {
    "filter_code_snapshot": FAILED,
    "error_type": "compilation",
    "error_message": "undefined: mystery",
}
"""No certain change mends it: the model is asked."""


@contextmanager
def deployed() -> Iterator[Deployment]:
    """The three functions of an attempt; what they log goes nowhere while the block runs."""
    with ExitStack() as stack:
        rows = Rows(stack.enter_context(_database()))
        stack.callback(rows.close)
        gemini = Gemini(stack.enter_context(instant(_answer())), Line(_nothing))
        stack.callback(gemini.close)
        backend = Backend(url=stack.enter_context(_screener()))
        outside = Outside(gemini, backend, stack.enter_context(aws_endpoint()))
        os.environ |= outside.settings()
        modules = {name: lambdas.load(name) for name in STEPS}
        deployment = Deployment(modules, rows, outside)
        stack.callback(deployment.close)
        nowhere = stack.enter_context(Path(os.devnull).open("w"))
        stack.enter_context(redirect_stdout(nowhere))
        for handler in logger.handlers:
            stack.enter_context(patch.object(handler, "stream", nowhere))
        yield deployment


def new_error(rows: Rows) -> Step:
    """An error of a new trader and user, admitted, and its execution's first step."""
    return rows.running(**ERROR)


def attempt(deployment: Deployment, step: Step) -> None:
    """One attempt: the three functions, one after the other."""
    event = step.model_dump(mode="json")
    for name in STEPS:
        event = deployment.invoke(name, event)


def check(deployment: Deployment, step: Step) -> None:
    """Raises AssertionError unless the error has a validated fix of the model's by now."""
    row, calls = deployment.rows.row(step.error_id), deployment.rows.calls(step.error_id)
    found = (
        row["regeneration_status"],
        row["proposed_fix_validated"],
        [c["source"] for c in calls],
    )
    if found != ("proposed", True, ["model"]):
        raise AssertionError(f"not what is to be measured: {found}")


@contextmanager
def _database() -> Iterator[str]:
    memory = Path("/dev/shm")  # noqa: S108  a new folder in it is ours alone
    folder = Path(
        tempfile.mkdtemp(prefix="filtermend-bench-", dir=memory if memory.is_dir() else None)
    )
    try:
        server = postgres.start(Folder(folder))
        try:
            yield _migrated(server)
        finally:
            postgres.stop(Folder(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _migrated(server: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"alter system set {setting} = off".encode())
        connection.execute("select pg_reload_conf()")
        connection.execute("create database bench")
    dsn = make_conninfo(server, dbname="bench")
    lambdas.load("migrate", "runner.py").migrate(dsn, report=lambda _: None)
    return dsn


@contextmanager
def _screener() -> Iterator[str]:
    with screener.running() as running:
        yield str(running._http.base_url)


def _answer() -> bytes:
    usage = {"promptTokenCount": 4000, "candidatesTokenCount": 500, "totalTokenCount": 4500}
    part = {"text": f"The helper does not exist.\n```go\n{GOOD}```\n"}
    candidate = {"content": {"role": "model", "parts": [part]}, "finishReason": "STOP"}
    answer = {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "scripted"}
    return json.dumps(answer).encode()


async def _nothing(*_: object) -> None:
    """No endpoint is behind this one."""
