"""Where the figures of a local stack come from."""

import time
from functools import cache

from local.dashboard import emf, executions, functions, logs, queues, stack
from local.dashboard.panels import Figures
from local.dashboard.series import Source

_DAY_SECONDS = 86_400


def of_stack(url: str, start: float) -> Figures:
    """Every source of the local stack.

    Args:
        url: the local AWS.
        start: since when figures are wanted; today's (UTC) are read in any case.

    Raises:
        DashboardError: a log line's embedded metrics are broken.
    """
    since = min(start, time.time() // _DAY_SECONDS * _DAY_SECONDS)

    @cache
    def lines(group: str) -> list[logs.LogLine]:
        return logs.read(url, group, since)

    every = [line for group in stack.log_groups(url) for line in lines(group)]
    machines = stack.state_machines(url)
    invoked = {name for machine in machines for name in functions.invoked_by(url, machine).values()}
    others = {s: name for s, name in functions.services(url).items() if name not in invoked}
    tasks = (one for machine in machines for one in functions.in_histories(url, machine))
    sources: dict[str, Source] = {
        emf.NAMESPACE: emf.OwnMetrics(emf.samples(every)),
        functions.NAMESPACE: functions.FunctionMetrics([*tasks, *functions.in_log(every, others)]),
        executions.NAMESPACE: executions.ExecutionMetrics(url),
        queues.NAMESPACE: queues.QueueMetrics(url),
    }
    return Figures(sources, lambda group: [line for line in lines(group) if line.time >= start])
