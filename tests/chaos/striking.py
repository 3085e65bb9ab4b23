"""Faults as they strike: which request meets which, and what is done to it or to a service."""

import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from uuid import UUID

from chaos.plan import Fault, PlannedError
from chaos.proxy import NO_HARM, Harm

SLOW_SECONDS = 4.0
"""Longer than a diagnosis is waited for, shorter than a validation is."""
_MARKER = re.compile(rb"chaos[0-9a-f]{16}")
_LOST = Harm(loses_reply=True)
_KILLED = Harm(loses_reply=True, kills=True)


def _http(status: str, body: str) -> Harm:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return Harm(answer=(head + body).encode())


HARMS: dict[Fault, Harm] = {
    Fault.MODEL_RESET: _LOST,
    Fault.ASKER_KILLED: _KILLED,
    Fault.SCREENER_UNAVAILABLE: _http("503 Service Unavailable", "busy"),
    Fault.SCREENER_RESET: _LOST,
    Fault.SCREENER_SLOW: Harm(delay_seconds=SLOW_SECONDS),
    Fault.RUBBISH: _http("200 OK", "<html>it works!</html>"),
    Fault.VALIDATOR_KILLED: _KILLED,
    Fault.CONNECTION_LOST: _LOST,
    Fault.WORKER_KILLED: _KILLED,
}
"""Faults of one request. Those of a whole service are done by `actions`."""


class Striker:
    """Finds the planned faults of each request that passes a proxy; used by many threads.

    Args:
        errors: the plan.
        act: does the faults of a whole service; False says that there was nothing to harm.
    """

    def __init__(self, errors: Iterable[PlannedError], act: Callable[[Fault, UUID], bool]) -> None:
        self._act = act
        self._plans: dict[tuple[str, str], dict[int, list[Fault]]] = {}
        self._names: list[tuple[bytes, UUID]] = []
        for error in errors:
            problem = error.problem
            self._plans["Gemini", problem.marker] = _numbered(problem.model)
            self._plans["screener", problem.marker] = _numbered(problem.screener)
            self._plans["Postgres", str(error.error_id)] = _grouped(error.at_statement)
            if error.at_statement:
                self._names += [(name, error.error_id) for name in _spellings(error.error_id)]
        self._seen: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        self.struck: defaultdict[str, list[Fault]] = defaultdict(list)
        """What struck, by problem's marker for its requests, by error's id for its statements."""

    def question(self, piece: bytes) -> Harm:
        """What becomes of a question to Gemini; most of these faults are in the script."""
        return self._request("Gemini", piece)

    def code(self, piece: bytes) -> Harm:
        """What becomes of a request to the screener."""
        return self._request("screener", piece)

    def statement(self, piece: bytes) -> Harm:
        """What becomes of a statement that names an error, and of services at that moment."""
        error_id = next((error_id for name, error_id in self._names if name in piece), None)
        if error_id is None:
            return NO_HARM
        faults = self._next("Postgres", str(error_id))
        self._note(str(error_id), [f for f in faults if f in HARMS or self._act(f, error_id)])
        return _first_harm(faults)

    def _request(self, hop: str, piece: bytes) -> Harm:
        marker = _MARKER.search(piece)
        if marker is None:
            return NO_HARM
        faults = self._next(hop, marker[0].decode())
        self._note(marker[0].decode(), faults)
        return _first_harm(faults)

    def _next(self, hop: str, name: str) -> list[Fault]:
        with self._lock:
            self._seen[hop, name] += 1
            return self._plans.get((hop, name), {}).get(self._seen[hop, name], [])

    def _note(self, name: str, faults: list[Fault]) -> None:
        with self._lock:
            self.struck[name] += faults


def _numbered(faults: Iterable[Fault | None]) -> dict[int, list[Fault]]:
    return {number: [fault] for number, fault in enumerate(faults, start=1) if fault}


def _grouped(faults: Iterable[tuple[int, Fault]]) -> dict[int, list[Fault]]:
    grouped: defaultdict[int, list[Fault]] = defaultdict(list)
    for number, fault in faults:
        grouped[number].append(fault)
    return grouped


def _spellings(error_id: UUID) -> tuple[bytes, ...]:
    """How an id may go over the wire: as sixteen bytes, or as text."""
    return error_id.bytes, error_id.hex.encode(), str(error_id).encode()


def _first_harm(faults: Iterable[Fault]) -> Harm:
    return next((HARMS[fault] for fault in faults if fault in HARMS), NO_HARM)
