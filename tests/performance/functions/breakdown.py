"""Where the time of an attempt goes: each part's own, without that of the parts inside it."""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any
from unittest.mock import patch

import httpx
import httpx2
import psycopg
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (
    AmazonCloudWatchEMFProvider,
)
from integration.core.deployment import Deployment
from performance.functions.parts import attempt, check, new_error
from performance.functions.recording import Event, Statement

from filtermend import gemini, regeneration


@dataclass
class Part:
    """What a part took, and how often it came."""

    seconds: float = 0.0
    times: int = 0


class Meter:
    """Adds up by part; all parts together are the time of the outermost calls.

    Attributes:
        step: the function that runs now.
        parts: by name.
    """

    def __init__(self) -> None:
        self.step = ""
        self.parts: dict[str, Part] = {}
        self._inside: list[float] = []

    @contextmanager
    def part(self, name: str, times: int = 1) -> Iterator[None]:
        """The block is this part, but for the parts inside it."""
        self._inside.append(0.0)
        started = time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - started
            part = self.parts.setdefault(name, Part())
            part.seconds += took - self._inside.pop()
            part.times += times
            if self._inside:
                self._inside[-1] += took

    @contextmanager
    def function(self, name: str) -> Iterator[None]:
        """One of the three functions runs."""
        self.step = name
        with self.part(f"our Python: {name}"):
            yield

    def watch(
        self, function: Callable[..., Any], name: Callable[..., str], times: int = 1
    ) -> Callable[..., Any]:
        """The function, measured; `name` is asked with its arguments which part it is."""

        @wraps(function)
        def watched(*args: Any, **options: Any) -> Any:
            with self.part(name(*args), times):
                return function(*args, **options)

        return watched

    def watched(self) -> ExitStack:
        """Everything that is a part of its own is measured until this is closed."""
        stack = ExitStack()

        def sql(*_: object) -> str:
            return _postgres(self.step)

        def sent(_: object, request: Any, **__: object) -> str:
            return _http(self.step, request.url.raw_path.decode())

        watched: list[tuple[Any, str, Callable[..., str], int]] = [
            (psycopg.Connection, "execute", sql, 1),
            (psycopg.Connection, "commit", sql, 1),
            (psycopg.Cursor, "fetchone", sql, 0),
            (psycopg.Cursor, "fetchall", sql, 0),
            (httpx.Client, "send", sent, 1),
            (httpx2.Client, "send", sent, 1),
            (socket, "create_connection", lambda *_: "connections opened anew", 1),
            (gemini, "ask", lambda *_: "Gemini: google-genai", 1),
            (regeneration, "build_context", lambda *_: "prompt, masking", 0),
            (regeneration, "build_question", lambda *_: "prompt, masking", 1),
            (logging.Logger, "handle", lambda *_: "log lines", 1),
            (AmazonCloudWatchEMFProvider, "flush_metrics", lambda *_: "metrics", 1),
        ]
        for owner, attribute, name, times in watched:
            measured = self.watch(getattr(owner, attribute), name, times)
            stack.enter_context(patch.object(owner, attribute, measured))
        return stack


def attempt_by_part(deployment: Deployment, attempts: int) -> list[dict[str, Part]]:
    """Attempts, each by its parts."""
    found = []
    for _ in range(attempts):
        step, meter = new_error(deployment.rows), Meter()
        with meter.watched(), patch.object(deployment, "around", meter.function):
            attempt(deployment, step)
        check(deployment, step)
        found.append(meter.parts)
    return found


def part_of(event: Event) -> str:
    """What an event of the floor is part of."""
    if isinstance(event, Statement):
        return _postgres(event.step)
    return _http(event.step, event.path)


def _postgres(step: str) -> str:
    return f"Postgres: {step}"


def _http(step: str, path: str) -> str:
    if path.endswith(":generateContent"):
        return "Gemini: HTTP"
    return f"screener: {step}, {path.rpartition('/')[2]}"
