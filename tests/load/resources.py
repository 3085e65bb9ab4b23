"""What a round used: CPU time by part, and connections to Postgres."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import psutil
import psycopg

POLL_SECONDS = 0.2
"""So often open connections are counted."""
CPU_SECONDS = 5.0
"""So often CPU is noted, for processes that end: with hundreds, looking takes a part of a core."""
Processes = Callable[[], Mapping[str, list[psutil.Process]]]
"""Gives the processes of each part."""


@dataclass
class Used:
    """What was used.

    Attributes:
        cpu_seconds: of each part; of a process that ended in between, what was seen of it.
        connects: connections to Postgres that were opened.
        connected: the most that were open at once.
    """

    cpu_seconds: dict[str, float] = field(default_factory=dict)
    connects: int = 0
    connected: int = 0


class Meter:
    """Measures while its block runs; `used` is there afterwards."""

    def __init__(self, dsn: str, processes: Processes) -> None:
        self.used = Used()
        self._conn = psycopg.connect(dsn, autocommit=True)
        self._processes = processes
        self._before: dict[str, dict[int, float]] = {}
        self._after: dict[str, dict[int, float]] = {}
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        """Begin."""
        self._before = self._cpu()
        self._connects = self._sessions()
        self._watch.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End, and reckon."""
        self._ended.set()
        self._watch.join()
        self._count()
        self._note()
        self.used.connects = self._sessions() - self._connects
        self.used.cpu_seconds = {
            part: sum(
                seconds - self._before.get(part, {}).get(pid, 0) for pid, seconds in now.items()
            )
            for part, now in self._after.items()
        }
        self._conn.close()

    def _run(self) -> None:
        noted = time.monotonic()
        while not self._ended.wait(POLL_SECONDS):
            self._count()
            if time.monotonic() - noted > CPU_SECONDS:
                self._note()
                noted = time.monotonic()

    def _note(self) -> None:
        for part, now in self._cpu().items():
            self._after.setdefault(part, {}).update(now)

    def _count(self) -> None:
        row = self._conn.execute(
            "select count(*) from pg_stat_activity where application_name = 'filtermend'"
        ).fetchone()
        self.used.connected = max(self.used.connected, row[0] if row else 0)

    def _cpu(self) -> dict[str, dict[int, float]]:
        return {
            part: {pid: seconds for process in found for pid, seconds in _cpu_of(process)}
            for part, found in self._processes().items()
        }

    def _sessions(self) -> int:
        """Counted by Postgres itself, whose statistics are a moment late."""
        time.sleep(1)
        row = self._conn.execute(
            "select sessions from pg_stat_database where datname = current_database()"
        ).fetchone()
        return int(row[0]) if row else 0


def _cpu_of(process: psutil.Process) -> list[tuple[int, float]]:
    try:
        times = process.cpu_times()
        return [(process.pid, times.user + times.system)]
    except psutil.NoSuchProcess:
        return []
