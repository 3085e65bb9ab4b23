"""What a connection says to Postgres, by the protocol's own trace in libpq."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.pq import Trace

_QUERY = re.compile(r"^F\t\d+\t(?:Query|Parse)\t +(?:\"\" )?\"(.*?)\"(?: \d.*)?$", re.DOTALL)
_MESSAGE = re.compile(r"^(?=[FB]\t\d+\t)", re.MULTILINE)
_BEFORE_TABLE = {"select": "from", "insert": "^insert into", "update": "^update"}
_READY = re.compile(r"^B\t\d+\tReadyForQuery", re.MULTILINE)


@contextmanager
def statements(connection: psycopg.Connection[dict[str, object]]) -> Iterator[list[str]]:
    """The statements of the block, each the first words of it; each is one round trip."""
    said: list[str] = []
    with tempfile.TemporaryFile("w+") as trace:
        connection.pgconn.trace(trace.fileno())
        connection.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        try:
            yield said
        finally:
            connection.pgconn.untrace()
        trace.seek(0)
        text = trace.read()
    said += [_words(found[1]) for part in _MESSAGE.split(text) if (found := _QUERY.match(part))]
    waits = len(_READY.findall(text))
    assert waits == len(said), f"{waits} round trips for {said}"


def _words(statement: str) -> str:
    """The verb and the table that it is about."""
    words = re.sub(r"\s+", " ", statement).strip().lower()
    verb = re.split(r"[ ;]", words)[0]
    tables = re.findall(rf"{_BEFORE_TABLE.get(verb, '$')} ((?:trader|filter)\w*)", words)
    lock = " for update" if words.endswith("for update") else ""
    return " ".join([verb, *tables[-1:]]) + lock
