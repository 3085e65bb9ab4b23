"""The report: rates with their intervals, over all cases and by what tells them apart."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

from evals.intervals import wilson
from evals.results import Result, Scores

RATES = ("extracted", "validates", "replays", "behaves")
GROUPS: dict[str, Callable[[Result], str]] = {
    "by_class": lambda result: result.defect,
    "by_error_type": lambda result: result.error_type,
    "by_difficulty": lambda result: result.difficulty,
    "by_source": lambda result: result.source,
}


@dataclass(frozen=True)
class Measured:
    """What is counted of a case: at its end, or after some of its attempts."""

    scores: Scores
    cost_usd: float
    seconds: float


def build(results: list[Result], about: dict[str, object]) -> dict[str, Any]:
    """The report as JSON values; `about` says how the results came to be."""
    versions: dict[str, object] = {
        "model_versions": sorted({v for result in results for v in result.model_versions}),
        "prompt_versions": sorted({v for result in results for v in result.prompt_versions}),
        "broke_down": sum(result.fault is not None for result in results),
    }
    report: dict[str, Any] = {
        "about": about | versions,
        "overall": rates([_at_the_end(result) for result in results]),
    }
    for name, group_of in GROUPS.items():
        groups: dict[str, list[Measured]] = defaultdict(list)
        for result in results:
            groups[group_of(result)].append(_at_the_end(result))
        report[name] = {group: rates(members) for group, members in sorted(groups.items())}
    report["by_attempt"] = _by_attempt(results)
    report["cases"] = [case_of(result) for result in results]
    return report


def rates(measured: list[Measured]) -> dict[str, Any]:
    """Rates between 0 and 1, the cost of all, and the median of the seconds.

    `ci95` is the 95 % Wilson interval of `behaves`; `intervals` has those of every rate.
    """
    n = len(measured)
    summary: dict[str, Any] = {"n": n}
    intervals = {}
    for name in RATES:
        count = sum(getattr(one.scores, name) for one in measured)
        summary[name] = round(count / n, 4) if n else 0.0
        intervals[name] = [round(bound, 4) for bound in wilson(count, n)]
    known = [one.scores.kept for one in measured if one.scores.kept is not None]
    return summary | {
        "ci95": intervals["behaves"],
        "intervals": intervals,
        "kept": round(mean(known), 4) if known else None,
        "cost_usd": round(sum(one.cost_usd for one in measured), 8),
        "seconds_p50": round(median(one.seconds for one in measured), 3) if n else 0.0,
    }


def case_of(result: Result) -> dict[str, Any]:
    """A case's line of the report."""
    return {
        "id": result.id,
        "trial": result.trial,
        "class": result.defect,
        "error_type": result.error_type,
        "difficulty": result.difficulty,
        "source": result.source,
        "attempts": result.attempts,
        "turns": result.turns,
        "scores": result.scores.model_dump(),
        "seconds": result.seconds,
        "cost_usd": result.cost_usd,
        "final_code": result.final_code,
        "status": result.status,
        "reason": result.reason,
        "fault": result.fault,
    }


def _at_the_end(result: Result) -> Measured:
    return Measured(result.scores, result.cost_usd, result.seconds)


def _by_attempt(results: list[Result]) -> dict[str, Any]:
    """After one attempt, after two, …: the best fix until then, in every case."""
    most = max((len(result.after) for result in results), default=0)
    return {
        str(number): rates(
            [
                Measured(after.scores, after.cost_usd, after.seconds)
                for after in (result.after[number - 1] for result in results)
            ]
        )
        for number in range(1, most + 1)
    }
