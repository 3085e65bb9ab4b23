"""The driver of a case's run: the way of the state machine, and what it does about faults."""

import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from evals import pipeline
from evals.dataset import EvalCase
from evals.pipeline import Interrupted, Pipeline, Run

from filtermend.faults import GeminiUnavailable, ValidatorUnavailable
from filtermend.models import Outcome, Step

CASE = EvalCase.model_validate(
    {
        "id": "one", "class": "nil", "error_type": "panic", "error_message": "m", "stack_trace": "",
        "strategy": "s", "indicators": [], "timeframes": [], "failed_code": "f",
        "reference_code": "r",
    }
)  # fmt: skip
STEP = Step(error_id=uuid4(), trader_id=uuid4(), run=1)
type Said = tuple[Outcome, int] | Exception


class Rows:
    """No database: the run's rows are not looked at here."""

    def insert(self, case: EvalCase) -> Step:
        return STEP

    def error(self, step: Step) -> dict[str, Any]:
        return {}

    def calls(self, step: Step) -> list[Any]:
        return []


class Tools:
    """Each stage says what it is told to, in turn: an outcome and its attempt, or a fault."""

    def __init__(self, **answers: list[Said]) -> None:
        self.asked: list[str] = []
        self.steps: list[Step] = []
        self._answers: dict[str, Iterator[Said]] = {n: iter(all_) for n, all_ in answers.items()}

    def __getitem__(self, stage: str) -> Callable[[Step], Step]:
        def take(step: Step) -> Step:
            self.asked.append(stage)
            self.steps.append(step)
            said = next(self._answers[stage])
            if isinstance(said, Exception):
                raise said
            return step.model_copy(update={"outcome": said[0], "attempt": said[1]})

        return take


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "RETRIES_AFTER_SECONDS", (0.001, 0.001))


def run(tools: Tools, saved: float = 0.0, stop: threading.Event | None = None) -> Run:
    rows: Any = Rows()
    given: Any = tools
    return Pipeline(given, rows, lambda: saved, stop or threading.Event()).run(CASE)


def test_it_goes_the_way_of_the_state_machine() -> None:
    tools = Tools(
        regenerate=[
            (Outcome.CANDIDATE, 1),
            (Outcome.NO_CANDIDATE, 1),
            (Outcome.HOLD, 2),
            (Outcome.CANDIDATE, 2),
        ],
        validate=[(Outcome.VALIDATED, 1), (Outcome.VALIDATED, 2)],
        propose=[(Outcome.FEEDBACK, 1), (Outcome.RETRY, 2), (Outcome.ENDED, 2)],
    )
    assert run(tools).fault is None
    assert tools.asked == [
        "regenerate", "validate", "propose",
        "regenerate", "propose",
        "regenerate",
        "regenerate", "validate", "propose",
    ]  # fmt: skip


def test_a_run_that_ends_while_it_is_claimed_asks_no_further() -> None:
    tools = Tools(regenerate=[(Outcome.ENDED, 1)])
    run(tools)
    assert tools.asked == ["regenerate"]


def test_a_fault_is_retried_with_the_same_step() -> None:
    tools = Tools(
        regenerate=[GeminiUnavailable("503"), (Outcome.CANDIDATE, 1)],
        validate=[ValidatorUnavailable("x"), ValidatorUnavailable("x"), (Outcome.VALIDATED, 1)],
        propose=[(Outcome.ENDED, 1)],
    )
    assert run(tools).fault is None
    assert tools.steps[0] == tools.steps[1]
    assert tools.asked.count("validate") == 3


def test_a_stage_whose_retries_are_used_up_ends_the_run_stopped() -> None:
    tools = Tools(
        regenerate=[(Outcome.CANDIDATE, 1)],
        validate=[ValidatorUnavailable("x")] * 3,
        propose=[(Outcome.ENDED, 1)],
    )
    assert run(tools).fault == "validate: ValidatorUnavailable"
    assert tools.asked[-1] == "propose"
    assert (tools.steps[-1].fault, tools.steps[-1].fault_name) == (
        "validate",
        "ValidatorUnavailable",
    )


def test_what_is_no_fault_is_not_retried() -> None:
    tools = Tools(
        regenerate=[(Outcome.CANDIDATE, 1)],
        validate=[LookupError("no candidate")],
        propose=[(Outcome.ENDED, 1)],
    )
    assert run(tools).fault == "validate: LookupError"
    assert tools.asked == ["regenerate", "validate", "propose"]


def test_stored_answers_count_with_the_seconds_they_took() -> None:
    tools = Tools(
        regenerate=[(Outcome.CANDIDATE, 1), (Outcome.NO_CANDIDATE, 2)],
        validate=[(Outcome.VALIDATED, 1)],
        propose=[(Outcome.RETRY, 2), (Outcome.ENDED, 2)],
    )
    seconds = run(tools, saved=40.0).seconds
    assert seconds == {1: pytest.approx(40, abs=1), 2: pytest.approx(40, abs=1)}


def test_an_eval_that_is_ended_takes_no_further_step() -> None:
    stop = threading.Event()
    stop.set()
    tools = Tools()
    with pytest.raises(Interrupted):
        run(tools, stop=stop)
    assert tools.asked == []
