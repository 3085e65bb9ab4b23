"""Logger and metrics, made once; every line of a request carries its error's id.

Secrets in a line are masked, wherever they stand: message, extra values, exceptions.
"""

import warnings

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.logging.types import LogRecord
from aws_lambda_powertools.metrics import MetricUnit

from filtermend.rules.masking import mask_all

NAMESPACE = "Filtermend"

warnings.filterwarnings("ignore", "No application metrics")  # a quiet request is no fault


class MaskingFormatter(LambdaPowertoolsFormatter):
    """Writes a log line as JSON, without the secrets in it."""

    def serialize(self, log: LogRecord) -> str:
        """The line's fields as JSON."""
        return super().serialize({name: mask_all(value) for name, value in log.items()})


logger = Logger(logger_formatter=MaskingFormatter())
metrics = Metrics(namespace=NAMESPACE)


def count(name: str, value: float = 1) -> None:
    """Add to a counter; it is flushed when the handler returns."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)


def seconds(name: str, value: float) -> None:
    """Record a duration in seconds."""
    metrics.add_metric(name=name, unit=MetricUnit.Seconds, value=value)


def dollars(name: str, value: float) -> None:
    """Record an amount in USD; CloudWatch has no unit for money."""
    metrics.add_metric(name=name, unit=MetricUnit.NoUnit, value=value)


def count_by_type(name: str, error_type: str) -> None:
    """Add one to a counter with the dimension error_type, and no other."""
    with single_metric(name=name, unit=MetricUnit.Count, value=1, namespace=NAMESPACE) as metric:
        metric.service = ""  # else it joins: a figure per type and service, and none per type
        metric.add_dimension(name="error_type", value=error_type)
