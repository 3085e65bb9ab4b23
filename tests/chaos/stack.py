"""The real local stack in a folder of its own, with a fault proxy before each neighbour.

Postgres, the Gemini endpoint and the screener are started here, so that proxies can stand
between them and the functions; `local.stack.up` finds the proxies in the environment.
"""

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from e2e.stack import Deployed
from filelock import FileLock, Timeout
from psycopg.conninfo import conninfo_to_dict

from chaos.answers import GEMINI_SECONDS
from chaos.plan import PlannedError
from chaos.proxy import Connect, FaultProxy, Harm
from chaos.services import Services
from chaos.striking import Striker
from local import aws, postgres, stack
from local.folder import ROOT, Folder
from local.services import StackError, State, stop
from local.stack import Options

WAIT_SCALE = 0.05
PARAMETERS = {
    "GeminiTimeoutSeconds": str(GEMINI_SECONDS),
    "RegenerateTimeoutSeconds": "30",
    "BackoffSeconds": "0,20,60",
}
LAYERS = ("FiltermendLayer", "DependenciesLayer")
ENDS_HERE = ("BRAINTRUST_API_URL", "BRAINTRUST_APP_URL", "BRAINTRUST_API_KEY", "GEMINI_API_KEY")
"""Variables of a user's own environment: nothing of chaos leaves this machine."""


@dataclass(frozen=True)
class Stack:
    """What runs; `deployed` speaks to Postgres and Gemini past the proxies."""

    deployed: Deployed
    services: Services
    striker: Striker


@contextmanager
def running(
    folder: Path, errors: Sequence[PlannedError], say: Callable[[str], None]
) -> Iterator[Stack]:
    """Start everything anew; stop it when the block ends, however it ends. Data and logs stay.

    Raises:
        StackError: something could not be started, or chaos runs in this folder already.
    """
    own = Folder(folder / "neighbours")  # `up` stops what it finds in a folder of its own
    with ExitStack() as cleanup:
        cleanup.callback(alone(folder).release)
        _clear(folder, own)
        state = State()
        cleanup.callback(_stop, own, state)
        dsn = postgres.start(own)
        services = Services(dsn, Folder(folder / "stack"))
        striker = Striker(errors, services.act)

        def behind(connect: Connect, strike: Callable[[bytes], Harm]) -> FaultProxy:
            return cleanup.enter_context(FaultProxy(connect, strike, services.kill))

        database = behind(_socket_of(dsn), striker.statement)
        database.lets_in = lambda: services.lets_in
        gemini_url = stack.gemini(own, state, "scripted")
        gemini = behind(_address_of(gemini_url), striker.question)
        screener = behind(_address_of(stack.screener(own, state)), striker.code)
        _set_environment(
            DATABASE_URL=f"postgresql://postgres@127.0.0.1:{database.port}/postgres",
            GEMINI_BASE_URL=f"http://127.0.0.1:{gemini.port}",
            SCREENER_URL=f"http://127.0.0.1:{screener.port}",
        )
        cleanup.callback(stack.down, services.folder, lambda _: None)
        env = stack.up(services.folder, Options("scripted", WAIT_SCALE, PARAMETERS), say)
        read_layers_where_built(env)
        deployed = Deployed(env | {"DATABASE_URL": dsn, "GEMINI_BASE_URL": gemini_url})
        cleanup.callback(deployed.close)
        yield Stack(deployed, services, striker)


def alone(folder: Path) -> FileLock:
    """The lock of a run's folder.

    Raises:
        StackError: another run has it.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.with_suffix(".lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise StackError(f"another run uses {folder}: wait for it") from None
    return lock


def read_layers_where_built(env: dict[str, str]) -> None:
    """The local AWS unpacks 100 MB of layers for each process, and begins one after each fault."""
    functions = aws.client("lambda", env["AWS_ENDPOINT_URL"])
    built = ROOT / aws.BUILT / "build"
    path = os.pathsep.join(str(built / layer / "python") for layer in LAYERS)
    for function in functions.list_functions()["Functions"]:
        variables = function["Environment"]["Variables"] | {"PYTHONPATH": path}
        functions.update_function_configuration(
            FunctionName=function["FunctionName"], Layers=[], Environment={"Variables": variables}
        )


def _clear(folder: Path, own: Folder) -> None:
    """Stop and forget what a run left that failed, or was killed."""
    stack.down(Folder(folder / "stack"), lambda _: None)
    _stop(own, State.read(own))
    shutil.rmtree(folder, ignore_errors=True)


def _set_environment(**given: str) -> None:
    for name in ENDS_HERE:
        os.environ.pop(name, None)
    os.environ.update(given)


def _stop(folder: Folder, state: State) -> None:
    for service in reversed(state.services):
        stop(service)
    postgres.stop(folder)


def _socket_of(dsn: str) -> Connect:
    path = f"{conninfo_to_dict(dsn)['host']}/.s.PGSQL.5432"
    return lambda: asyncio.open_unix_connection(path)


def _address_of(url: str) -> Connect:
    address = urlsplit(url)
    return lambda: asyncio.open_connection(address.hostname, address.port)
