"""The floor of an attempt: what it said to Postgres and over HTTP, said again by nobody else.

A real attempt is recorded. Its statements, with their parameters and in their transactions, and its
requests, byte by byte, are then repeated for a new error: psycopg and Python's own HTTP client,
each on a kept connection, and nothing around them.
"""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from unittest.mock import patch
from uuid import UUID

import httpx
import httpx2
import psycopg


@dataclass(frozen=True)
class Statement:
    """A round trip to Postgres; `made` is the id that it returned for a new row."""

    step: str
    query: str
    parameters: tuple[Any, ...] = ()
    made: UUID | None = None


@dataclass(frozen=True)
class Request:
    """A request over HTTP."""

    step: str
    host: str
    path: str
    headers: dict[str, str]
    body: bytes


type Event = Statement | Request


@contextmanager
def recording(said: list[Event], step: str) -> Generator[None]:
    """Note what this function says while the block runs, in order."""
    execute, commit = psycopg.Cursor.execute, psycopg.Connection.commit

    def recorded(cursor: Any, query: Any, params: Any = None, **options: Any) -> Any:
        execute(cursor, query, params, **options)
        said.append(Statement(step, query, tuple(params or ()), _made(cursor, query)))
        return cursor

    def committed(connection: Any) -> None:
        commit(connection)
        said.append(Statement(step, "commit"))

    with (
        patch.object(psycopg.Cursor, "execute", recorded),
        patch.object(psycopg.Connection, "commit", committed),
        patch.object(httpx.Client, "send", _heard(httpx.Client.send, step, said)),
        patch.object(httpx2.Client, "send", _heard(httpx2.Client.send, step, said)),
    ):
        yield


def _made(cursor: psycopg.Cursor[Any], query: str) -> UUID | None:
    if "insert into filter_regeneration_attempts" not in query:
        return None
    assert cursor.pgresult is not None
    return UUID(bytes.decode(cursor.pgresult.get_value(0, 0) or b""))


def _heard(send: Callable[..., Any], step: str, said: list[Event]) -> Callable[..., Any]:
    def recorded(client: Any, request: Any, **options: Any) -> Any:
        url, headers = request.url, dict(request.headers)
        host, path = url.netloc.decode(), url.raw_path.decode()
        said.append(Request(step, host, path, headers, request.read()))
        return send(client, request, **options)

    return recorded


@dataclass
class Floor:
    """Repeats what was said.

    Attributes:
        said: the recording.
        names: the ids of the recorded error, trader and user.
    """

    dsn: str
    said: list[Event]
    names: tuple[UUID, ...]
    _clients: dict[str, HTTPConnection] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection = psycopg.connect(self.dsn, autocommit=True, prepare_threshold=None)

    def repeat(self, *names: UUID) -> list[float]:
        """Repeat all of it for the error, trader and user of these ids; the seconds of each event."""
        known = dict(zip(self.names, names, strict=True))
        seconds = []
        for event in self.said:
            started = time.perf_counter()
            if isinstance(event, Statement):
                self._execute(event, known)
            else:
                self._send(event)
            seconds.append(time.perf_counter() - started)
        return seconds

    def _execute(self, statement: Statement, known: dict[UUID, UUID]) -> None:
        given = [
            known.get(value, value) if isinstance(value, UUID) else value
            for value in statement.parameters
        ]
        cursor = self._connection.execute(statement.query.encode(), given or None)
        rows = cursor.fetchall() if cursor.description else []
        if statement.made is not None:
            known[statement.made] = rows[0][0]

    def _send(self, request: Request) -> None:
        client = self._clients.get(request.host)
        if client is None:
            client = self._clients[request.host] = HTTPConnection(request.host)
        client.request("POST", request.path, request.body, request.headers)
        client.getresponse().read()

    def close(self) -> None:
        """Close its connections."""
        self._connection.close()
        for client in self._clients.values():
            client.close()
