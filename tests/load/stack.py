"""The local stack in a folder of its own, and what the functions are deployed with."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
from chaos.stack import alone, read_layers_where_built
from e2e.stack import Deployed

from local import aws, postgres, stack
from local.folder import Folder
from local.services import State
from local.stack import Options

WAIT_SCALE = 0.05
WIDTH = 12
"""So many processes per function: each takes up to 100 MB, and the machine has few cores."""
MOST_CONNECTIONS = 1000
FUNCTIONS = ("trigger", "regenerate", "validate", "propose")
OWN = ("DATABASE_URL", "SCREENER_URL", "GEMINI_BASE_URL", "GEMINI_API_KEY", "BRAINTRUST_API_URL",
    "BRAINTRUST_APP_URL", "BRAINTRUST_API_KEY")  # fmt: skip
"""A user's own parts are left in peace."""


@contextmanager
def running(folder: Folder, say: Callable[[str], None]) -> Iterator[Deployed]:
    """Start everything anew; stop it when the block ends, however it ends. Data and logs stay.

    Raises:
        StackError: something could not be started, or a load runs in this folder already.
    """
    with ExitStack() as cleanup:
        cleanup.callback(alone(folder.path).release)
        stack.down(folder, lambda _: None)
        shutil.rmtree(folder.path, ignore_errors=True)
        for name in OWN:
            os.environ.pop(name, None)
        _allow_connections(folder)
        cleanup.callback(stack.down, folder, lambda _: None)
        env = stack.up(folder, Options("scripted", WAIT_SCALE), say)
        read_layers_where_built(env)
        for name in FUNCTIONS[1:]:
            aws.client("lambda", env["AWS_ENDPOINT_URL"]).put_function_concurrency(
                FunctionName=env[f"{name.upper()}_FUNCTION_NAME"],
                ReservedConcurrentExecutions=WIDTH,
            )
        deployed = Deployed(env)
        cleanup.callback(deployed.close)
        yield deployed


def _allow_connections(folder: Folder) -> None:
    """Each process has a connection of its own: more than Postgres lets in by default."""
    dsn = postgres.start(folder)
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute(f"alter system set max_connections = {MOST_CONNECTIONS}".encode())
    postgres.stop(folder)


def settings_of(deployed: Deployed) -> dict[str, dict[str, str]]:
    """The environment variables that each function is deployed with."""
    functions = deployed.aws("lambda")
    return {
        name: _without_layers(
            functions.get_function_configuration(
                FunctionName=deployed.env[f"{name.upper()}_FUNCTION_NAME"]
            )
        )
        for name in FUNCTIONS
    }


def _without_layers(configuration: Any) -> dict[str, str]:
    variables: dict[str, str] = configuration["Environment"]["Variables"]
    return {name: value for name, value in variables.items() if name != "PYTHONPATH"}


def processes(folder: Folder) -> dict[str, list[psutil.Process]]:
    """What the stack consists of now, by part."""
    found: dict[str, list[psutil.Process]] = {}
    for service in State.read(folder).services:
        process = service.process()
        if process is None:
            continue
        found[_NAMES.get(service.name, service.name)] = [process]
        if service.name == "aws":
            found["functions"] = _children(process)
        if service.name == "screener":
            found["screener"] += _children(process)
    server = psutil.Process(int((folder.postgres / "postmaster.pid").read_text().split()[0]))
    found["Postgres"] = [server, *_children(server)]
    return found


_NAMES = {"aws": "emulator", "gemini": "Gemini endpoint", "braintrust": "Braintrust endpoint"}


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def log_of(folder: Folder) -> Path:
    """Where functions without the emulator write to."""
    return folder.logs / "functions.log"
