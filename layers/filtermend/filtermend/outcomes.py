"""The end of a run, counted once, whichever function ended it."""

from datetime import UTC, datetime

from filtermend.models import CallRow, ErrorRow, Status, Step
from filtermend.telemetry import count, count_by_type, logger, seconds


def report_end(step: Step, error: ErrorRow | None, calls: list[CallRow]) -> None:
    """Metrics and a log line for a step that ended its run; nothing for any other step.

    The duration is that of the repair: from its first call to now, 0 when none was made.
    """
    if not step.ended_here:
        return
    ok = step.status is Status.PROPOSED
    name = "filter_regeneration_success_total" if ok else "filter_regeneration_failures_total"
    count(name)
    if error is not None:
        count_by_type(name, error.error_type)
    started = min((call.started_at for call in calls), default=None)
    took = (datetime.now(UTC) - started).total_seconds() if started else 0.0
    seconds("filter_regeneration_duration_seconds", took)
    logger.info(
        "run ended",
        extra={
            "status": step.status,
            "reason": step.reason,
            "error_type": error.error_type if error else None,
            "run": step.run,
            "attempts": step.regeneration_count,
            "trace_id": calls[-1].trace_id if calls else None,
        },
    )
