"""The functions as they are deployed: in this process, on real parts, with time that is told."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from integration.core.aws_endpoint import Aws
from integration.core.endpoints import Backend, Gemini
from integration.core.invocations import Context
from integration.core.machine import ExecutionFailed, Machine
from integration.core.rows import Rows
from integration.core.workflow import STATE_MACHINE

from filtermend import aws
from filtermend.database import Connection, Database
from filtermend.models import ErrorRef

type Event = dict[str, Any]
type Modules = dict[str, ModuleType]
FUNCTIONS = ("trigger", "regenerate", "validate", "propose", "sweep")
STOP, PRICES = "/filtermend/automatic-calls", "/filtermend/prices"
LEASE_SECONDS = 600
MOST_ROUNDS = 20


@dataclass(frozen=True)
class Outside:
    """What the functions talk to; `backend` is the way to the screener, which can be disturbed."""

    gemini: Gemini
    backend: Backend
    aws: Aws

    def reset(self) -> None:
        self.gemini.reset()
        self.aws.reset()

    def settings(self) -> dict[str, str]:
        """The environment of all five functions, as the template has it."""
        return {
            "AWS_ENDPOINT_URL": self.aws.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "SECRET_ID": "filtermend",
            "STATE_MACHINE_ARN": STATE_MACHINE,
            "ALARM_TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:alarms",
            "EVENT_BUS_NAME": "errors",
            "GEMINI_MODEL": "scripted",
            "GEMINI_BASE_URL": self.gemini.url,
            "GEMINI_TIMEOUT_SECONDS": "3",
            "GO_BACKEND_URL": self.backend.url,
            "STOP_PARAMETER": STOP,
            "PRICES_PARAMETER": PRICES,
            "RUN_LEASE_SECONDS": str(LEASE_SECONDS),
        }


class Deployment:
    """Five functions, and what AWS does with them.

    Attributes:
        functions: the handlers, by name.
        around: what surrounds an invocation of a function.
        failures: what invocations failed of: the function, and the exception's class.
    """

    def __init__(self, modules: Modules, rows: Rows, outside: Outside) -> None:
        self._modules = modules
        self.rows = rows
        self.gemini, self.backend, self.aws = outside.gemini, outside.backend, outside.aws
        self.aws.secret = {"database_url": rows.dsn, "gemini_api_key": "AIza-test-key"}
        self.aws.parameters = {STOP: "go", PRICES: "none"}
        aws.made.cache_clear()
        self.make_cold()
        self.functions: dict[str, Callable[[Event], Event]] = {
            name: lambda event, module=module: module.handler(event, Context())
            for name, module in modules.items()
        }
        self.around: Callable[[str], AbstractContextManager[object]] = lambda _: nullcontext()
        self.failures: list[tuple[str, str]] = []
        self._machine = Machine(self.invoke, self.time_passes)

    def invoke(self, name: str, event: Event) -> Event:
        """What the function answers, as JSON."""
        try:
            with self.around(name):
                answer: Event = json.loads(json.dumps(self.functions[name](event)))
        except Exception as failure:  # noted, and raised again
            group = isinstance(failure, ExceptionGroup)
            causes = failure.exceptions if group else [failure]
            self.failures += [(name, type(cause).__name__) for cause in causes]
            raise
        return answer

    def report(self, *refs: ErrorRef) -> None:
        """The event of errors: an asynchronous invocation, which Lambda retries twice."""
        self._invoke_asynchronously(
            "trigger", {"errors": [ref.model_dump(mode="json") for ref in refs]}, tries=3
        )

    def sweep(self) -> None:
        """The sweep of a minute, which Lambda retries once."""
        self._invoke_asynchronously("sweep", {}, tries=2)

    def _invoke_asynchronously(self, name: str, event: Event, tries: int) -> None:
        for _ in range(tries):
            with suppress(Exception):  # it is in `failures`
                self.invoke(name, event)
                return

    def play(self) -> None:
        """Follow every open execution to its end."""
        for name, step in self.aws.running().items():
            self.aws.executions[name] = "FAILED"
            with suppress(ExecutionFailed):
                self._machine.run(step)
                self.aws.executions[name] = "SUCCEEDED"

    def die(self) -> None:
        """Every open execution is aborted."""
        self.aws.executions |= dict.fromkeys(self.aws.running(), "ABORTED")

    def finish(self) -> None:
        """Play, let leases end and sweep until nothing is in work."""
        for _ in range(MOST_ROUNDS):
            self.play()
            if not self._in_work():
                return
            self.time_passes(LEASE_SECONDS + 1)
            self.sweep()
        raise AssertionError(f"still in work: {self._in_work()}")

    def _in_work(self) -> list[dict[str, Any]]:
        return self.rows.run(
            "select id, regeneration_status from trader_execution_errors "
            "where regeneration_status in ('pending', 'running') union all "
            "select id, 'not settled' from filter_regeneration_attempts where finished_at is null"
        )

    def time_passes(self, seconds: int) -> None:
        """Errors, leases and questions become older."""
        self.rows.run(
            "update trader_execution_errors set "
            "created_at = created_at - make_interval(secs => %s), "
            "regeneration_lease_until = regeneration_lease_until - make_interval(secs => %s)",
            [seconds, seconds],
        )
        self.rows.run(
            "update filter_regeneration_attempts "
            "set lease_until = lease_until - make_interval(secs => %s)",
            [seconds],
        )

    def make_cold(self) -> None:
        """The next invocation reads the secret and the parameters anew."""
        for cached in (aws.made, aws.secrets, aws.ssm):
            cached.cache_clear()

    def connection(self, name: str) -> Connection | None:
        """The function's connection to Postgres, or None before its first event."""
        return _database_of(self._modules[name])._connection

    def close(self) -> None:
        for module in self._modules.values():
            _database_of(module).close()


def _database_of(module: ModuleType) -> Database:
    if hasattr(module, "database"):
        found: Database = module.database
        return found
    admitter = module.admitter() if hasattr(module, "admitter") else module.sweep().admitter
    return admitter.db  # type: ignore[no-any-return]
