"""Rows as spans, spans as trees."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, Field

from local.braintrust.rows import Row

SENT_FIELDS = ("input", "output", "expected", "error", "scores", "tags", "metadata")


class Span(BaseModel):
    """One span with those below it. Times are Unix seconds; None while not known."""

    id: str
    span_id: str
    root_span_id: str
    span_parents: list[str]
    name: str
    type: str | None
    started: float | None
    ended: float | None
    input: Any = None
    output: Any = None
    expected: Any = None
    error: Any = None
    scores: Any = None
    tags: Any = None
    metadata: Any = None
    metrics: dict[str, Any]
    comments: list[str] = Field(default_factory=list)
    children: list["Span"] = Field(default_factory=list)

    @property
    def seconds(self) -> float | None:
        """How long it took, None while it runs or when an end is missing."""
        if self.started is None or self.ended is None:
            return None
        return self.ended - self.started


class TraceSummary(BaseModel):
    """A trace in the list."""

    root_span_id: str
    name: str
    started: datetime | None
    seconds: float | None
    spans: int
    failed: bool


def span_of(row: Row) -> Span | None:
    """The row as a span, None for rows that are none (feedback, for instance)."""
    if not isinstance(row.get("span_id"), str) or not isinstance(row.get("root_span_id"), str):
        return None
    attributes = _mapping(row.get("span_attributes"))
    metrics = _mapping(row.get("metrics"))
    kind = attributes.get("type")
    fields = {key: row.get(key) for key in SENT_FIELDS}
    return Span.model_validate(
        fields
        | {
            "id": str(row.get("id")),
            "span_id": row["span_id"],
            "root_span_id": row["root_span_id"],
            "span_parents": _texts(row.get("span_parents")),
            "name": str(attributes.get("name") or "unnamed"),
            "type": None if kind is None else str(kind),
            "started": _number(metrics.get("start")),
            "ended": _number(metrics.get("end")),
            "metrics": metrics,
        }
    )


def trees(rows: Iterable[Row]) -> list[Span]:
    """The spans of one trace as trees, in order of time.

    A span whose parent has not arrived (or that is its own ancestor) stands at the top.
    """
    spans = sorted(filter(None, map(span_of, rows)), key=lambda span: span.started or 0.0)
    by_id = {span.span_id: span for span in spans}
    tops = []
    for span in spans:
        parent = next((by_id[p] for p in span.span_parents if p in by_id), None)
        if parent is None or _descends(parent, span):
            tops.append(span)
        else:
            parent.children.append(span)
    return tops


def walk(tops: Iterable[Span], depth: int = 0) -> Iterator[tuple[int, Span]]:
    """Every span with its depth, parents before children."""
    for span in tops:
        yield depth, span
        yield from walk(span.children, depth + 1)


def summaries(rows: Iterable[Row]) -> list[TraceSummary]:
    """The traces in these rows, newest first."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        span = span_of(row)
        if span is not None:
            grouped.setdefault(span.root_span_id, []).append(row)
    listed = [_summary(root, trees(members)) for root, members in grouped.items()]
    oldest = datetime.min.replace(tzinfo=UTC)
    return sorted(listed, key=lambda summary: summary.started or oldest, reverse=True)


def _summary(root_span_id: str, tops: list[Span]) -> TraceSummary:
    spans = [span for _, span in walk(tops)]
    top = next((span for span in tops if not span.span_parents), tops[0])
    started = min((span.started for span in spans if span.started is not None), default=None)
    ended = max((span.ended for span in spans if span.ended is not None), default=None)
    return TraceSummary(
        root_span_id=root_span_id,
        name=top.name,
        started=None if started is None else moment(started),
        seconds=None if started is None or ended is None else ended - started,
        spans=len(spans),
        failed=any(span.error is not None for span in spans),
    )


def moment(seconds: float) -> datetime | None:
    """Unix seconds as a time in UTC, None when they are out of any calendar."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _descends(span: Span, ancestor: Span) -> bool:
    return any(below is span for _, below in walk([ancestor]))


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
