"""`python -m evals run` and `python -m evals diff A B`: `make eval` and `make eval-diff`."""

import argparse
import signal
import sys
from pathlib import Path

from rich.console import Console

from evals import compare, table
from evals.options import CannotEvaluate, Options

NARROWEST = 130


def main() -> int:
    """Run a command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="evals", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="run the eval that the environment's variables describe")
    diff = commands.add_parser("diff", help="compare two reports")
    diff.add_argument("a")
    diff.add_argument("b")
    arguments = parser.parse_args()
    console = Console(highlight=False, width=max(NARROWEST, Console().width))
    for ending in (signal.SIGINT, signal.SIGTERM):  # stop what was started, however it is ended
        signal.signal(ending, _interrupt)
    try:
        if arguments.command == "run":
            return _run(console)
        _diff(arguments.a, arguments.b, console)
    except CannotEvaluate as error:
        print(f"eval: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\neval: interrupted; the same command goes on where this ended", file=sys.stderr)
        return 130
    return 0


def _run(console: Console) -> int:
    options = Options.from_environment()
    from evals.evaluate import evaluate  # its imports read the environment, and take a second

    built = evaluate(options, lambda text: print(f"eval: {text}", file=sys.stderr, flush=True))
    table.show(built, console)
    if built["about"]["broke_down"]:
        console.print(f"{built['about']['broke_down']} broke down: the same command tries again")
    console.print(f"report: {options.report}")
    return 0


def _interrupt(_signal: int, _frame: object) -> None:
    """At once: Python's own handler lets asyncio wait for the question that is being answered."""
    raise KeyboardInterrupt


def _diff(a: str, b: str, console: Console) -> None:
    if not (a and b):
        raise CannotEvaluate("name two reports: make eval-diff A=<report> B=<report>")
    compare.show(compare.read(Path(a)), compare.read(Path(b)), console)


if __name__ == "__main__":
    sys.exit(main())
