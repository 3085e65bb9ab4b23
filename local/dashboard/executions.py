"""AWS/States: a state machine's executions, counted from Step Functions' own list."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from local.aws import client
from local.dashboard import DashboardError
from local.dashboard.series import Metric, Points, Sample, Sampled, Window

NAMESPACE = "AWS/States"
_ENDS = {
    "ExecutionsSucceeded": "SUCCEEDED",
    "ExecutionsFailed": "FAILED",
    "ExecutionsTimedOut": "TIMED_OUT",
    "ExecutionsAborted": "ABORTED",
}


class ExecutionMetrics:
    """The namespace AWS/States, as far as it is about executions."""

    def __init__(self, url: str) -> None:
        self._states = client("stepfunctions", url)
        self._machines: dict[str, Sampled] = {}

    def points(self, metric: Metric, stat: str, window: Window) -> Points:
        """A statistic per period in which executions started or ended.

        Raises:
            DashboardError: there is no such metric or statistic.
        """
        names = [name for name, _ in metric.dimensions]
        if metric.name not in {"ExecutionsStarted", *_ENDS} or names != ["StateMachineArn"]:
            raise DashboardError(f"there is no metric {metric}")
        ((_, arn),) = metric.dimensions
        if arn not in self._machines:
            self._machines[arn] = Sampled(list(self._samples(arn)))
        return self._machines[arn].points(metric, stat, window)

    def unit(self, _: Metric) -> str:
        """They are counts."""
        return "Count"

    def _samples(self, arn: str) -> Iterable[Sample]:
        dimensions = frozenset({("StateMachineArn", arn)})

        def one(name: str, time: datetime) -> Sample:
            return Sample(Metric(NAMESPACE, name, dimensions), time.timestamp(), 1.0, "Count")

        for execution in self._listed(arn):
            yield one("ExecutionsStarted", execution["startDate"])
            for name, status in _ENDS.items():
                if execution["status"] == status:
                    yield one(name, execution["stopDate"])

    def _listed(self, arn: str) -> Iterable[dict[str, Any]]:
        pages = self._states.get_paginator("list_executions").paginate(stateMachineArn=arn)
        return (execution for page in pages for execution in page["executions"])
