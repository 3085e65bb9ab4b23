"""An error's lines in the functions' log: CloudWatch Logs, by the id that is on each of them."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import JsonValue, ValidationError

from filtermend.models import Value
from local.operate import CannotOperate, deployment

LONGEST_SEARCH_SECONDS = 20
"""CloudWatch looks through all lines of the time, whosever they are."""
MARGIN = timedelta(minutes=5)
"""Around the error's own times: clocks differ, and the last line is written after the row."""


class LogLine(Value):
    """A line of a function; what it has beside these is not shown."""

    at: datetime
    error_id: str
    service: str = ""
    level: str
    message: str
    cause: JsonValue = None
    detail: JsonValue = None
    refusal: JsonValue = None
    outcome: JsonValue = None
    code: JsonValue = None
    status: JsonValue = None
    reason: JsonValue = None

    @property
    def words(self) -> str:
        """The message, and what the line says beside it."""
        names = ("refusal", "outcome", "code", "status", "cause", "detail", "reason")
        values = [getattr(self, name) for name in names]
        said = [f"{n} {v}" for n, v in zip(names, values, strict=True) if v not in (None, "")]
        return f"{self.message} ({', '.join(said)})" if said else self.message


@dataclass(frozen=True)
class Log:
    """The lines that were found, oldest first, and a note where they are not all."""

    lines: list[LogLine] = field(default_factory=list)
    note: str = ""


def read_log(given: Mapping[str, str], error_id: UUID, since: datetime, until: datetime) -> Log:
    """The error's lines of these times; where they cannot be had, the note says why."""
    try:
        stack, logs = deployment.client(given, "logs")
        events, complete = _search(logs, f"/filtermend/{stack}", error_id, since, until)
    except CannotOperate as problem:
        return Log(note=f"no log was read: {problem}")
    except (BotoCoreError, ClientError) as error:
        return Log(note=f"no log was read: {_sentence(error)}")
    found = (_line(event) for event in events)
    lines = [line for line in found if line and line.error_id == str(error_id)]
    note = ""
    if not complete:
        note = f"the log was searched for {LONGEST_SEARCH_SECONDS} s, and not to its end"
    elif not lines:
        note = (
            f"the log of {stack} has no line about it: is it too old, or another stack's (STACK=…)?"
        )
    return Log(sorted(lines, key=lambda line: line.at), note)


def _search(
    logs: Any, group: str, error_id: UUID, since: datetime, until: datetime
) -> tuple[list[dict[str, Any]], bool]:
    """The events with the id in them, and whether the search came to its end."""
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group,
        filterPattern=f'"{error_id}"',
        startTime=_milliseconds(since - MARGIN),
        endTime=_milliseconds(until + MARGIN),
    )
    deadline = time.monotonic() + LONGEST_SEARCH_SECONDS
    events: list[dict[str, Any]] = []
    for page in pages:
        events += page["events"]
        if time.monotonic() > deadline:
            return events, False
    return events, True


def _line(event: dict[str, Any]) -> LogLine | None:
    """The event as a line of ours; None for what Lambda writes itself."""
    try:
        at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
        return LogLine.model_validate(json.loads(event["message"]) | {"at": at})
    except (ValueError, TypeError, ValidationError):
        return None


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _sentence(error: BotoCoreError | ClientError) -> str:
    code = error.response["Error"].get("Code", "") if isinstance(error, ClientError) else ""
    if code == "ResourceNotFoundException":
        return "there is no such log group: is STACK the stack's name, in the region of AWS_REGION?"
    if code.startswith("AccessDenied"):
        return "the caller may not read it: allow logs:FilterLogEvents on the stack's log group"
    return f"CloudWatch Logs cannot be asked ({code or type(error).__name__})"
