"""`make eval-diff A= B=`: two reports on the cases that both have."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rich.console import Console
from rich.table import Table

from evals.intervals import mcnemar, wilson
from evals.options import CannotEvaluate
from evals.report import RATES
from evals.results import Scores
from evals.table import percent

SIGNIFICANT = 0.05


class Case(BaseModel):
    """What a report says of one case."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    id: str
    trial: int = 1
    defect: str = Field(alias="class")
    scores: Scores


class Report(BaseModel):
    """A report, as far as it is compared."""

    model_config = ConfigDict(extra="ignore")

    about: dict[str, Any] = {}
    cases: list[Case]
    path: Path = Path()

    def by_key(self) -> dict[tuple[str, int], Case]:
        """The cases by id and trial."""
        return {(case.id, case.trial): case for case in self.cases}


class Comparison(BaseModel):
    """The cases that both have, in pairs; who won by `behaves` and how likely that is chance."""

    pairs: list[tuple[Case, Case]]
    won: list[Case]
    lost: list[Case]
    p: float


def read(path: Path) -> Report:
    """A report from its file.

    Raises:
        CannotEvaluate: there is none, or it is no report.
    """
    try:
        report = Report.model_validate(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise CannotEvaluate(
            f"there is no report {path}: make eval-diff A=<report> B=<report>"
        ) from None
    except (OSError, ValueError, ValidationError):
        raise CannotEvaluate(f"{path} is no report of make eval") from None
    return report.model_copy(update={"path": path})


def compare(a: Report, b: Report) -> Comparison:
    """Put the cases side by side.

    Raises:
        CannotEvaluate: they have none in common.
    """
    before, after = a.by_key(), b.by_key()
    pairs = [(before[key], after[key]) for key in before if key in after]
    if not pairs:
        raise CannotEvaluate(f"{a.path} and {b.path} have no case in common")
    won = [new for old, new in pairs if new.scores.behaves and not old.scores.behaves]
    lost = [new for old, new in pairs if old.scores.behaves and not new.scores.behaves]
    return Comparison(pairs=pairs, won=won, lost=lost, p=mcnemar(len(won), len(lost)))


def show(a: Report, b: Report, console: Console) -> None:
    """Print the rates, the cases won and lost by B, and McNemar's p value for `behaves`."""
    found = compare(a, b)
    pairs = found.pairs
    left_out = len(a.cases) + len(b.cases) - 2 * len(pairs)
    console.print(f"A {_name(a)}\nB {_name(b)}")
    also = f"; {left_out} that only one of them has are left out" if left_out else ""
    console.print(f"{len(pairs)} cases in both{also}\n")
    table = Table(box=None, header_style="bold", padding=(0, 1))
    for name in ("", "A", "B", "B - A"):
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    for rate in RATES:
        counts = [sum(getattr(pair[side].scores, rate) for pair in pairs) for side in (0, 1)]
        shown = [percent(count / len(pairs), list(wilson(count, len(pairs)))) for count in counts]
        table.add_row(rate, *shown, f"{(counts[1] - counts[0]) / len(pairs) * 100:+.1f}")
    console.print(table)
    _list(console, "B won", found.won)
    _list(console, "B lost", found.lost)
    verdict = "B differs from A" if found.p < SIGNIFICANT else "may be chance"
    console.print(f"McNemar, exact, behaves: p = {found.p:.4f} ({verdict})")


def _name(report: Report) -> str:
    about = report.about
    facts = [about.get("model"), f"commit {str(about.get('git_commit'))[:9]}", about.get("date")]
    return f"{report.path}: {', '.join(str(fact) for fact in facts)}"


def _list(console: Console, title: str, cases: list[Case]) -> None:
    console.print(f"{title}: {len(cases)}")
    for case in cases:
        trial = f" trial {case.trial}" if case.trial > 1 else ""
        console.print(f"  {case.id} ({case.defect}){trial}", markup=False)
