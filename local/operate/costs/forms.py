"""The report as a table for the terminal, as CSV for a spreadsheet, as JSON for a program."""

import csv
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from filtermend.store.costs import DailyCost, Spending
from local.operate.costs.report import CostReport, UserDay

PLACE = {"day": "day (UTC)", "user_id": "user", "model": "model"}
FIGURES = {
    "answered": "answered",
    "failed": "failed",
    "throttled": "throttled",
    "unknown": "unknown",
    "in_flight": "in\nflight",
    "mechanical": "mechanical",
    "input_tokens": "tokens\nin",
    "output_tokens": "tokens\nout",
    "thinking_tokens": "tokens\nthinking",
    "cached_tokens": "tokens\ncached",
    "settled_usd": "USD\nsettled",
    "unknown_usd": "USD\nunknown",
    "in_flight_usd": "USD\nin flight",
}
"""The fields of a line, and what they are called in the table."""
WIDEST = 300
"""Nothing is cut: a user's id is there to be copied, whatever the terminal's width."""


def show_table(report: CostReport) -> None:
    """Print a row per UTC day, user and model, the sums of each day and of all, and the notes."""
    console = Console(highlight=False, width=WIDEST)
    table = Table(box=SIMPLE_HEAD, padding=0, pad_edge=False)
    for name in PLACE.values():
        table.add_column(name, no_wrap=True, vertical="bottom")
    for name in FIGURES.values():
        table.add_column(name, no_wrap=True, justify="right")
    over = {(cost.day, cost.user_id) for cost in report.over_limit}
    for day, lines in groupby(report.lines, lambda line: line.day):
        for line in lines:
            user = f"{line.user_id} !" if (day, line.user_id) in over else str(line.user_id)
            table.add_row(str(day), user, escape(line.model or "(mechanical)"), *_figures(line))
        sums = _figures(report.days[day])
        table.add_row(str(day), "all", "", *sums, style="bold", end_section=True)
    table.add_row(f"since {report.since}", "all", "", *_figures(report.total), style="bold")
    console.print(table)
    for note in _notes(report):
        console.print(note, markup=False, soft_wrap=True)


def write_csv(report: CostReport) -> None:
    """Write the rows alone to stdout, and the notes to stderr."""
    writer = csv.DictWriter(sys.stdout, [*PLACE, *FIGURES], lineterminator="\n")
    writer.writeheader()
    writer.writerows(line.model_dump(mode="json") for line in report.lines)
    print(*_notes(report), sep="\n", file=sys.stderr)


def write_json(report: CostReport) -> None:
    """Write all of it to stdout; amounts are strings, so that no reader makes floats of them."""
    print(report.model_dump_json(indent=2))


FORMS: dict[str, Callable[[CostReport], None]] = {
    "table": show_table,
    "csv": write_csv,
    "json": write_json,
}


def _figures(spending: Spending) -> list[str]:
    values = spending.model_dump(mode="json")
    return [str(values[name]) for name in FIGURES]


def _notes(report: CostReport) -> list[str]:
    """Who is over the limit, and whether the ledger and the charges agree."""
    notes = [_over(cost) for cost in report.over_limit]
    notes += [_difference(user_day) for user_day in report.differences]
    notes.append(
        f"check: ledger and filter_regeneration_daily_costs differ on {len(report.differences)} "
        f"of {report.compared} users' days"
    )
    return notes


def _over(cost: DailyCost) -> str:
    if cost.alert_recorded_at is None:
        alert = "no alert was recorded"
    elif cost.alert_delivered_at is None:
        alert = f"alert recorded {_time(cost.alert_recorded_at)}, not delivered yet"
    else:
        alert = f"alert delivered {_time(cost.alert_delivered_at)}"
    usd = cost.model_dump(mode="json")
    return (
        f"! {cost.day} {cost.user_id} is over the limit of ${usd['limit_usd']}: "
        f"${usd['spent_usd']} spent, ${usd['reserved_usd']} reserved; {alert}"
    )


def _difference(user_day: UserDay) -> str:
    usd = user_day.model_dump(mode="json")
    return (
        f"DIFFERENCE {user_day.day} {user_day.user_id}: the ledger has "
        f"${usd['ledger_spent_usd']} spent and ${usd['ledger_reserved_usd']} reserved, "
        f"filter_regeneration_daily_costs ${usd['charged_spent_usd']} and "
        f"${usd['charged_reserved_usd']}"
    )


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
