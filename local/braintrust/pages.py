"""Traces for a person: as indented text, and as plain HTML pages.

Everything in a span may come from an attacker (a filter's code, an error's text): the text has no
control characters, the pages are escaped and allowed neither script nor any request.
"""

import json
from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import quote

from local.braintrust.traces import Span, TraceSummary, walk

PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}
ABBREVIATED_CHARS = 160
DETAILS = (
    *("input", "output", "expected", "error", "scores"),
    *("metadata", "metrics", "tags", "comments"),
)

STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;
color:#1d2433;background:#fff}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .8rem .3rem 0;
border-bottom:1px solid #e3e6ec}
details{border-left:2px solid #d5dae4;padding:.15rem 0 .15rem .8rem;margin:.3rem 0}
summary{cursor:pointer}.took{color:#5b6478}.failed{color:#b3261e}
pre{background:#f5f6f9;padding:.6rem;overflow-x:auto;white-space:pre-wrap;margin:.2rem 0 .6rem}
h1{font-size:1.3rem}h2{font-size:.8rem;margin:.5rem 0 0;color:#5b6478}
"""


def text_tree(tops: Iterable[Span]) -> str:
    """One line per span with its duration, its input, output and error abbreviated below it."""
    lines = []
    for depth, span in walk(tops):
        indent = "  " * depth
        kind = f" [{_printable(span.type)}]" if span.type else ""
        lines.append(f"{indent}{_printable(span.name)}{kind}  {_took(span.seconds)}")
        for field in ("input", "output", "error"):
            value = getattr(span, field)
            if value is not None:
                lines.append(f"{indent}    {field}: {_abbreviated(value)}")
    return "\n".join(lines) + "\n"


def index_page(summaries: Iterable[TraceSummary]) -> str:
    """The list of traces as HTML."""
    rows = "".join(
        f"<tr><td><a href='/traces/{quote(trace.root_span_id, safe='')}/view'>"
        f"{escape(trace.name)}</a></td><td>{_clock(trace)}</td>"
        f"<td>{_took(trace.seconds)}</td><td>{trace.spans}</td>"
        f"<td class='failed'>{'error' if trace.failed else ''}</td></tr>"
        for trace in summaries
    )
    head = "<tr><th>Trace</th><th>Started (UTC)</th><th>Took</th><th>Spans</th><th></th></tr>"
    body = f"<table>{head}{rows}</table>" if rows else "<p>No traces yet.</p>"
    return _page("Traces", body)


def trace_page(root_span_id: str, tops: list[Span]) -> str:
    """One trace as HTML, each span folded up with what it holds."""
    spans = "".join(_span(span, opened=True) for span in tops)
    links = "<p><a href='/'>all traces</a></p>"
    return _page(tops[0].name, f"{links}<p class='took'>{escape(root_span_id)}</p>{spans}")


def _span(span: Span, opened: bool) -> str:
    failed = " class='failed'" if span.error is not None else ""
    kind = f" <span class='took'>{escape(span.type)}</span>" if span.type else ""
    head = f"<span{failed}>{escape(span.name)}</span>{kind}"
    details = "".join(
        f"<h2>{field}</h2><pre>{escape(_pretty(value))}</pre>"
        for field in DETAILS
        if (value := getattr(span, field)) not in (None, {}, [])
    )
    children = "".join(_span(child, opened=False) for child in span.children)
    return (
        f"<details{' open' if opened else ''}><summary>{head} "
        f"<span class='took'>{_took(span.seconds)}</span></summary>{details}</details>"
        f"<div style='margin-left:1.2rem'>{children}</div>"
    )


def _page(title: str, body: str) -> str:
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1>{body}</body></html>"
    )


def _took(seconds: float | None) -> str:
    if seconds is None:
        return "unfinished"
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _clock(trace: TraceSummary) -> str:
    return trace.started.strftime("%Y-%m-%d %H:%M:%S") if trace.started else ""


def _pretty(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, indent=2, ensure_ascii=False)


def _abbreviated(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    line = _printable(text)
    if len(line) <= ABBREVIATED_CHARS:
        return line
    return f"{line[:ABBREVIATED_CHARS]}… ({len(text)} characters)"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
