"""What an eval runs against: a Postgres, a screener and a Gemini endpoint of its own.

They live in the eval's own folder, so that a stack which `make up` started is not disturbed, and
end with the eval. SCREENER_URL and GEMINI_BASE_URL name others; a database is always its own.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import psycopg
from filelock import FileLock, Timeout
from psycopg.conninfo import make_conninfo
from pydantic import BaseModel, JsonValue, TypeAdapter

from evals import lambdas
from evals.options import CannotEvaluate, Options
from local import postgres, stack
from local.folder import Folder
from local.services import StackError, State, stop
from local.weights import WeightsError

DATABASE = "evals"


class Call(BaseModel):
    """A question as the local Gemini endpoint lists it; `stored_ms` where its answer was stored."""

    duration_ms: int | None
    stored_ms: int | None


@dataclass(frozen=True)
class Services:
    """Addresses.

    Attributes:
        gemini_url: "" for Google's own.
        own_gemini: the endpoint was started here, and can be asked about its calls.
    """

    dsn: str
    screener_url: str
    gemini_url: str
    own_gemini: bool

    def play(self, script: JsonValue) -> None:
        """Let the scripted model answer by this script.

        Raises:
            CannotEvaluate: it is not a script.
        """
        if not self.own_gemini:
            return
        answer = httpx.put(f"{self.gemini_url}/_control/script", json=script, timeout=30)
        if answer.is_error:
            raise CannotEvaluate(f"SCRIPT: {answer.json()['error']['message']}")

    def saved_seconds(self) -> float:
        """How much longer the stored answers since the last question took when they were new."""
        if not self.own_gemini:
            return 0.0
        address = f"{self.gemini_url}/_control/calls"
        answer = httpx.get(address, timeout=30).raise_for_status()
        httpx.delete(address, timeout=30).raise_for_status()
        calls = TypeAdapter(list[Call]).validate_python(answer.json()["calls"])
        stored = [(call.stored_ms, call.duration_ms or 0) for call in calls]
        return sum(max(0, new - now) / 1000 for new, now in stored if new is not None)


@contextmanager
def running(options: Options, say: Callable[[str], None]) -> Iterator[Services]:
    """Start what is needed; stop it when the block ends, however it ends.

    Raises:
        CannotEvaluate: another eval runs in this folder, or something could not be started.
    """
    folder = options.folder
    folder.path.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.path / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise CannotEvaluate(
            f"another eval runs in {folder.path}: wait for it, or name another folder with "
            "FILTERMEND_LOCAL="
        ) from None
    state = State.read(folder)  # what an eval left that was killed
    try:
        _stop(folder, state)
        try:
            services = _start(folder, state, options, say)
        except (StackError, WeightsError) as error:
            raise CannotEvaluate(str(error)) from None
        yield services
    finally:
        _stop(folder, state)
        lock.release()


def _start(folder: Folder, state: State, options: Options, say: Callable[[str], None]) -> Services:
    say("starting Postgres and the screener")
    dsn = _database(folder)
    screener_url = os.environ.get("SCREENER_URL") or stack.screener(folder, state)
    if options.model == "local":
        say("starting the local model (its weights are fetched once, 1.1 GB)")
    own_gemini = options.model != "gemini" and not os.environ.get("GEMINI_BASE_URL")
    gemini_url = stack.gemini(folder, state, options.model, options.answers, yields=False)
    return Services(dsn, screener_url, gemini_url, own_gemini)


def _database(folder: Folder) -> str:
    """A new, migrated database."""
    server = postgres.start(folder)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"drop database if exists {DATABASE} with (force)".encode())
        connection.execute(f"create database {DATABASE}".encode())
        connection.execute(f"alter database {DATABASE} set synchronous_commit = off".encode())
    dsn = make_conninfo(server, dbname=DATABASE)
    lambdas.load("migrate", "runner.py").migrate(dsn, report=lambda _: None)
    return dsn


def _stop(folder: Folder, state: State) -> None:
    for service in reversed(state.services):
        stop(service)
    state.services.clear()
    postgres.stop(folder)
    folder.state.unlink(missing_ok=True)
