"""`python -m performance.functions`: `make bench`; MEASURE chooses one measurement, else all."""

import os
import signal
import sys

from performance.functions import imports, overhead
from rich.console import Console

MEASUREMENTS = {"imports": imports.run, "overhead": overhead.measure}


def main() -> int:
    """Print the measurements; 1 when a goal was missed, 2 when there is no such measurement."""
    chosen = os.environ.get("MEASURE") or "bench"
    if chosen not in ("bench", "all", *MEASUREMENTS):
        print(
            f"measure what? bench, all or {', '.join(MEASUREMENTS)}; not {chosen}", file=sys.stderr
        )
        return 2
    signal.signal(signal.SIGTERM, _interrupt)  # what was started is stopped, as by ctrl-C
    console = Console(highlight=False, width=110)
    wanted = [chosen] if chosen in MEASUREMENTS else list(MEASUREMENTS)
    try:
        held = [MEASUREMENTS[name](console) for name in wanted]
    except KeyboardInterrupt:
        return 130
    return 0 if all(held) else 1


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
