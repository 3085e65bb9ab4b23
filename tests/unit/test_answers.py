"""What an answer amounts to: a candidate, or why there is none and what to tell the model."""

import pytest

from filtermend.answers import Reading, read_answer
from filtermend.models import CallOutcome

WHOLE = "```go\nreturn true\n```"
CUT_OFF = "```go\nif data.Price > 1 {\n\treturn"


@pytest.mark.parametrize("reason", ["STOP", "MAX_TOKENS", "OTHER", "SAFETY", ""])
def test_complete_code_is_a_candidate_however_the_answer_ended(reason: str) -> None:
    assert read_answer(WHOLE, reason) == Reading(CallOutcome.CANDIDATE, "return true", [])


def test_an_explanation_cut_off_after_the_code_does_no_harm() -> None:
    assert read_answer(f"{WHOLE}\nThis works beca", "MAX_TOKENS").outcome is CallOutcome.CANDIDATE


def test_code_cut_off_at_the_limit_is_truncated() -> None:
    reading = read_answer(CUT_OFF, "MAX_TOKENS")
    assert (reading.outcome, reading.code) == (CallOutcome.TRUNCATED, None)
    assert "cut off" in reading.diagnostics[0].message


def test_nothing_but_thoughts_up_to_the_limit_is_truncated() -> None:
    assert read_answer("", "MAX_TOKENS").outcome is CallOutcome.TRUNCATED


def test_unfinished_code_of_a_finished_answer_is_for_the_validator() -> None:
    assert read_answer(CUT_OFF, "STOP").outcome is CallOutcome.CANDIDATE


@pytest.mark.parametrize(
    "reason",
    [
        "SAFETY",
        "RECITATION",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "MODEL_ARMOR",
        "OTHER",
        "JAILBREAK",
    ],
)
def test_an_empty_answer_with_a_blocking_reason_is_blocked(reason: str) -> None:
    reading = read_answer(" \n", reason)
    assert (reading.outcome, reading.code) == (CallOutcome.BLOCKED, None)
    assert reason in reading.diagnostics[0].message


def test_an_answer_that_explains_itself_was_not_blocked() -> None:
    assert read_answer("I would rather not say.", "SAFETY").outcome is CallOutcome.NO_CODE


@pytest.mark.parametrize("text", ["", "I cannot help.", "```go\n```"])
def test_an_answer_without_code_says_so(text: str) -> None:
    reading = read_answer(text, "STOP")
    assert (reading.outcome, reading.code) == (CallOutcome.NO_CODE, None)
    assert [d.source for d in reading.diagnostics] == ["answer"]


@pytest.mark.parametrize(
    "outcome", [CallOutcome.TRUNCATED, CallOutcome.BLOCKED, CallOutcome.NO_CODE]
)
def test_the_model_is_always_told_why_its_answer_was_no_candidate(outcome: CallOutcome) -> None:
    answers = {
        CallOutcome.TRUNCATED: (CUT_OFF, "MAX_TOKENS"),
        CallOutcome.BLOCKED: ("", "SAFETY"),
        CallOutcome.NO_CODE: ("Sorry.", "STOP"),
    }
    reading = read_answer(*answers[outcome])
    assert reading.outcome is outcome
    assert reading.diagnostics


@pytest.mark.parametrize("reason", ["SAFETY", "RECITATION"])
def test_an_answer_that_was_stopped_inside_its_code_is_blocked(reason: str) -> None:
    reading = read_answer("```go\nif data.Ticker == nil {\n\treturn fal", reason)
    assert reading.outcome is CallOutcome.BLOCKED
    assert reading.code is None
