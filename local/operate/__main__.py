"""`python -m local.operate COMMAND`: what an operator asks a deployment, or the local stack."""

import argparse
import os
import sys

from filtermend.faults import SettingMissing
from local.operate import CannotOperate, controls, costs, doctor, explain, prompts

COMMANDS = {
    "costs": costs.run,
    "explain": explain.run,
    "stop": controls.stop,
    "go": controls.go,
    "prices": controls.prices,
    "prompts": prompts.run,
    "doctor": doctor.run,
}


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit code, 2 when it could not be done."""
    parser = argparse.ArgumentParser(prog="local.operate", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    command = parser.parse_args(arguments).command
    try:
        return COMMANDS[command](os.environ)
    except (CannotOperate, SettingMissing) as problem:
        print(f"{command}: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
