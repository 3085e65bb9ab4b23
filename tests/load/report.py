"""What a run prints: tables of hops and of what was used, goals, and what is wrong."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from load.emulator import Floor
from load.moments import Spread, spreads
from load.rounds import Round

SHOWN_WRONG = 20


@dataclass(frozen=True)
class Goal:
    """A figure, and what it has to stay under."""

    what: str
    value: float
    limit: float

    @property
    def met(self) -> bool:
        """It stays under its limit."""
        return self.value < self.limit


def show_round(found: Round, console: Console) -> None:
    """The hops of a round, what it used, and what is wrong with it."""
    table = _table(f"{found.name}: {found.errors} errors, {found.seconds:.1f} s", *_SPREAD)
    for name, spread in spreads(found.moments).items():
        _add(table, name, spread)
    console.print(table)
    console.print(_used(found))
    for figures in found.figures:
        sign = "=" if figures.equal else "[bold red]is not[/]"
        console.print(f"{figures.what}: {figures.left} {sign} {figures.right}")
    for error_id, sentences in list(found.wrong.items())[:SHOWN_WRONG]:
        console.print(f"[bold red]{error_id}[/] {'; '.join(sentences)}")
    console.print()


def show_floor(floor: Floor, console: Console) -> None:
    """What the emulator needs by itself."""
    table = _table("the emulator alone, with functions that do nothing", *_SPREAD)
    _add(table, "execution to function", floor.function)
    _add(table, "execution to its end", floor.end)
    console.print(table)
    console.print()


def show_goals(goals: Sequence[Goal], console: Console) -> None:
    """Each goal, and whether it is met."""
    table = _table("goals", "measured", "under", "")
    for goal in goals:
        verdict = "met" if goal.met else "[bold red]missed[/]"
        table.add_row(goal.what, f"{goal.value:.2f}", f"{goal.limit:g}", verdict)
    console.print(table)


def write(path: Path, rounds: Sequence[Round], goals: Sequence[Goal], floor: Floor | None) -> None:
    """The figures as JSON."""
    figures = {
        "rounds": [_figures(found) for found in rounds],
        "goals": [asdict(goal) | {"met": goal.met} for goal in goals],
        "emulator": floor and asdict(floor),
    }
    path.write_text(json.dumps(figures, indent=2) + "\n")


def _figures(found: Round) -> dict[str, Any]:
    return {
        "name": found.name,
        "errors": found.errors,
        "seconds": found.seconds,
        "hops": {name: asdict(spread) for name, spread in spreads(found.moments).items()},
        "used": asdict(found.used),
        "wrong": {str(error_id): sentences for error_id, sentences in found.wrong.items()},
        "figures": [[f.what, str(f.left), str(f.right)] for f in found.figures],
    }


_SPREAD = ("p50 s", "p95 s", "max s")


def _table(title: str, *columns: str) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 1))
    table.add_column(title)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _add(table: Table, name: str, spread: Spread) -> None:
    table.add_row(name, f"{spread.p50:.2f}", f"{spread.p95:.2f}", f"{spread.longest:.2f}")


def _used(found: Round) -> Table:
    """Per regeneration: CPU milliseconds of each part, and connections."""
    table = _table("used", "per regeneration")
    for part, seconds in sorted(found.used.cpu_seconds.items(), key=lambda part: -part[1]):
        table.add_row(f"CPU of {part}", f"{1000 * seconds / found.errors:.0f} ms")
    table.add_row("connections opened", f"{found.used.connects / found.errors:.2f}")
    table.add_row("connections at most, in all", str(found.used.connected))
    return table
