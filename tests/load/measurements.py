"""What is measured: a hundred at once, a thousand in bursts, and the hundred in grown tables."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from statistics import mean, median

import psutil
from chaos.plan import PlannedError
from e2e.stack import Deployed
from rich.console import Console

from load import emulator, growing
from load.direct import Direct, without_emulator
from load.errors import insert, insert_each, plan
from load.moments import Spread, between
from load.plot import draw
from load.report import Goal, show_floor, show_round
from load.rounds import BringIn, Emulated, Place, Round, measure
from load.stack import log_of, processes, settings_of
from local.folder import Folder

FIRST_ATTEMPT_SECONDS = 5.0
GROWTH = 1.2
GROWTH_ROUNDS = 3
AT_ONCE_IN_GROWTH = dict.fromkeys(("trigger", "validate", "propose"), 25)
"""Two sets of processes stand side by side, and have to fit into the memory."""
BURST = 50
BURST_SECONDS = 5.0
THROTTLED_OF_TEN = 1
MOST_TRIGGERS = 24
"""Each connection's insert starts a trigger: a hundred at once do not start in time here."""
STARTING = ("processes start", "triggers start", "first invocations")
"""Rounds in which the processes get ready: they are checked, not judged."""


@dataclass
class Measured:
    """What came of a measurement."""

    rounds: list[Round] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    floor: emulator.Floor | None = None

    @property
    def good(self) -> bool:
        """Nothing was lost or doubled, and every goal is met."""
        return all(found.right for found in self.rounds) and all(goal.met for goal in self.goals)


@dataclass(frozen=True)
class Bench:
    """Where it is measured, and where figures go."""

    deployed: Deployed
    results: Path
    console: Console

    @property
    def folder(self) -> Folder:
        """Of the local stack."""
        return Folder(self.results / "stack")

    def emulated(self) -> Emulated:
        """The local stack as a place for errors."""
        return Emulated(self.deployed, lambda: processes(self.folder))

    def neighbours(self) -> dict[str, list[psutil.Process]]:
        """The stack's processes without the emulator and its functions."""
        parts = processes(self.folder)
        return {name: found for name, found in parts.items() if name not in _EMULATED}

    def measure(
        self, name: str, place: Place, errors: Sequence[PlannedError], bring_in: BringIn
    ) -> Round:
        """Measure a round and show it."""
        found = measure(name, errors, place, self.deployed.env["GEMINI_BASE_URL"], bring_in)
        show_round(found, self.console)
        return found


_EMULATED = ("emulator", "functions", "relay")


def once(bench: Bench, count: int) -> Measured:
    """All at the same moment: in the local stack, the emulator alone, and without it."""
    measured = Measured()
    place = bench.emulated()
    few = min(count, MOST_TRIGGERS)
    for name, bring_in, errors in (
        ("local stack, processes start", insert, count),
        ("local stack, triggers start", insert_each, few),
        ("local stack, one statement", insert, count),
        ("local stack, a connection each", insert_each, few),
    ):
        measured.rounds.append(bench.measure(name, place, plan(errors), bring_in))
    machine = emulator.deploy(bench.deployed)
    emulator.measure(bench.deployed, machine, count)  # its processes start
    measured.floor = emulator.measure(bench.deployed, machine, count)
    show_floor(measured.floor, bench.console)
    server = bench.deployed.env["DATABASE_URL"]
    with _direct(bench, {"once": growing.create(server, "once")}, count, {}) as directs:
        for name, bring_in in (
            ("without the emulator, first invocations", insert_each),
            ("without the emulator, one statement", insert),
            ("without the emulator, a connection each", insert_each),
        ):
            found = bench.measure(name, directs["once"], plan(count), bring_in)
            measured.rounds.append(found)
            if name.endswith(STARTING):
                continue
            reached = Spread.of(between(found.moments, "row", "attempt") or [inf])
            what = f"{name}: row to first attempt, p95, seconds"
            measured.goals.append(Goal(what, reached.p95, FIRST_ATTEMPT_SECONDS))
    draw(_warm(measured), bench.results / "once.png")
    return measured


def bursts(bench: Bench, count: int) -> Measured:
    """Bursts of fifty, a burst each five seconds; of ten errors, one is told to come later."""

    def bring_in(dsn: str, errors: Sequence[PlannedError]) -> int:
        opened = 0
        for begin in range(0, len(errors), BURST):
            opened += insert(dsn, errors[begin : begin + BURST])
            time.sleep(BURST_SECONDS)
        return opened

    errors = plan(count, throttled=THROTTLED_OF_TEN)
    name = "local stack, bursts, 10 % of first questions refused"
    measured = Measured([bench.measure(name, bench.emulated(), errors, bring_in)])
    draw(measured.rounds, bench.results / "bursts.png")
    return measured


def growth(bench: Bench, count: int) -> Measured:
    """The same in empty tables and in grown ones, in turn."""
    measured = Measured()
    server = bench.deployed.env["DATABASE_URL"]
    databases = {name: growing.create(server, name) for name in ("empty", "grown")}
    growing.grow(databases["grown"], bench.console.print)
    times: dict[str, list[float]] = {name: [] for name in databases}
    with _direct(bench, databases, count, AT_ONCE_IN_GROWTH) as directs:
        for name, place in directs.items():
            started = f"{name} tables, first invocations"
            measured.rounds.append(bench.measure(started, place, plan(count), insert))
        for _ in range(GROWTH_ROUNDS):
            for name, place in directs.items():
                found = bench.measure(f"{name} tables", place, plan(count), insert)
                measured.rounds.append(found)
                times[name].append(mean(between(found.moments, "row", "proposed") or [inf]))
    ratio = median(times["grown"]) / median(times["empty"])
    what = "row to proposed fix in grown tables: so many times that in empty ones"
    measured.goals.append(Goal(what, ratio, GROWTH))
    draw(_warm(measured), bench.results / "growth.png")
    return measured


def _warm(measured: Measured) -> list[Round]:
    """The rounds that are judged."""
    return [found for found in measured.rounds if not found.name.endswith(STARTING)]


@contextmanager
def _direct(
    bench: Bench, databases: dict[str, str], count: int, most: dict[str, int]
) -> Iterator[dict[str, Direct]]:
    """The functions without the emulator.

    There is an environment per error of what all errors start at once, and where the model is
    waited for; the others are quicker, and get more when they need them.
    """
    with without_emulator(
        bench.deployed.env,
        settings_of(bench.deployed),
        databases,
        bench.neighbours,
        log_of(bench.folder),
        most=most,
    ) as directs:
        quick = 1 + count // 4
        wanted = {"trigger": count, "regenerate": count, "validate": quick, "propose": quick}
        for direct in directs.values():
            for function, number in wanted.items():
                direct.environments.prepare(function, min(number, most.get(function, number)))
        yield directs


KINDS: dict[str, Callable[[Bench, int], Measured]] = {
    "once": once,
    "bursts": bursts,
    "growth": growth,
}
