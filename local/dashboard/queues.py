"""AWS/SQS: how many messages a queue has now, from its attributes."""

import time

from local.aws import client
from local.dashboard import DashboardError
from local.dashboard.series import Metric, Points, Sample, Sampled, Window

NAMESPACE = "AWS/SQS"
_ATTRIBUTES = {
    "ApproximateNumberOfMessagesVisible": "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible": "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed": "ApproximateNumberOfMessagesDelayed",
}
_NOT_RECORDED = {"ApproximateAgeOfOldestMessage": "Seconds"}


class QueueMetrics:
    """The namespace AWS/SQS; there is one sample, that of now."""

    def __init__(self, url: str) -> None:
        self._sqs = client("sqs", url)

    def points(self, metric: Metric, stat: str, window: Window) -> Points | None:
        """A statistic of the messages now; None for what a queue's attributes do not tell.

        Raises:
            DashboardError: there is no such metric, queue or statistic.
        """
        if metric.name in _NOT_RECORDED:
            return None
        names = [name for name, _ in metric.dimensions]
        if metric.name not in _ATTRIBUTES or names != ["QueueName"]:
            raise DashboardError(f"there is no metric {metric}")
        ((_, queue),) = metric.dimensions
        attribute = _ATTRIBUTES[metric.name]
        try:
            queue_url = self._sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        except self._sqs.exceptions.QueueDoesNotExist:
            raise DashboardError(f"there is no queue {queue!r}") from None
        answer = self._sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=[attribute])
        messages = float(answer["Attributes"][attribute])
        now = min(time.time(), window.end - 1)
        return Sampled([Sample(metric, now, messages, "Count")]).points(metric, stat, window)

    def unit(self, metric: Metric) -> str:
        """The unit that AWS documents."""
        return _NOT_RECORDED.get(metric.name, "Count")
