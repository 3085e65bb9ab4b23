"""Logger and metrics, made once; `about` says on every line which error it is about.

Secrets in a line are masked, wherever they stand: message, extra values, exceptions. Code,
prompts, strategies and answers are not logged at all.
"""

import os
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from uuid import UUID

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.logging.types import LogRecord
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from filtermend.executions import name_of
from filtermend.rules.masking import mask_all

NAMESPACE = "Filtermend"
STACK = os.environ.get("STACK_NAME") or "stack_undefined"
"""Whose metrics these are: stacks of one account share the namespace."""

warnings.filterwarnings("ignore", "No application metrics")  # a quiet request is no fault


class MaskingFormatter(LambdaPowertoolsFormatter):
    """Writes a log line as JSON, without the secrets in it."""

    def serialize(self, log: LogRecord) -> str:
        """The line's fields as JSON."""
        return super().serialize({name: mask_all(value) for name, value in log.items()})


logger = Logger(logger_formatter=MaskingFormatter())
metrics = Metrics(namespace=NAMESPACE)
metrics.set_default_dimensions(stack=STACK)


@contextmanager
def about(
    error_id: UUID,
    trader_id: UUID | None = None,
    run: int | None = None,
    attempt: int | None = None,
    turn: int | None = None,
    *,
    traced: bool = False,
) -> Generator[None]:
    """Name an error on every line of the block; what is not given stays as it is outside.

    Args:
        error_id: the error.
        trader_id: whose filter failed.
        run: gives the execution, which is named after error and run.
        attempt: which attempt at a fix, from 1.
        turn: which question of the attempt, from 1.
        traced: whether there is a trace; its id is the error's.
    """
    given = {
        "error_id": str(error_id),
        "trader_id": trader_id and str(trader_id),
        "attempt": attempt,
        "turn": turn,
        "execution": run and name_of(error_id, run),
        "trace_id": str(error_id) if traced else None,
    }
    keys = {name: value for name, value in given.items() if value is not None}
    outside = dict(logger.get_current_keys())
    logger.append_keys(**keys)
    try:
        yield
    finally:
        logger.remove_keys(keys)
        logger.append_keys(**{name: outside[name] for name in keys if name in outside})


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
    """Add one to a counter of the stack's errors of that type, whichever function counts."""
    by_type = EphemeralMetrics(namespace=NAMESPACE, service="")  # a service would be a dimension
    by_type.add_dimension(name="stack", value=STACK)
    by_type.add_dimension(name="error_type", value=error_type)
    by_type.add_metric(name=name, unit=MetricUnit.Count, value=1)
    by_type.flush_metrics()
