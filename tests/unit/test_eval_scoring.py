"""The scorers' arithmetic, on a screener that answers from a table."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from evals.dataset import EvalCase
from evals.options import CannotEvaluate
from evals.outcome import best, result_of
from evals.pipeline import Run
from evals.scoring import Judge, changed_lines, kept

from filtermend.models import CallRow

FAILED = "a := 1\nb := 2\nc := 3\nreturn a < b"
REFERENCE = "a := 1\nb := 2\nreturn a < b"
CONDUCT: dict[str, list[Any] | None] = {
    REFERENCE: [True, False],
    "right": [True, False],
    "otherwise": [True, True],
    "fails": [True, "panic: nil"],
    "broken": None,
}
CASE = EvalCase.model_validate(
    {
        "id": "one", "class": "nil", "error_type": "panic", "error_message": "m", "stack_trace": "",
        "strategy": "s", "indicators": [], "timeframes": [], "failed_code": FAILED,
        "reference_code": REFERENCE,
    }
)  # fmt: skip


class Screener:
    """Answers by CONDUCT: None does not compile, a text is an error."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def validate(self, code: str) -> list[dict[str, Any]]:
        self.asked.append(code)
        return [{"message": "undefined"}] if CONDUCT[code] is None else []

    def replay(self, code: str, markets: Iterable[str]) -> list[dict[str, Any]]:
        answers = CONDUCT[code]
        assert answers is not None
        return [
            {"error": one if isinstance(one, str) else "", "matched": one is True}
            for one in answers[: len(list(markets))]
        ]


@pytest.fixture
def judge() -> Judge:
    return Judge(Screener(), {"calm": "{}", "wild": "{}"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fix", "validates", "replays", "behaves"),
    [
        ("right", True, True, True),
        ("otherwise", True, True, False),
        ("fails", True, False, False),
        ("broken", False, False, False),
    ],
)
def test_a_fix_is_scored_by_what_it_does(
    judge: Judge, fix: str, validates: bool, replays: bool, behaves: bool
) -> None:
    scores = judge.scores(CASE, fix, extracted=True)
    assert (scores.validates, scores.replays, scores.behaves) == (validates, replays, behaves)


def test_without_a_fix_nothing_is_scored_but_the_answer(judge: Judge) -> None:
    scores = judge.scores(CASE, None, extracted=True)
    assert scores.extracted
    assert not scores.validates
    assert scores.kept is None


def test_a_code_is_asked_about_once() -> None:
    screener = Screener()
    judge = Judge(screener, {"calm": "{}"})  # type: ignore[arg-type]
    for _ in range(3):
        judge.scores(CASE, "right", extracted=True)
    assert screener.asked == ["right", REFERENCE]


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("broken", "the reference_code of 'one' does not compile: correct it"),
        ("fails", "fails on the fixture 'wild'"),
    ],
)
def test_a_reference_that_is_none_is_refused(judge: Judge, reference: str, message: str) -> None:
    judge.check_reference(CASE)
    with pytest.raises(CannotEvaluate, match=message):
        judge.check_reference(CASE.model_copy(update={"reference_code": reference}))


@pytest.mark.parametrize(
    ("after", "lines"),
    [
        (FAILED, 0),
        ("// why\n\n  a:=1\n\tb := 2\nc := 3 \nreturn a<b\n", 0),
        (REFERENCE, 1),
        (FAILED.replace("c := 3", "c := 4"), 2),
        ("x\n" + FAILED, 1),
        ("", 4),
    ],
)
def test_changed_lines(after: str, lines: int) -> None:
    assert changed_lines(FAILED, after) == lines


def test_kept_is_one_up_to_the_reference_s_changes_and_less_beyond() -> None:
    assert kept(FAILED, REFERENCE, REFERENCE) == 1.0
    assert kept(FAILED, FAILED, REFERENCE) == 1.0
    assert kept(FAILED, FAILED.replace("c := 3", "c := 4"), REFERENCE) == 0.5
    assert kept(FAILED, "return false", REFERENCE) == pytest.approx(1 / 5)


def call(attempt: int, turn: int, code: str | None, **fields: Any) -> CallRow:
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "id": uuid4(), "error_id": uuid4(), "user_id": uuid4(), "run": 1, "attempt": attempt, "turn": turn, "call": 1,
        "source": "model", "model": "m", "prompt_source": "bundled", "input_tokens": 1, "output_tokens": 1,
        "thinking_tokens": 0, "cached_tokens": 0, "outcome": "candidate" if code else "no_code", "answer": "",
        "finish_reason": "STOP", "candidate_code": code, "normalized_code": None, "valid": False,
        "replayed": None, "diagnostics": [], "cost_usd": Decimal("0.25"),
        "reserved_usd": Decimal(1), "lease_until": None, "trace_id": None, "started_at": now, "sent_at": now, "finished_at": now,
        "model_version": "m1", "prompt_version": "p1",
    }  # fmt: skip
    return CallRow.model_validate(values | fields)


def test_the_best_candidate_is_the_one_that_would_be_kept() -> None:
    broken = call(1, 1, "broken")
    fails = call(1, 2, "fails", valid=True, replayed=False)
    right = call(2, 1, "right", valid=True, replayed=True)
    worse = call(2, 2, "otherwise", valid=True, replayed=False)
    assert best([]) is None
    assert best([broken]) is broken
    assert best([broken, fails]) is fails
    assert best([broken, fails, right, worse]) is right


def test_a_result_says_what_there_was_after_each_attempt(judge: Judge) -> None:
    calls = [
        call(1, 1, None),
        call(1, 2, "broken"),
        call(2, 1, "right", valid=True, replayed=True, source="mechanical", cost_usd=Decimal(0)),
    ]
    error = {
        "proposed_fix_code": "right",
        "regeneration_status": "proposed",
        "regeneration_reason": "please review",
        "regeneration_count": 2,
    }
    run = Run(error, calls, {1: 3.0, 2: 1.5}, None)
    result = result_of(CASE, 1, run, judge, attempts=3)
    assert (result.source, result.attempts, result.turns) == ("mechanical", 2, 3)
    assert (result.seconds, result.cost_usd) == (4.5, 0.5)
    assert result.scores.behaves
    after = [(one.scores.extracted, one.scores.behaves, one.cost_usd) for one in result.after]
    assert after == [(True, False, 0.5), (True, True, 0.5), (True, True, 0.5)]
    assert [one.seconds for one in result.after] == [3.0, 4.5, 4.5]


def test_a_call_whose_answer_was_lost_costs_what_was_reserved(judge: Judge) -> None:
    lost = call(1, 1, None, outcome="unknown", cost_usd=None, finished_at=None)
    error = {
        "proposed_fix_code": None,
        "regeneration_status": "stopped",
        "regeneration_reason": None,
        "regeneration_count": 1,
    }
    result = result_of(CASE, 1, Run(error, [lost], {}, "regenerate: AnswerLost"), judge, attempts=1)
    assert (result.source, result.turns, result.cost_usd) == ("none", 0, 1.0)
    assert (result.final_code, result.fault) == (None, "regenerate: AnswerLost")
    assert not result.scores.extracted
