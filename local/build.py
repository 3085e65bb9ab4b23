"""`python -m local.build`: `sam build` for this machine, quiet unless it fails."""

import sys

from local import aws
from local.services import StackError


def main() -> int:
    """Build; returns the exit code."""
    try:
        aws.build()
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
