"""Logger and metrics, made once; every line of a request carries its error's id."""

import warnings

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE = "Filtermend"

warnings.filterwarnings("ignore", "No application metrics")  # a quiet request is no fault

logger = Logger()
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
    """Add one to a counter with the dimension error_type."""
    with single_metric(name=name, unit=MetricUnit.Count, value=1, namespace=NAMESPACE) as metric:
        metric.add_dimension(name="error_type", value=error_type)
