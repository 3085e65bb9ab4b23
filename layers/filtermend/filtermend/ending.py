"""The end of a run, whichever function ends it: in the database, in the step, in the metrics."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from filtermend.database import Connection
from filtermend.models import CallRow, ErrorRow, Outcome, Status, Step
from filtermend.store import errors
from filtermend.telemetry import count, count_by_type, logger, seconds


@dataclass(frozen=True)
class Decided:
    """A step, and what it was decided from; no error when there was nothing to decide."""

    step: Step
    error: ErrorRow | None = None
    calls: list[CallRow] = field(default_factory=list)


def superseded(error: ErrorRow, step: Step) -> bool:
    """The error is finished, or another run has taken over: this one does nothing more."""
    return error.regeneration_status is not Status.RUNNING or error.regeneration_run != step.run


def end(
    conn: Connection,
    step: Step,
    error: ErrorRow,
    status: Status,
    reason: str,
    *,
    until: datetime | None = None,
) -> Step:
    """End the step's run in the database, and the execution with it."""
    ended_here = errors.end_run(conn, error.id, step.run, status, reason, until=until)
    now = ended_here or errors.find_error(conn, error.id) or error
    return ended(step, now).model_copy(update={"ended_here": ended_here is not None})


def ended(step: Step, error: ErrorRow) -> Step:
    """The last step of an execution, as the error's row has it (specification, response)."""
    return step.model_copy(
        update={
            "outcome": Outcome.ENDED,
            "status": error.regeneration_status,
            "success": error.regeneration_status is Status.PROPOSED,
            "regeneration_count": error.regeneration_count,
            "code_validated": error.proposed_fix_validated is True,
            "reason": error.regeneration_reason,
        }
    )


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
