"""What the demo shows: the error, the diff, the verdict, what it cost, where the trace is."""

import difflib
import time
from pathlib import Path

import httpx
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.syntax import Syntax
from rich.table import Table

from local.demo.watch import Repair

TRACE_SECONDS = 3.0


def show(console: Console, repair: Repair, traces: Path, braintrust_url: str) -> None:
    """One repair, whole."""
    console.rule(f"[bold]{escape(repair.broken.name)}")
    console.print(f"[red]{escape(repair.failure.message)}", highlight=False, soft_wrap=True)
    fix = repair.error.get("proposed_fix_code")
    if fix:
        console.print(Syntax(_diff(repair.broken.code, fix), "diff", theme="ansi_dark"))
    read, written = repair.tokens
    facts = {
        "outcome": f"{repair.error['regeneration_status']}: {repair.error['regeneration_reason']}",
        "validated": _yes(repair.error["proposed_fix_validated"]),
        "replayed": _yes(repair.error["proposed_fix_replayed"]),
        "mended by": repair.mended_by,
        "attempts": f"{repair.error['regeneration_count']}, {repair.questions} questions",
        "tokens": f"{read} read, {written} written",
        "cost": f"${repair.cost:.6f}",
        "trigger latency": _seconds(repair.latency_seconds),
        "trace": _trace(repair, traces, braintrust_url),
    }
    for name, value in facts.items():
        console.print(f"  {name:16} {escape(value)}", highlight=False, soft_wrap=True)
    for diagnostic in repair.error["proposed_fix_diagnostics"] or []:
        console.print(f"  [yellow]{escape(diagnostic['message'])}", highlight=False)


def summary(console: Console, repairs: list[Repair]) -> None:
    """A line per filter."""
    table = Table(title="summary", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for column in (
        "filter",
        "outcome",
        "mended by",
        "validated",
        "replayed",
        "questions",
        "tokens",
        "cost",
        "latency",
    ):
        table.add_column(column)
    for repair in repairs:
        table.add_row(
            repair.broken.name,
            str(repair.error["regeneration_status"]),
            repair.mended_by,
            _yes(repair.error["proposed_fix_validated"]),
            _yes(repair.error["proposed_fix_replayed"]),
            str(repair.questions),
            str(sum(repair.tokens)),
            f"${repair.cost:.6f}",
            _seconds(repair.latency_seconds),
        )
    console.print(table)


def _diff(before: str, after: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), "failed filter", "proposed fix", lineterm=""
    )
    return "\n".join(lines)


def _trace(repair: Repair, traces: Path, braintrust_url: str) -> str:
    """A copy of the trace as text; the local endpoint stops with the stack."""
    trace_id = next((call["trace_id"] for call in repair.calls if call["trace_id"]), None)
    if trace_id is None:
        return "none"
    text = _whole_trace(f"{braintrust_url}/traces/{trace_id}.txt")
    if text is None:
        return f"{trace_id} in Braintrust"
    traces.mkdir(parents=True, exist_ok=True)
    path = traces / f"{trace_id}.txt"
    path.write_text(text)
    return str(path)


def _whole_trace(url: str) -> str | None:
    """The trace when its last span has come, which is sent after the fix is stored."""
    deadline = time.monotonic() + TRACE_SECONDS
    while True:
        try:
            response = httpx.get(url, timeout=5).raise_for_status()
        except httpx.HTTPError:
            return None
        if "decision" in response.text or time.monotonic() > deadline:
            return response.text
        time.sleep(0.1)


def _yes(value: bool | None) -> str:
    return {None: "not run", True: "yes", False: "no"}[value]


def _seconds(value: float | None) -> str:
    return "never started" if value is None else f"{value:.2f} s"
