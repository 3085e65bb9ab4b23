"""The end of a run, counted once, whichever function ended it."""

from datetime import UTC, datetime

from filtermend.claim import Decided
from filtermend.models import Status
from filtermend.telemetry import count, count_by_type, logger, seconds


def report_end(decided: Decided) -> None:
    """Metrics and a log line for a step that ended its run; nothing for any other step.

    The duration is that of the repair: from its first call to now, 0 when none was made.
    """
    step, error = decided.step, decided.error
    if error is None or not step.ended_here:
        return
    ok = step.status is Status.PROPOSED
    name = "filter_regeneration_success_total" if ok else "filter_regeneration_failures_total"
    count(name)
    count_by_type(name, error.error_type)
    started = min((call.started_at for call in decided.calls), default=None)
    took = (datetime.now(UTC) - started).total_seconds() if started else 0.0
    seconds("filter_regeneration_duration_seconds", took)
    logger.info(
        "run ended",
        extra={
            "status": step.status,
            "reason": (step.reason or "").partition("\n")[0],  # the rest may name code
            "error_type": error.error_type,
            "run": step.run,
            "attempts": step.regeneration_count,
        },
    )
