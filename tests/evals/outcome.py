"""From a run's rows to its result: the final fix, and the best one after each attempt."""

from collections.abc import Iterable

from evals.dataset import EvalCase
from evals.pipeline import Run
from evals.results import After, Result, Scores
from evals.rows import cost
from evals.scoring import Judge
from filtermend.models import CallOutcome, CallRow
from filtermend.rules.decision import better


def result_of(case: EvalCase, trial: int, run: Run, judge: Judge, attempts: int) -> Result:
    """What came of the case; `attempts` is how many it might have taken."""
    fix: str | None = run.error["proposed_fix_code"]
    found = candidates(run.calls)
    # The last one with this code was kept; one without a source is no one's.
    source = next((call.source for call in reversed(found) if call.code == fix), "none")
    return Result(
        id=case.id,
        digest=case.digest,
        trial=trial,
        defect=case.defect,
        error_type=case.error_type,
        difficulty=case.difficulty,
        source=source,
        status=run.error["regeneration_status"] or "none",
        reason=run.error["regeneration_reason"] or "",
        attempts=run.error["regeneration_count"],
        turns=len({(call.attempt, call.turn) for call in run.calls if call.finished_at}),
        scores=judge.scores(case, fix, extracted=bool(found)),
        seconds=round(sum(run.seconds.values()), 3),
        cost_usd=float(cost(run.calls)),
        final_code=fix,
        after=[_after(case, run, judge, attempt) for attempt in range(1, attempts + 1)],
        model_versions=_names(call.model_version for call in run.calls),
        prompt_versions=_names(call.prompt_version for call in run.calls),
        fault=run.fault,
    )


def candidates(calls: list[CallRow]) -> list[CallRow]:
    """The calls that brought code, in their order."""
    return [call for call in calls if call.outcome is CallOutcome.CANDIDATE and call.code]


def best(found: Iterable[CallRow]) -> CallRow | None:
    """The candidate that is kept when these came one after the other."""
    kept: CallRow | None = None
    for call in found:
        if kept is None or better(call, kept.valid, kept.replayed):
            kept = call
    return kept


def _after(case: EvalCase, run: Run, judge: Judge, attempts: int) -> After:
    calls = [call for call in run.calls if call.attempt <= attempts]
    found = candidates(calls)
    kept = best(found)
    scores: Scores = judge.scores(case, kept.code if kept else None, extracted=bool(found))
    seconds = sum(took for attempt, took in run.seconds.items() if attempt <= attempts)
    return After(scores=scores, cost_usd=float(cost(calls)), seconds=round(seconds, 3))


def _names(values: Iterable[str | None]) -> list[str]:
    return sorted({value for value in values if value})
