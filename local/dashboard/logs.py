"""Log lines, read from CloudWatch Logs."""

from dataclasses import dataclass

from local.aws import client


@dataclass(frozen=True)
class LogLine:
    """A line; the time is when it was logged, in seconds since 1970."""

    time: float
    stream: str
    message: str


def read(url: str, group: str, start: float) -> list[LogLine]:
    """A log group's lines since a time, oldest first."""
    pages = (
        client("logs", url)
        .get_paginator("filter_log_events")
        .paginate(logGroupName=group, startTime=int(start * 1000))
    )
    return sorted(
        (
            LogLine(event["timestamp"] / 1000, event["logStreamName"], event["message"])
            for page in pages
            for event in page["events"]
        ),
        key=lambda line: line.time,
    )
