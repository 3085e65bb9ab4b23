"""Braintrust's side of an eval: its Eval, the cases as its data, the scores as its scorers."""

import os
import threading
from collections.abc import Callable, Sequence
from typing import Any

import braintrust
import httpx
from braintrust.framework import EvalHooks, EvalScorer

from evals.dataset import EvalCase
from evals.options import Options

PROJECT = "ai-trader"
SCORES = ("extracted", "validates", "replays", "behaves", "kept")
LOOPBACK = ("127.0.0.1", "localhost")

type Repair = Callable[[dict[str, Any], EvalHooks[str]], dict[str, Any]]
"""From a case's fields to a result's."""


def run(cases: list[EvalCase], repair: Repair, options: Options, stop: threading.Event) -> None:
    """Repair the cases one after the other; offline without BRAINTRUST_API_KEY.

    Raises:
        asyncio.CancelledError: `stop` was set.
    """
    online = bool(os.environ.get("BRAINTRUST_API_KEY"))
    api_url = os.environ.get("BRAINTRUST_API_URL", "")
    if httpx.URL(api_url).host in LOOPBACK:  # such an endpoint serves both sides
        os.environ.setdefault("BRAINTRUST_APP_URL", api_url)
    braintrust.Eval(
        PROJECT,
        data=[_datum(case) for case in cases],
        task=repair,
        scores=[_scorer(name) for name in SCORES],
        experiment_name=f"repair-{options.model}" if online else None,
        trial_count=options.trials,
        metadata={"model": options.model, "seed": options.seed, "attempts": options.attempts},
        max_concurrency=1,
        no_send_logs=not online,
        reporter=braintrust.Reporter("quiet", _say_nothing, _all_good),
        cancel_event=stop,
    )


def _datum(case: EvalCase) -> braintrust.EvalCase[dict[str, Any], str]:
    fields = case.model_dump(by_alias=True)
    about = {name: fields.pop(name) for name in ("class", "difficulty", "split")}
    expected = fields.pop("reference_code")
    return braintrust.EvalCase(input=fields, expected=expected, metadata=about)


def _scorer(name: str) -> EvalScorer[dict[str, Any], dict[str, Any], str]:
    """A scorer of that name: the score was taken when the case was run."""

    def score(input: dict[str, Any], output: dict[str, Any], expected: str) -> float | None:  # noqa: A002
        value = output["scores"][name]
        return None if value is None else float(value)

    score.__name__ = name
    return score


def _say_nothing(evaluator: object, result: object, verbose: bool, jsonl: bool) -> bool:
    """The report is printed at the end, from all results."""
    return True


def _all_good(results: Sequence[bool], verbose: bool, jsonl: bool) -> bool:
    return all(results)
