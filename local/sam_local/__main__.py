"""`python -m local.sam_local check | up | down`: the functions in containers, by `sam local`."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from local import stack
from local.folder import Folder
from local.sam_local.checks import (
    CheckFailedError,
    check,
    check_start_api,
    check_start_lambda,
    schedules_paused,
)
from local.sam_local.invoking import FunctionFailedError, invoke
from local.sam_local.sample import Sample
from local.sam_local.session import Session, down, up
from local.services import StackError, State
from local.stack import Options, Report

COMMANDS = ("check", "up", "down")


def main() -> int:
    """Run a command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="local.sam_local", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    command = parser.parse_args().command
    folder, report = Folder.chosen(), _timed()
    try:
        if command == "check":
            return _check(folder, report)
        if command == "up":
            own = up(folder, _options(folder), report).project.folder
            print(f"\nready; try:\n  . {own.env}")
            print("  sam local invoke TriggerFunction -e events/trigger-direct.json \\")
            print(f"    --config-file {own.path}/samconfig.yaml")
        else:
            down(folder, report)
    except StackError as error:
        print(f"sam-local: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _options(folder: Folder) -> Options:
    """As the stack runs, else MODEL, else scripted: what is tried are the functions."""
    running = State.read(folder)
    model = running.env.get("MODEL") if running.env and not running.dead() else None
    if model or not os.environ.get("MODEL"):
        return Options(model or "scripted")
    return Options.from_environment()


def _check(folder: Folder, report: Report) -> int:
    """Make ready, try every event of every function, and end what was started."""
    options = _options(folder)
    if options.model != "scripted":
        raise StackError("the checks know the scripted answers: `make down`, then MODEL=scripted")
    running = State.read(folder)
    started = not running.env or running.dead()
    try:
        session = up(folder, replace(options, wait_scale=0.001), report)
        failed = _try_all(session, report)
    finally:
        down(folder, report)
        if started:
            stack.down(folder, report)
    print(f"sam-local: {'everything answered as it should' if not failed else 'NOT in order'}")
    return 1 if failed else 0


def _try_all(session: Session, report: Report) -> int:
    """Returns how many went wrong."""
    sample = Sample.of(session.stack["DATABASE_URL"])
    failed = 0
    with sample.conn, schedules_paused(session):
        for name, attempt in _tries(session, sample):
            try:
                attempt()
            except (CheckFailedError, FunctionFailedError, StackError) as error:
                failed += 1
                report(f"FAILED  {name}: {error}")
            else:
                report(f"ok      {name}")
    return failed


def _tries(session: Session, sample: Sample) -> Iterator[tuple[str, Callable[[], None]]]:
    for event in session.events:
        invoked = partial(check, session, sample, event, partial(invoke, session))
        yield f"sam local invoke {event.function} -e events/{event.path.name}", invoked
    yield "sam local start-lambda", partial(check_start_lambda, session, sample)
    yield "sam local start-api", partial(check_start_api, session, sample)


def _timed() -> Report:
    started = time.monotonic()
    return lambda text: print(f"{time.monotonic() - started:6.1f} s  {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
