"""What a warm attempt costs beside what it has to say to Postgres, to Gemini and to the screener."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from statistics import mean, median
from unittest.mock import patch
from uuid import UUID

from integration.core.deployment import Deployment
from performance.functions.breakdown import Part, attempt_by_part, part_of
from performance.functions.machine import machine
from performance.functions.parts import attempt, check, deployed, new_error
from performance.functions.recording import Event, Floor, Request, recording
from rich.console import Console
from rich.table import Table

from filtermend.models import Step

GOAL = 2.5
WARM_UP, SERIES, PAIRS = 20, 3, 60
MS = 1000


@dataclass
class Series:
    """Attempts in seconds and in this process' CPU seconds; of each floor, the seconds by event."""

    attempts: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    floors: list[list[float]] = field(default_factory=list)


def measure(console: Console) -> bool:
    """Print the ratio, several times, and where the milliseconds go; whether the goal holds."""
    with deployed() as deployment:
        floor = _recorded(deployment)
        try:
            _series(deployment, floor, WARM_UP)
            series = [_series(deployment, floor, PAIRS) for _ in range(SERIES)]
        finally:
            floor.close()
        parts = attempt_by_part(deployment, PAIRS)
    console.print(f"{machine()}; Postgres waits for no disk")
    held = _show_ratios(console, series, floor.said)
    _show_parts(console, parts, _floor_by_part(series, floor.said))
    return held


def _recorded(deployment: Deployment) -> Floor:
    """The floor, from the second attempt: the first one opens connections."""
    for _ in range(2):
        step, said = new_error(deployment.rows), list[Event]()
        with patch.object(deployment, "around", partial(recording, said)):
            attempt(deployment, step)
        check(deployment, step)
    return Floor(deployment.rows.dsn, said, _names(deployment, step))


def _names(deployment: Deployment, step: Step) -> tuple[UUID, ...]:
    return step.error_id, step.trader_id, deployment.rows.owner(step.error_id)


def _series(deployment: Deployment, floor: Floor, pairs: int) -> Series:
    """Attempt and floor right after each other, so that a busy machine meets both alike."""
    series = Series()
    for _ in range(pairs):
        step, other = new_error(deployment.rows), new_error(deployment.rows)
        names = _names(deployment, other)
        cpu, started = time.process_time(), time.perf_counter()
        attempt(deployment, step)
        series.attempts.append(time.perf_counter() - started)
        series.cpu.append(time.process_time() - cpu)
        series.floors.append(floor.repeat(*names))
        check(deployment, step)
        check(deployment, other)  # the floor did what the attempt does
    return series


def is_one_validation(event: Event) -> bool:
    """Of the requests to the screener, the one that compiles and runs the candidate."""
    if not isinstance(event, Request) or not event.path.startswith("/api/"):
        return True
    return event.step == "validate" and event.path == "/api/mend-filter"


def _show_ratios(console: Console, series: list[Series], said: list[Event]) -> bool:
    table = Table(title="A warm attempt and its floor, medians in ms")
    for name in ("series", "attempt", "its CPU", "floor", "ratio", "all said", "ratio"):
        table.add_column(name, justify="right")
    held = True
    for number, one in enumerate(series, 1):
        whole = median(one.attempts)
        least = median(_sum(floor, said, strict=True) for floor in one.floors)
        every = median(_sum(floor, said, strict=False) for floor in one.floors)
        figures = [
            whole * MS,
            median(one.cpu) * MS,
            least * MS,
            whole / least,
            every * MS,
            whole / every,
        ]
        table.add_row(str(number), *(f"{figure:.2f}" for figure in figures))
        held = held and whole <= GOAL * least
    console.print(table)
    console.print(
        "floor: the same SQL, one request to Gemini, one to the screener (compile and run the "
        "candidate)\nall said: with the diagnosis and the check of the intent, which are a request each\n"
        f"goal: at most {GOAL} floors, in every series: {'ok' if held else 'MISSED'}"
    )
    return held


def _sum(floor: list[float], said: list[Event], *, strict: bool) -> float:
    pairs = zip(floor, said, strict=True)
    return sum(seconds for seconds, event in pairs if not strict or is_one_validation(event))


def _floor_by_part(series: list[Series], said: list[Event]) -> dict[str, float]:
    """Means of the middle half of all floors, by part."""
    floors = _middle([floor for one in series for floor in one.floors], sum)
    spent: dict[str, float] = {}
    for event, *seconds in zip(said, *floors, strict=True):
        spent[part_of(event)] = spent.get(part_of(event), 0.0) + mean(seconds)
    return spent


def _middle[Item](items: list[Item], by: Callable[[Item], float]) -> list[Item]:
    """Without the fastest and the slowest quarter."""
    quarter = len(items) // 4
    return sorted(items, key=by)[quarter : len(items) - quarter]


def _show_parts(console: Console, attempts: list[dict[str, Part]], floor: dict[str, float]) -> None:
    middle = _middle(attempts, lambda parts: sum(part.seconds for part in parts.values()))
    names = sorted({name for parts in middle for name in parts})
    spent = {n: mean(parts.get(n, Part()).seconds for parts in middle) for n in names}
    times = {n: mean(parts.get(n, Part()).times for parts in middle) for n in names}
    whole = sum(spent.values())
    table = Table(title="Where the milliseconds of an attempt go: means of its middle half")
    for name in ("part", "times", "attempt", "share", "all said"):
        table.add_column(name, justify="left" if name == "part" else "right")
    for name in names:
        same = f"{floor[name] * MS:.2f}" if name in floor else ""
        figures = (f"{times[name]:g}", f"{spent[name] * MS:.2f}", f"{spent[name] / whole:.0%}")
        table.add_row(name, *figures, same)
    table.add_section()
    table.add_row("the whole", "", f"{whole * MS:.2f}", "100%", f"{sum(floor.values()) * MS:.2f}")
    console.print(table)
    trips = sum(times[name] for name in names if name.startswith("Postgres"))
    console.print(f"round trips to Postgres: {trips:g}")
