"""`python -m local up | down | status | demo`: the stack on one machine."""

import argparse
import sys
import time

from local.demo import demo
from local.folder import Folder
from local.services import StackError, State
from local.stack import Options, Report, down, up
from local.weights import WeightsError

COMMANDS = ("up", "down", "status", "demo")


def main() -> int:
    """Run a command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="local", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    command = parser.parse_args().command
    folder = Folder.chosen()
    try:
        if command == "up":
            env = up(folder, Options.from_environment(), _timed())
            print(f"\nvariables are in {folder.env}; try: . {folder.env} && psql $DATABASE_URL")
            print(f"traces: {env['BRAINTRUST_API_URL']}/")
        elif command == "down":
            down(folder, print)
        elif command == "demo":
            return demo(folder, Options.from_environment())
        else:
            _status(folder)
    except (StackError, WeightsError) as error:
        print(f"{command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _status(folder: Folder) -> None:
    state = State.read(folder)
    if not state.services:
        print("nothing runs here; `make up` starts the stack")
    for service in state.services:
        print(f"{service.name:12} {'runs' if service.process() else 'has ended'}  {service.pid}")


def _timed() -> Report:
    started = time.monotonic()
    return lambda text: print(f"{time.monotonic() - started:6.1f} s  {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
