"""An error's story in the order of time: what the database knows, and what the log adds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from filtermend.models import CallOutcome, Status
from filtermend.store.story import StoredCall, Story
from local.operate.explain.costs import is_lost, usd
from local.operate.explain.logs import LogLine

SHORTEST_WAIT_SECONDS = 2.0
"""What lies between two calls and is no wait: a validation, a cold start."""
OPEN = {Status.PENDING, Status.RUNNING, Status.OVER_BUDGET}
"""Something may still happen by itself."""


@dataclass(frozen=True)
class Moment:
    """Something that happened, and more about it, a line each."""

    at: datetime
    title: str
    details: tuple[str, ...] = ()


def timeline(story: Story, lines: list[LogLine], now: datetime) -> list[Moment]:
    """Everything that has a time, oldest first."""
    moments = [*_row(story), *_waits(story.calls)]
    moments += [_call(call, now) for call in story.calls]
    moments += [Moment(line.at, f"{line.service}: {line.words}") for line in lines]
    return sorted(moments, key=lambda moment: moment.at)


def last_moment(story: Story, now: datetime) -> datetime:
    """When the last thing happened that the database knows of; now while more may come."""
    if story.error.regeneration_status in OPEN:
        return now
    known = [moment.at for moment in _row(story)]
    known += [call.finished_at or call.started_at for call in story.calls]
    return max(known, default=now)


def _row(story: Story) -> Iterator[Moment]:
    error = story.error
    if error.created_at:
        title = f"created: {error.error_type} error"
        yield Moment(error.created_at, title, tuple(error.error_message.splitlines()[:3]))
    if error.regenerated_at:
        validated = _verdict(error.proposed_fix_validated, error.proposed_fix_replayed)
        title = f"kept as the proposed fix ({error.proposed_fix_source or 'model'}): {validated}"
        yield Moment(error.regenerated_at, title)
    if error.fix_applied_at:
        yield Moment(error.fix_applied_at, f"applied by {error.fix_applied_by}")
    if error.resolved_at and error.resolved_at != error.fix_applied_at:
        yield Moment(error.resolved_at, "resolved")


def _waits(calls: list[StoredCall]) -> Iterator[Moment]:
    """The time between a call's end and the next call, where that is a wait."""
    for former, following in pairwise(calls):
        if former.finished_at is None:
            continue
        seconds = (following.started_at - former.finished_at).total_seconds()
        if seconds < SHORTEST_WAIT_SECONDS:
            continue
        again = former.outcome in (CallOutcome.THROTTLED, CallOutcome.FAILED, CallOutcome.UNKNOWN)
        if following.run != former.run:
            before = f"run {following.run}"
        elif following.attempt != former.attempt:
            before = f"attempt {following.attempt}"
        else:
            before = f"asking again after {former.outcome}" if again else "the next question"
        yield Moment(former.finished_at, f"waited {seconds:,.1f} s before {before}")


def _call(call: StoredCall, now: datetime) -> Moment:
    place = f"run {call.run}, attempt {call.attempt}, turn {call.turn}, call {call.call}"
    if call.source == "mechanical":
        title = f"{place}: certain changes, without a model"
        changes = tuple((call.answer or "").splitlines())
        return Moment(call.started_at, title, (*changes, *_judged(call)))
    title = f"{place}: {call.model} asked"
    return Moment(call.started_at, title, (*_asked(call, now), *_judged(call)))


def _asked(call: StoredCall, now: datetime) -> Iterator[str]:
    by = f", answered by {call.model_version}" if call.model_version else ""
    yield f"prompt {call.prompt_version or 'unknown'} from {call.prompt_source or 'unknown'}{by}"
    if call.input_tokens is not None:
        yield (
            f"tokens: {call.input_tokens} in ({call.cached_tokens or 0} cached), "
            f"{call.output_tokens or 0} out, {call.thinking_tokens or 0} thinking"
        )
    latency = "" if call.latency_ms is None else f" after {call.latency_ms / 1000:.2f} s"
    reason = f" ({call.finish_reason})" if call.finish_reason else ""
    yield f"outcome: {_outcome(call, now)}{reason}{latency}; {_price(call)}"


def _outcome(call: StoredCall, now: datetime) -> str:
    if call.outcome is not None:
        return call.outcome.value
    if call.finished_at is not None:
        return "answered, not read yet"
    if is_lost(call, now):
        return "unknown, its lease is over"
    return "no answer yet" if call.sent_at else "not sent yet"


def _price(call: StoredCall) -> str:
    if call.cost_usd is None:
        return f"{usd(call.reserved_usd)} reserved"
    return f"cost {usd(call.cost_usd)} of {usd(call.reserved_usd)} reserved"


def _judged(call: StoredCall) -> Iterator[str]:
    if call.valid is not None:
        yield f"verdict: {_verdict(call.valid, call.replayed)}"
    for diagnostic in call.diagnostics or []:
        line = f"line {diagnostic.line}: " if diagnostic.line else ""
        yield f"{diagnostic.source}: {line}{diagnostic.message}"


def _verdict(valid: bool | None, replayed: bool | None) -> str:
    compiles = {None: "not validated", False: "refused", True: "valid"}[valid]
    ran = {None: "not replayed", False: "failed in the replay", True: "ran in the replay"}[replayed]
    return f"{compiles}, {ran}"
