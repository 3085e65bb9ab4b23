"""Lambda without an emulator: as many execution environments as there are invocations at once."""

import multiprocessing
import threading
from collections import defaultdict
from collections.abc import Mapping
from contextlib import nullcontext
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from load.environment import Answer, Event, serve

READY_SECONDS = 120.0
STOP_SECONDS = 5.0


class InvocationFailed(Exception):
    """The function raised; the message is the exception's class."""


class _Environment:
    def __init__(self, process: ForkServerProcess, connection: Connection) -> None:
        self.process = process
        self.connection = connection

    def wait_until_ready(self) -> None:
        if not self.connection.poll(READY_SECONDS):
            raise TimeoutError(f"an environment is not ready after {READY_SECONDS:.0f} s")
        self.connection.recv()


class Environments:
    """Runs invocations; used by many threads.

    Args:
        settings: each function's environment variables.
        log: where the functions write to.
        most: of these functions so many at once, and the others wait; else as many as are needed.
    """

    def __init__(
        self, settings: Mapping[str, dict[str, str]], log: Path, most: Mapping[str, int]
    ) -> None:
        self._settings = settings
        self._log = log
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["load.preload"])
        self._idle: defaultdict[str, list[_Environment]] = defaultdict(list)
        self._all: list[_Environment] = []
        self._lock = threading.Lock()
        self._places = {function: threading.Semaphore(count) for function, count in most.items()}

    def prepare(self, function: str, count: int) -> None:
        """Have so many idle environments of a function."""
        fresh = [self._start(function) for _ in range(count - len(self._idle[function]))]
        for environment in fresh:
            environment.wait_until_ready()
        self._idle[function] += fresh

    def invoke(self, function: str, event: Event) -> Answer:
        """Invoke a function in an idle environment, or in a new one.

        Raises:
            InvocationFailed: with the class of what it raised.
        """
        with self._places.get(function, nullcontext()):
            return self._invoke(function, event)

    def _invoke(self, function: str, event: Event) -> Answer:
        with self._lock:
            idle = self._idle[function]
            environment = idle.pop() if idle else None
        if environment is None:
            environment = self._start(function)
            environment.wait_until_ready()
        environment.connection.send(event)
        answer: Answer = environment.connection.recv()
        with self._lock:
            self._idle[function].append(environment)
        if answer.fault:
            raise InvocationFailed(answer.fault)
        return answer

    @property
    def pids(self) -> list[int]:
        """The processes."""
        with self._lock:
            return [one.process.pid for one in self._all if one.process.pid]

    def _start(self, function: str) -> _Environment:
        ours, theirs = self._context.Pipe()
        arguments: tuple[Any, ...] = (function, self._settings[function], self._log, theirs)
        with self._lock:
            process = self._context.Process(target=serve, args=arguments, daemon=True)
            process.start()
            environment = _Environment(process, ours)
            self._all.append(environment)
        theirs.close()
        return environment

    def __enter__(self) -> Self:
        """Ready to invoke."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End every environment."""
        for environment in self._all:
            environment.process.terminate()
        for environment in self._all:
            environment.process.join(STOP_SECONDS)
