"""AWS/Lambda: what the local AWS records of each invocation, asked from its CloudWatch."""

from datetime import UTC, datetime

from local.aws import client
from local.dashboard import DashboardError
from local.dashboard.series import Metric, Points, Window, statistic

NAMESPACE = "AWS/Lambda"
_UNITS = {
    "Invocations": "Count",
    "Errors": "Count",
    "Throttles": "Count",
    "Duration": "Milliseconds",
}
_NOT_RECORDED = {"ConcurrentExecutions": "Count"}


class FunctionMetrics:
    """The namespace AWS/Lambda."""

    def __init__(self, url: str) -> None:
        self._cloudwatch = client("cloudwatch", url)

    def points(self, metric: Metric, stat: str, window: Window) -> Points | None:
        """A statistic per period with invocations; None for what the local AWS does not count.

        Raises:
            DashboardError: there is no such metric or statistic, or all the range is one period.
        """
        statistic(stat)
        if metric.name in _NOT_RECORDED:
            return None
        if metric.name not in _UNITS:
            raise DashboardError(f"there is no metric {metric}")
        if window.period is None:
            raise DashboardError(f"{metric} is known in periods only: leave setPeriodToTimeRange")
        query = {
            "Metric": {
                "Namespace": metric.namespace,
                "MetricName": metric.name,
                "Dimensions": [{"Name": n, "Value": v} for n, v in metric.dimensions],
            },
            "Period": window.period,
            "Stat": stat,
        }
        answer = self._cloudwatch.get_metric_data(
            MetricDataQueries=[{"Id": "m", "MetricStat": query}],
            StartTime=datetime.fromtimestamp(window.periods()[0], UTC),
            EndTime=datetime.fromtimestamp(window.end, UTC),
        )
        (result,) = answer["MetricDataResults"]
        times = (time.timestamp() for time in result["Timestamps"])
        return dict(sorted(zip(times, result["Values"], strict=True)))

    def unit(self, metric: Metric) -> str:
        """The unit that AWS documents."""
        return (_UNITS | _NOT_RECORDED).get(metric.name, "None")
