"""The functions without an emulator: what our code alone needs.

Postgres, the screener and the endpoints are the stack's; the database's dispatch, the state
machine's definition and the functions are the real ones. Only what AWS does is done here: each
invocation has a process of its own, and an execution is a thread that follows the definition.
"""

import json
import os
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import psycopg
from chaos.facts import Execution
from integration.core.aws_endpoint import Aws, Body, aws_endpoint
from integration.core.machine import Machine, Step

from load.environment import USUAL
from load.environments import Environments
from load.resources import Processes
from local import aws

STATE_MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:{}"
TRIES = 60
"""As the state machine has it, of every fault."""
WAIT_SCALE = 0.05
MOST_AT_ONCE = 1500
ENDPOINTS = ("Gemini endpoint", "Braintrust endpoint")
AHEAD = -10
SECRET = {"gemini_api_key": "local", "braintrust_api_key": "local"}


class Workflows(Aws):
    """AWS for several databases: each has a secret and a state machine of its name."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[str, Body] = {}
        self.machines: dict[str, Direct] = {}

    def answer(self, operation: str, asked: Body) -> Body:
        """Start what is new; raises Refusal."""
        if operation == "GetSecretValue":
            return {"SecretString": json.dumps(self.secrets[asked["SecretId"]])}
        new = operation == "StartExecution" and asked["name"] not in self.executions
        answered = super().answer(operation, asked)
        if new:
            database = asked["stateMachineArn"].rpartition(":")[2]
            self.machines[database].follow(asked["name"], json.loads(asked["input"]))
        return answered


class Direct:
    """One database with its executions.

    Attributes:
        dsn: of the database.
        environments: runs the functions.
        processes: the functions' own, and their neighbours'.
    """

    def __init__(
        self,
        dsn: str,
        environments: Environments,
        executions: dict[str, str],
        neighbours: Processes,
    ) -> None:
        self.dsn = dsn
        self.processes: Processes = lambda: {
            **neighbours(),
            "functions": [psutil.Process(pid) for pid in environments.pids],
        }
        self.environments = environments
        self._executions = executions
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE)
        self._stages: dict[UUID, dict[str, float]] = {}

    @contextmanager
    def listening(self, channel: str) -> Iterator[None]:
        """Invoke the trigger for each notification while the block runs."""
        ended = threading.Event()
        with psycopg.connect(self.dsn, autocommit=True) as conn:
            conn.execute(f"listen {channel}".encode())
            listener = threading.Thread(target=self._listen, args=(conn, ended))
            listener.start()
            try:
                yield
            finally:
                ended.set()
                listener.join()
                self._threads.shutdown(cancel_futures=True)

    def _listen(self, conn: psycopg.Connection[Any], ended: threading.Event) -> None:
        while not ended.is_set():
            for notice in conn.notifies(timeout=0.1):
                event = json.loads(notice.payload)
                self._threads.submit(self.environments.invoke, "trigger", event)

    def follow(self, name: str, step: Step) -> None:
        """Begin an execution."""
        at = self._stages.setdefault(UUID(name[:36]), {})
        at.setdefault("execution", time.time())
        self._threads.submit(self._follow, name, step, at)

    def _follow(self, name: str, step: Step, at: dict[str, float]) -> None:
        def invoke(function: str, given: Step) -> Step:
            answer = self.environments.invoke(function, given)
            at.setdefault("function", answer.began)
            return answer.value

        def wait(seconds: int) -> None:
            time.sleep(seconds * WAIT_SCALE)

        status = "FAILED"
        try:
            Machine(invoke, wait, TRIES).run(step)
            status = "SUCCEEDED"
        finally:
            self._executions[name] = status

    def stages(self, error_ids: list[UUID]) -> dict[UUID, dict[str, float]]:
        """When each error's execution began, and its first function."""
        return {error_id: self._stages.get(error_id, {}) for error_id in error_ids}

    def executions(self, error_ids: list[UUID]) -> list[Execution]:
        """Every execution of these errors."""
        wanted = set(map(str, error_ids))
        return [Execution(n, s) for n, s in self._executions.items() if n[:36] in wanted]


@contextmanager
def ahead_of_functions(neighbours: Processes) -> Iterator[None]:
    """What plays AWS and the endpoints has other machines in earnest: it waits for no function.

    That takes root; without it, their queueing is in the figures.
    """
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, AHEAD)  # this thread's, and of those that it starts
        for name in ENDPOINTS:
            for process in neighbours()[name]:
                process.nice(AHEAD)
    try:
        yield
    finally:
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, 0, USUAL)
            for name in ENDPOINTS:
                for process in neighbours()[name]:
                    process.nice(USUAL)


@contextmanager
def without_emulator(
    env: Mapping[str, str],
    functions: Mapping[str, dict[str, str]],
    databases: Mapping[str, str],
    neighbours: Processes,
    log: Path,
    *,
    most: Mapping[str, int],
) -> Iterator[dict[str, Direct]]:
    """Serve each of the databases while the block runs.

    Args:
        env: the stack's addresses.
        functions: the environment variables of each function, as they are deployed.
        databases: the address of each, by its name.
        neighbours: the processes of what the functions talk to.
        log: where the functions write to.
        most: of which functions no more than so many processes run at once.
    """
    with ExitStack() as cleanup:
        cleanup.enter_context(ahead_of_functions(neighbours))
        workflows = Workflows()
        cleanup.enter_context(aws_endpoint(workflows))
        workflows.parameters = {
            env["STOP_PARAMETER_NAME"]: "go",
            env["PRICES_PARAMETER_NAME"]: "none",
        }
        os.environ.update(aws.CREDENTIALS, AWS_ENDPOINT_URL=workflows.url)
        for name, dsn in databases.items():
            workflows.secrets[name] = SECRET | {"database_url": dsn}
            own = {
                "AWS_ENDPOINT_URL": workflows.url,
                "SECRET_ID": name,
                "STATE_MACHINE_ARN": STATE_MACHINE.format(name),
            }
            settings = {function: given | own for function, given in functions.items()}
            environments = cleanup.enter_context(Environments(settings, log, most))
            direct = Direct(dsn, environments, workflows.executions, neighbours)
            workflows.machines[name] = direct
            cleanup.enter_context(direct.listening(name))
        yield workflows.machines
