"""The measured figures, taken anew from the stack that runs on this machine."""

import json
from collections.abc import Iterable, Mapping
from statistics import median

from local.dashboard.functions import Invocation, in_histories, in_log, services
from local.dashboard.logs import read
from local.dashboard.stack import log_groups, state_machines
from local.folder import Folder
from local.scaling import ScalingError
from local.scaling.figures import Figure
from local.scaling.load import CONNECTED
from local.services import State

_RUN_ENDED = "run ended"
_IN_LOG = ("trigger", "sweep")
"""The others are invoked by the workflow, and most of the time they log nothing."""


def measured(folder: Folder) -> list[Figure]:
    """Milliseconds and log bytes of the stack of this folder, since it was started.

    Raises:
        ScalingError: no stack runs here, or nothing failed on it yet.
    """
    state = State.read(folder)
    if not state.env or state.dead():
        raise ScalingError("no stack runs here: `MODEL=scripted make up` starts one")
    url = state.env["AWS_ENDPOINT_URL"]
    lines = [line for group in log_groups(url) for line in read(url, group, 0)]
    functions = services(url)
    logged = in_log(lines, {name: functions[name] for name in _IN_LOG})
    played = (one for machine in state_machines(url) for one in in_histories(url, machine))
    found = figures_of([*logged, *played], functions, [line.message for line in lines])
    if not found:
        raise ScalingError("nothing was repaired here yet: insert some errors first")
    return found


def figures_of(
    invocations: Iterable[Invocation], functions: Mapping[str, str], messages: Iterable[str]
) -> list[Figure]:
    """Medians of the milliseconds, so that cold starts do not count, and means of the bytes.

    Args:
        invocations: of all functions.
        functions: their names, by the service that they log as.
        messages: what they logged.
    """
    took: dict[str, list[float]] = {}
    for one in invocations:
        took.setdefault(one.function, []).append(one.milliseconds)
    own: dict[str | None, list[str]] = {}
    for message in messages:
        own.setdefault(_service(message), []).append(message)
    return [
        figure
        for service in CONNECTED
        if (times := took.get(functions[service]))
        for figure in _of(service, times, own.get(service, []))
    ]


def _of(service: str, times: list[float], messages: list[str]) -> list[Figure]:
    """What propose logs it logs at a run's end."""
    source = f"{len(times)} invocations on this machine"
    ended = sum(_RUN_ENDED in message for message in messages) if service == "propose" else 0
    each = sum(len(message.encode()) for message in messages) / (ended or len(times))
    unit = "bytes a run, at its end" if ended else "bytes an invocation"
    return [
        Figure(f"{service}_ms".upper(), f"{median(times):.0f}", "ms", source),
        Figure(f"{service}_log_bytes".upper(), f"{each:.0f}", unit, source),
    ]


def _service(message: str) -> str | None:
    try:
        content = json.loads(message)
    except ValueError:
        return None
    named = content.get("service") if isinstance(content, dict) else None
    return named if isinstance(named, str) else None
