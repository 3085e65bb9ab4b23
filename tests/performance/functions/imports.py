"""How long a function's import takes, against the packages it cannot do without.

Each import is one in a new interpreter, on the layers as `sam build` leaves them and with boto3
compiled beside them, as the runtime has it. A function and its floor take turns, so that both meet
the same noise. The interpreter's own start is not counted.
"""

import os
import shutil
import site
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from filtermend import start
from local import aws
from local.folder import ROOT

GOAL = 1.2
ROUNDS = 9
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six.py")
"""What Lambda's runtime brings."""
_LOGGER = "from pydantic import BaseModel; from aws_lambda_powertools import Logger"
FLOORS = {
    "trigger": f"import boto3; {_LOGGER}",
    "regenerate": f"from google import genai; import psycopg; {_LOGGER}, Metrics",
    "validate": f"import httpx, psycopg; {_LOGGER}",
    "propose": f"import httpx, psycopg; {_LOGGER}",
}
_TIMED = """
import time
began = time.perf_counter()
{code}
print((time.perf_counter() - began) * 1000)
"""


@dataclass(frozen=True)
class Start:
    """Medians in milliseconds: a function's import, its floor's, and all that is loaded on Lambda."""

    function: str
    milliseconds: float
    floor: float
    ratio: float
    on_lambda: float

    @property
    def holds(self) -> bool:
        return self.ratio <= GOAL


def measure(rounds: int = ROUNDS) -> list[Start]:
    """Every function of `FLOORS`; each interpreter's first round only warms the disk's cache."""
    with _runtime() as runtime:
        return [_start(name, floor, runtime, rounds) for name, floor in FLOORS.items()]


def _start(function: str, floor: str, runtime: Path, rounds: int) -> Start:
    built = ROOT / aws.BUILT / "build"
    layers = [built / "DependenciesLayer" / "python", built / "FiltermendLayer" / "python"]
    path = [built / f"{function.title()}Function", *layers, runtime]
    taken = [
        (
            _import("import app", path),
            _import(floor, path),
            _import("import app", path, **{start.ON_LAMBDA: "on-demand"}),
        )
        for _ in range(rounds + 1)
    ][1:]
    own, least, on_lambda = (statistics.median(column) for column in zip(*taken, strict=True))
    ratio = statistics.median(mine / bare for mine, bare, _ in taken)
    return Start(function, own, least, ratio, on_lambda)


def _import(code: str, path: list[Path], **variables: str) -> float:
    """Milliseconds, in an interpreter that sees nothing but these folders and variables."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "POWERTOOLS_SERVICE_NAME": "imports",
        **variables,
    }
    command = [sys.executable, "-S", "-c", _TIMED.format(code=code)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


@contextmanager
def _runtime() -> Iterator[Path]:
    """A folder with what the runtime brings, compiled like the layers."""
    packages = Path(site.getsitepackages()[0])
    with tempfile.TemporaryDirectory() as name:
        for package in RUNTIME:
            source, target = packages / package, Path(name) / package
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        compiling = ["-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", name]
        subprocess.run([sys.executable, *compiling], check=True)
        yield Path(name)


def table(starts: list[Start]) -> Table:
    """The figures for a person."""
    shown = Table(title=f"Imports, ms: medians of {ROUNDS} new interpreters each")
    shown.add_column("function")
    for name in ("import", "floor", "ratio", "goal", "on Lambda"):
        shown.add_column(name, justify="right")
    shown.add_column("the floor imports")
    for one in starts:
        shown.add_row(
            one.function,
            f"{one.milliseconds:.0f}",
            f"{one.floor:.0f}",
            f"{one.ratio:.2f}" + ("" if one.holds else " missed"),
            f"{GOAL}",
            f"{one.on_lambda:.0f}",
            FLOORS[one.function],
        )
    return shown


def run(console: Console) -> bool:
    """Build, measure and print; False when a goal is missed."""
    aws.build()
    starts = measure()
    console.print(table(starts))
    return all(one.holds for one in starts)
