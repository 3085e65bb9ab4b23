"""What can go wrong, each as a block: while it runs, an invocation of a function suffers it."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from typing import Any
from unittest.mock import patch

import httpx
import psycopg
from integration.core import processes
from integration.core.deployment import Deployment
from integration.core.endpoints import FENCED
from psycopg.conninfo import make_conninfo

from filtermend import database, examination, gemini
from filtermend.database import Connection, Database
from filtermend.validator import Validator
from local.braintrust.app import create_app
from local.braintrust.store import Store
from local.gemini.serving import serving

Strike = Callable[[Deployment, str], AbstractContextManager[None]]
"""Begins the fault for an invocation at a stage; its end is the block's."""
SETTLE = "settle"
"""The stage within Regenerate at which an answer is here and is not stored yet."""
MEND, VALIDATE, REPLAY = "/api/mend-filter", "/api/validate-filter", "/api/test-filter"
KILL_AT = {
    "trigger": "before executions.start",
    "regenerate": "before store.ledger.mark_sent",
    SETTLE: "before store.ledger.settle_answer",
    "validate": "before store.ledger.record_verdict",
    "propose": "before store.errors.end_run",
    "sweep": "before executions.start",
}


def function_of(stage: str) -> str:
    return "regenerate" if stage == SETTLE else stage


@contextmanager
def in_another_process(on: Deployment, stage: str, **settings: str) -> Generator[None]:
    function = function_of(stage)
    elsewhere = partial(processes.invoke, function, **settings)
    with patch.dict(on.functions, {function: elsewhere}):
        yield


def killed(on: Deployment, stage: str) -> AbstractContextManager[None]:
    return in_another_process(on, stage, KILL_AT=KILL_AT[stage])


# --- Postgres --------------------------------------------------------------------------------


def of_the_database(fault: Callable[[Deployment], Generator[None]]) -> Strike:
    """The fault begins with the invocation, or with the answer that is to be settled."""
    block = contextmanager(fault)

    @contextmanager
    def strike(on: Deployment, stage: str) -> Generator[None]:
        if stage != SETTLE:
            with block(on):
                yield
            return
        ask = gemini.ask
        with ExitStack() as until_the_end:

            def ask_and_strike(*arguments: Any, **named: Any) -> object:
                answer = ask(*arguments, **named)
                until_the_end.enter_context(block(on))
                return answer

            with patch.object(gemini, "ask", ask_and_strike):
                yield

    return strike


def _end_connections(on: Deployment) -> None:
    on.rows.run(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
        "where application_name = 'filtermend' and datname = current_database()"
    )


@of_the_database
def connections_ended(on: Deployment) -> Generator[None]:
    """Each transaction's connection ends under it, before its commit."""
    transact = Database.transact

    def ended_once(self: Database, work: Callable[[Connection], Any]) -> object:
        tries = []

        def do_and_end(conn: Connection) -> object:
            done = work(conn)
            if not tries:
                tries.append(conn)
                _end_connections(on)
            return done

        return transact(self, do_and_end)

    with patch.object(Database, "transact", ended_once):
        yield


@of_the_database
def commits_unheard(on: Deployment) -> Generator[None]:
    """Each transaction is committed, and the connection ends before that is heard."""
    transact, attempt = Database.transact, Database._attempt
    heard: list[bool] = []

    def unheard_once(self: Database, work: Callable[[Connection], Any]) -> object:
        heard[:] = [False]
        return transact(self, work)

    def attempt_unheard(self: Database, work: Any, **named: Any) -> object:
        done: object = attempt(self, work, **named)
        if not heard[0]:
            heard[0] = True
            _end_connections(on)
            assert self._connection is not None
            self._connection.execute("select 1")
        return done

    with (
        patch.object(Database, "transact", unheard_once),
        patch.object(Database, "_attempt", attempt_unheard),
    ):
        yield


@of_the_database
def unreachable(on: Deployment) -> Generator[None]:
    """The server lets nobody in."""
    server = make_conninfo(on.rows.dsn, dbname="postgres")
    name = psycopg.conninfo.conninfo_to_dict(on.rows.dsn)["dbname"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"alter database {name} allow_connections false".encode())
        _end_connections(on)
        try:
            yield
        finally:
            connection.execute(f"alter database {name} allow_connections true".encode())


@of_the_database
def read_only(on: Deployment) -> Generator[None]:
    """The server became a reader."""
    [name] = on.rows.run("select current_database() as name")
    setting = f"alter database {name['name']} set default_transaction_read_only"
    on.rows.run(f"{setting} = on")
    _end_connections(on)
    try:
        yield
    finally:
        on.rows.run(f"{setting} = off")


@of_the_database
def locked(on: Deployment) -> Generator[None]:
    """Somebody holds all rows for longer than a statement waits for them."""
    impatient = database._BEGIN.replace("'5s'", "'100ms'")
    with psycopg.connect(on.rows.dsn) as holder, patch.object(database, "_BEGIN", impatient):
        for table in (
            "trader_execution_errors",
            "filter_regeneration_attempts",
            "filter_regeneration_daily_costs",
        ):
            holder.execute(f"select 1 from {table} for update".encode())
        yield


# --- Gemini, the screener, Braintrust, AWS ---------------------------------------------------


def answers(*said: dict[str, Any], then: dict[str, Any] | None = None) -> Strike:
    """Gemini answers this, and then well."""

    @contextmanager
    def strike(on: Deployment, _: str) -> Generator[None]:
        on.gemini.play(*said, {"text": FENCED} if then is None else then)
        yield

    return strike


@contextmanager
def connection_reset(on: Deployment, _: str) -> Generator[None]:
    on.gemini.line.resets = 1
    yield


def screener_says(*answer: tuple[int, str], **by_path: tuple[int, str]) -> Strike:
    """The screener answers this on every path; or by path, and 404 on the others."""

    @contextmanager
    def strike(on: Deployment, _: str) -> Generator[None]:
        missing = (404, "404 page not found\n")
        said = answer[0] if answer else missing
        answers = dict.fromkeys((MEND, VALIDATE, REPLAY), said)
        answers |= {f"/api/{name}-filter": given for name, given in by_path.items()}
        with patch.object(on.backend, "answers", answers):
            yield

    return strike


@contextmanager
def screener_slow(on: Deployment, _: str) -> Generator[None]:
    with (
        patch.object(on.backend, "delay_seconds", 1.0),
        patch.object(examination, "DIAGNOSIS_SECONDS", 0.2),
        patch.dict(Validator.mend.__kwdefaults__, {"timeout_seconds": 0.2}),
    ):
        yield


def braintrust(mode: str) -> Strike:
    """Braintrust hangs, fails or refuses; its SDK keeps to a process of its own."""

    @contextmanager
    def strike(on: Deployment, stage: str) -> Generator[None]:
        with (
            serving(create_app(Store())) as url,
            patch.dict(on.aws.secret, {"braintrust_api_key": "bt-key"}),
            in_another_process(on, stage, BRAINTRUST_API_URL=url, BRAINTRUST_APP_URL=url),
        ):
            httpx.put(f"{url}/_control/fault", json={"mode": mode}).raise_for_status()
            yield

    return strike


def throttled(operation: str) -> Strike:
    """AWS refuses every call of an operation; the SDK's own waits pass at once."""

    @contextmanager
    def strike(on: Deployment, _: str) -> Generator[None]:
        on.make_cold()
        with on.aws.throttling(operation), patch("botocore.endpoint.time"):
            yield

    return strike
