"""The report as a table for the terminal."""

from typing import Any

from rich.console import Console
from rich.table import Table

from evals.report import RATES

SECTIONS = {
    "by_attempt": "after attempt",
    "by_source": "source",
    "by_error_type": "error type",
    "by_difficulty": "difficulty",
    "by_class": "class",
}


def show(report: dict[str, Any], console: Console) -> None:
    """Print it: rates in percent, with the 95 % interval of each."""
    table = Table(box=None, header_style="bold", padding=(0, 1))
    table.add_column("")
    for name in ("n", *RATES, "kept", "cost", "p50"):
        table.add_column(name, justify="right", no_wrap=True)
    _row(table, "all", report["overall"])
    for section, title in SECTIONS.items():
        table.add_row(f"[bold]{title}")
        for name, summary in report[section].items():
            _row(table, f"  {name}", summary)
    console.print(table)


def percent(rate: float, interval: list[float] | None = None) -> str:
    """A rate, with its interval in brackets."""
    around = "" if interval is None else f" ({interval[0] * 100:.0f}-{interval[1] * 100:.0f})"
    return f"{rate * 100:.0f} %{around}"


def _row(table: Table, name: str, summary: dict[str, Any]) -> None:
    shown = [percent(summary[rate], summary["intervals"][rate]) for rate in RATES]
    kept = "-" if summary["kept"] is None else f"{summary['kept']:.2f}"
    cost, seconds = f"${summary['cost_usd']:.4f}", f"{summary['seconds_p50']:.1f} s"
    table.add_row(name, str(summary["n"]), *shown, kept, cost, seconds)
