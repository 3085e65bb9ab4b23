"""`make load`: what is asked for, run and shown."""

import signal
import sys
from pathlib import Path

from rich.console import Console

from load import measurements
from load.options import BadOption, Options
from load.report import show_goals, write
from load.stack import running
from local.folder import Folder
from local.services import StackError

NARROWEST = 100


def main() -> int:
    """Run it; 0 when nothing was lost or doubled and every goal is met."""
    for ending in (signal.SIGINT, signal.SIGTERM):  # stop what was started, however it is ended
        signal.signal(ending, _interrupt)
    try:
        return _run(Options.from_environment())
    except (BadOption, StackError) as error:
        print(f"load: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(options: Options) -> int:
    console = Console(highlight=False, width=max(NARROWEST, Console().width))
    results = Folder.chosen().path / "load"
    good = True
    with running(Folder(results / "stack"), console.print) as deployed:
        for kind, count in options.errors.items():
            console.print(f"\n[bold]{kind}[/]: {count} errors")
            measured = measurements.KINDS[kind](
                measurements.Bench(deployed, results, console), count
            )
            if measured.goals:
                show_goals(measured.goals, console)
            write(results / f"{kind}.json", measured.rounds, measured.goals, measured.floor)
            good &= measured.good
    console.print(f"figures and pictures are in {_shown(results)}")
    return 0 if good else 1


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
