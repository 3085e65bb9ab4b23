"""What the deployed workflow makes of good and bad answers."""

import json
from datetime import timedelta
from typing import Any

import pytest
from e2e.conftest import WAIT_SCALE
from e2e.stack import Deployed, go_block

pytestmark = pytest.mark.e2e

GOOD = "return len(data.Klines) > 0"
BAD = "return mystery(2)"


def test_an_invalid_candidate_takes_the_feedback_turn(stack: Deployed) -> None:
    stack.answers("feedbackcase", go_block(BAD), go_block(GOOD))
    failed = stack.insert("feedbackcase")
    error = stack.wait(failed)
    assert error["regeneration_status"] == "proposed"
    assert error["regeneration_count"] == 1
    first, second = stack.calls(failed)
    assert (first["attempt"], first["turn"], first["valid"]) == (1, 1, False)
    assert (second["attempt"], second["turn"], second["valid"]) == (1, 2, True)
    assert "undefined: mystery" in first["diagnostics"][0]["message"]
    second_question = stack.questions("feedbackcase")[1]
    assert "undefined: mystery" in second_question
    assert BAD in second_question


def test_three_invalid_attempts_end_exhausted_after_the_backoff(stack: Deployed) -> None:
    stack.answers("hopeless", go_block(BAD))
    failed = stack.insert("hopeless")
    error = stack.wait(failed)
    assert error["regeneration_status"] == "exhausted"
    assert error["regeneration_count"] == 3
    assert error["proposed_fix_code"] == BAD, "kept for manual review"
    assert error["proposed_fix_validated"] is False
    assert (
        "After 3 attempts the model keeps proposing code that is known to fail"
        in error["regeneration_reason"]
    )
    places = [(call["attempt"], call["turn"]) for call in stack.calls(failed)]
    assert places == [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2)]
    stack.finished(failed)
    waits = _waits(stack.history(failed))
    assert len(waits) == 2, "the first attempt starts at once"
    for wait, seconds in zip(waits, (300, 1800), strict=True):
        scaled = timedelta(seconds=seconds * WAIT_SCALE)
        assert scaled * 0.9 <= wait <= scaled + timedelta(seconds=2)


def _waits(history: list[dict[str, Any]]) -> list[timedelta]:
    entered = [e["timestamp"] for e in history if e["type"] == "WaitStateEntered"]
    left = [e["timestamp"] for e in history if e["type"] == "WaitStateExited"]
    return [after - before for before, after in zip(entered, left, strict=True)]


def test_execution_history_holds_no_code_and_no_market_data(stack: Deployed) -> None:
    stack.answers(
        "secretfilter", go_block("secretvariable := 1\n_ = secretvariable\n" + BAD), go_block(GOOD)
    )
    failed = stack.insert("secretfilter")
    stack.wait(failed)
    execution = stack.finished(failed)
    text = json.dumps([execution, stack.history(failed)], default=str)
    assert failed.error_id in text
    for private in ("secretfilter", "secretvariable", "mystery", "klines", "anything above"):
        assert private not in text


def test_a_certain_mistake_is_mended_without_a_question(stack: Deployed) -> None:
    code = (
        'k := data.Klines["5m"]\nv := indicators.GetLatestVolumeMA(k, 20)\n'
        "if v == nil {\n\treturn false\n}\nreturn k[len(k)-1].Volume > *v"
    )
    failed = stack.insert("certaincase", filter_code_snapshot=code)
    error = stack.wait(failed)
    assert (error["regeneration_status"], error["proposed_fix_source"]) == (
        "proposed",
        "mechanical",
    )
    assert error["proposed_fix_code"] == code.replace("GetLatestVolumeMA", "CalculateAvgVolume")
    assert (error["proposed_fix_validated"], error["proposed_fix_replayed"]) == (True, True)
    assert stack.questions("certaincase") == []


def test_a_fix_that_fails_when_it_is_run_is_not_proposed_as_good(stack: Deployed) -> None:
    crash = 'n := 0\nfor range data.Klines {\n\tif data.Symbol == "" {\n\t\tn++\n\t}\n}\nreturn 100/n > 0'
    stack.answers("crashcase", go_block(crash), go_block(GOOD))
    failed = stack.insert("crashcase", execution_input=None)
    error = stack.wait(failed)
    assert error["regeneration_status"] == "proposed"
    assert error["proposed_fix_code"] == GOOD
    first, second = stack.calls(failed)
    assert (first["valid"], first["replayed"]) == (True, False)
    assert "fails when it is run" in first["diagnostics"][0]["message"]
    assert (second["valid"], second["replayed"]) == (True, True)


def test_a_throttled_model_is_waited_for_and_uses_up_no_attempt(stack: Deployed) -> None:
    stack.answers("throttledcase", {"status": 429, "retry_after_seconds": 7}, go_block(GOOD))
    failed = stack.insert("throttledcase")
    error = stack.wait(failed)
    assert error["regeneration_status"] == "proposed"
    assert error["regeneration_count"] == 1
    assert [call["outcome"] for call in stack.calls(failed)] == ["throttled", "candidate"]


def test_a_model_that_fails_once_is_asked_again_by_the_state_machine(stack: Deployed) -> None:
    stack.answers("flakycase", {"status": 503}, go_block(GOOD))
    failed = stack.insert("flakycase")
    error = stack.wait(failed)
    assert error["regeneration_status"] == "proposed"
    assert [call["outcome"] for call in stack.calls(failed)] == ["failed", "candidate"]


def test_a_refused_key_stops_the_run_with_a_reason(stack: Deployed) -> None:
    stack.answers("refusedcase", {"status": 401})
    failed = stack.insert("refusedcase")
    error = stack.wait(failed)
    assert error["regeneration_status"] == "stopped"
    assert "an operator must mend the key" in error["regeneration_reason"]
    assert json.loads(stack.finished(failed)["output"])["success"] is False


def test_the_same_failure_again_is_a_duplicate_and_costs_nothing(stack: Deployed) -> None:
    stack.answers("samefailure", go_block(GOOD))
    failed = stack.insert("samefailure")
    stack.wait(failed)
    row = stack.error(failed)
    again = stack.conn.execute(
        "insert into trader_execution_errors (trader_id, user_id, error_type, error_message, "
        "filter_code_snapshot) values (%s, %s, %s, %s, %s) returning id",
        (
            row["trader_id"], row["user_id"], row["error_type"], row["error_message"],
            row["filter_code_snapshot"],
        ),
    ).fetchone()  # fmt: skip
    assert again
    second = type(failed)(str(again["id"]), failed.trader_id, failed.marker)
    error = stack.wait(second)
    assert error["regeneration_status"] == "duplicate"
    assert str(error["duplicate_of"]) == failed.error_id
    assert len(stack.questions("samefailure")) == 1
    assert stack.executions(second) == []
