"""`make dashboard`: the template's dashboard with the local stack's figures, to be looked at.

RANGE and PERIOD choose as in the console: how long before now the range begins (PT30M), and the
graphs' period in seconds. Without them, the dashboard's own.
"""

import os
import sys
import time
from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from local.aws import STACK
from local.dashboard import DashboardError, body, drawing, stack
from local.dashboard.figures import of_stack
from local.dashboard.page import page
from local.dashboard.panels import Panel, panels
from local.folder import Folder
from local.services import State

DOTS_PER_INCH = 100


def main() -> int:
    """Write dashboard.png and dashboard.html; returns the exit code."""
    folder = Folder.chosen()
    try:
        shown, heading = look(folder, os.environ.get("RANGE", ""), os.environ.get("PERIOD", ""))
    except DashboardError as error:
        print(f"dashboard: {error}", file=sys.stderr)
        return 1
    png, html = folder.path / "dashboard.png", folder.path / "dashboard.html"
    drawing.dashboard(shown, heading).savefig(png, dpi=DOTS_PER_INCH, pil_kwargs={"optimize": True})
    html.write_text(page(shown, heading), "utf-8")
    print(f"{png}\n{html}")
    return 0


def look(folder: Folder, range_: str = "", period: str = "") -> tuple[list[Panel], str]:
    """What the dashboard of this folder's stack shows now, and a heading for it.

    Raises:
        DashboardError: no stack runs here, or the dashboard or an argument cannot be understood.
    """
    range_chosen = _duration(range_) if range_ else None
    period_chosen = _seconds(period) if period else None
    state = State.read(folder)
    if not state.env or state.dead():
        raise DashboardError("no stack runs here: `make up` starts it")
    url = state.env["AWS_ENDPOINT_URL"]
    wanted = body.parse(stack.dashboard_json(stack.deployed_resources(url)))
    end = time.time()
    start = end - (range_chosen or abs(wanted.start)).total_seconds()
    shown = panels(wanted, of_stack(url, start), start, end, period_chosen)
    first, last = (datetime.fromtimestamp(t, UTC) for t in (start, end))
    return shown, f"{STACK}   {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC"


def _seconds(text: str) -> int:
    if not (text.isdecimal() and int(text)):
        raise DashboardError(f"PERIOD is {text!r}: give seconds, such as 60")
    return int(text)


def _duration(text: str) -> timedelta:
    try:
        found = TypeAdapter(timedelta).validate_python(text)
    except ValidationError:
        found = timedelta(0)
    if found <= timedelta(0):
        raise DashboardError(f"RANGE is {text!r}: give a duration such as PT30M or PT24H")
    return found


if __name__ == "__main__":
    sys.exit(main())
