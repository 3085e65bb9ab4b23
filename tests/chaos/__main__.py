"""`python -m chaos`: `make chaos`."""

import shutil
import signal
import sys
import time

from rich.console import Console

from chaos.check import Check
from chaos.facts import gather
from chaos.options import BadOption, Options
from chaos.plan import draw
from chaos.report import show
from chaos.running import Run
from chaos.stack import running
from local.folder import Folder
from local.services import StackError

NARROWEST = 130


def main() -> int:
    """Run it; 0 when every error came to a right end and every figure agrees."""
    for ending in (signal.SIGINT, signal.SIGTERM):  # stop what was started, however it is ended
        signal.signal(ending, _interrupt)
    try:
        options = Options.from_environment()
        return _run(options)
    except (BadOption, StackError) as error:
        print(f"chaos: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(options: Options) -> int:
    console = Console(highlight=False, width=max(NARROWEST, Console().width))
    again = f"SEED={options.seed} ERRORS={options.errors} FAULTS={options.faults}"
    console.print(f"chaos: {again}")
    folder = Folder.chosen().path / "chaos"
    errors = draw(options.seed, options.errors, options.faults)
    with running(folder, errors, console.print) as stack:
        started = time.monotonic()
        run = Run(stack, errors)
        run.go()
        seconds = time.monotonic() - started
        check = Check(errors, gather(stack.deployed, run.doubled))
    show(check, errors, stack.striker, console)
    console.print(f"{seconds:.0f} s, time moved {run.rounds} times, {again}")
    if not check.right:
        console.print(f"[bold red]wrong: {len(check.wrong)} errors[/]; logs are in {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
