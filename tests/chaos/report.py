"""What a run prints: faults by final state, the figures that have to agree, and what is wrong."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from chaos.check import Check
from chaos.plan import Fault, PlannedError
from chaos.striking import Striker

STATES = ("proposed", "exhausted", "stopped", "over_budget", "duplicate", "resolved")
WITHOUT = "no fault"


def show(check: Check, errors: Sequence[PlannedError], striker: Striker, console: Console) -> None:
    """Print it all."""
    console.print(_table(check, errors, striker))
    for figures in check.figures:
        sign = "=" if figures.equal else "[bold red]is not[/]"
        console.print(f"{figures.what}: {figures.left} {sign} {figures.right}")
    for error in errors:
        if error.error_id in check.wrong:
            _show_wrong(check, error, striker, console)


def _table(check: Check, errors: Sequence[PlannedError], striker: Striker) -> Table:
    """An error counts in the row of each fault that struck it."""
    counts: Counter[tuple[str, str]] = Counter()
    for error in errors:
        status = check.status_of(error.error_id)
        counts["all", status] += 1
        for row in _struck(error, status, striker) or {WITHOUT}:
            counts[row, status] += 1
    others = sorted({status for _, status in counts} - set(STATES))
    states = [*STATES, *others]
    table = Table(box=None, header_style="bold", padding=(0, 1))
    table.add_column("fault that struck")
    for state in (*states, "sum"):
        table.add_column(state, justify="right", no_wrap=True)
    for row in (*Fault, WITHOUT, "all"):
        figures = [counts[row, state] for state in states]
        if any(figures):
            table.add_row(row, *(str(n) if n else "" for n in figures), str(sum(figures)))
    return table


def _struck(error: PlannedError, status: str, striker: Striker) -> set[str]:
    """A problem's requests are those of the one error that was worked on."""
    struck = set(striker.struck[str(error.error_id)])
    if error.delivery:
        struck.add(error.delivery)
    if status not in ("duplicate", "resolved"):
        struck |= set(striker.struck[error.problem.marker])
    return {str(fault) for fault in struck}


def _show_wrong(check: Check, error: PlannedError, striker: Striker, console: Console) -> None:
    """An error that did not end as it should, with everything that is known of it."""
    status = check.status_of(error.error_id)
    console.print(f"\n[bold red]{error.error_id}[/] {status}, {error.problem.marker}")
    for sentence in check.wrong[error.error_id]:
        console.print(f"  {sentence}")
    console.print(f"  struck by: {', '.join(sorted(_struck(error, status, striker)))}")
    for execution in check.executions_of(error.error_id):
        console.print(f"  execution {execution.name} {execution.status} {execution.failures}")
    for call in check.calls_of(error.error_id):
        print(f"  {call.model_dump_json(exclude={'error_id'})}")
