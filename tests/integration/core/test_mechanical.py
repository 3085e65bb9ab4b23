"""The fix that needs no model: what is certain is changed, validated, and proposed for nothing."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from integration.core.endpoints import FENCED, GOOD, Backend, Gemini
from integration.core.rows import Rows
from psycopg.types.json import Jsonb

from filtermend.database import Database
from filtermend.examination import diagnose
from filtermend.models import Outcome, Status, Step
from filtermend.proposal import Proposal
from filtermend.regeneration import Regenerator
from filtermend.settings import LimitSettings
from filtermend.tracing import Tracer
from filtermend.validation import Validation
from filtermend.validator import Validator

Regenerate = Callable[..., Regenerator]
UNKNOWN_HELPER = """klines := data.Klines["5m"]
volume := indicators.CalculateVolumeMA(klines, 20)
if volume == nil {
	return false
}
return klines[len(klines)-1].Volume > 2**volume"""
MENDED = UNKNOWN_HELPER.replace("CalculateVolumeMA", "CalculateAvgVolume")
HALF_BROKEN = UNKNOWN_HELPER.replace("return klines", "return mystery > 1 && klines")
COMPILATION = {
    "error_type": "compilation",
    "error_message": "2:22: undefined: indicators.CalculateVolumeMA",
}


def unknown_helper(rows: Rows, code: str = UNKNOWN_HELPER, **columns: Any) -> Step:
    return rows.running(filter_code_snapshot=code, **COMPILATION | columns)


@pytest.fixture
def rest(
    connect: Callable[[], Database],
    validator_of: Callable[..., Validator],
    off: Tracer,
    screener: str,
) -> Callable[[Step], Step]:
    """What the workflow does after Regenerate: validate, then propose."""

    def run(step: Step) -> Step:
        validated = Validation(connect(), validator_of(screener), off).run(step)
        return Proposal(connect(), LimitSettings(), off).run(validated)

    return run


def test_a_certain_mistake_is_mended_without_a_question(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, screener: str, rest: Callable[[Step], Step]
) -> None:
    step = unknown_helper(rows)
    done = regenerator(screener=screener).run(step, 60)
    assert (done.outcome, done.attempt, done.turn) == (Outcome.CANDIDATE, 1, 1)
    ended = rest(done)
    row = rows.row(step.error_id)
    assert (ended.status, ended.code_validated) == (Status.PROPOSED, True)
    assert row["proposed_fix_code"] == MENDED
    assert row["proposed_fix_source"] == "mechanical"
    assert (row["proposed_fix_replayed"], row["regeneration_count"]) == (True, 1)
    assert "CalculateVolumeMA is called CalculateAvgVolume" in row["regeneration_reason"]
    assert gemini.asked() == []


def test_it_stands_on_the_ledger_and_costs_nothing(
    rows: Rows, regenerator: Regenerate, screener: str
) -> None:
    step = unknown_helper(rows)
    regenerator(screener=screener).run(step, 60)
    [call] = rows.calls(step.error_id)
    assert (call["source"], call["model"], call["outcome"]) == ("mechanical", None, "candidate")
    assert (call["cost_usd"], call["reserved_usd"]) == (Decimal(0), Decimal(0))
    assert "line 2" in call["answer"]
    assert call["finished_at"] is not None
    day = rows.day(rows.owner(step.error_id))
    assert (day["spent_usd"], day["reserved_usd"]) == (0, 0)


def test_a_retried_turn_finds_it_there(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, screener: str
) -> None:
    step = unknown_helper(rows)
    first = regenerator(screener=screener).run(step, 60)
    assert regenerator(screener=screener).run(step, 60) == first
    assert len(rows.calls(step.error_id)) == 1
    assert gemini.asked() == []


def test_it_is_made_over_budget_too(
    rows: Rows, regenerator: Regenerate, screener: str, gemini: Gemini
) -> None:
    step = unknown_helper(rows)
    limited = regenerator(screener=screener, daily_cost_limit_usd=Decimal(0))
    assert limited.run(step, 60).outcome is Outcome.CANDIDATE
    assert gemini.asked() == []


def test_a_model_without_a_price_is_not_needed_for_it(
    rows: Rows, regenerator: Regenerate, screener: str
) -> None:
    unpriced = regenerator(model="nobody-knows-what-it-costs", screener=screener)
    assert unpriced.run(unknown_helper(rows), 60).outcome is Outcome.CANDIDATE


def test_what_is_mended_only_in_part_goes_to_the_model_with_what_is_left(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, screener: str
) -> None:
    gemini.play({"text": FENCED})
    step = unknown_helper(rows, HALF_BROKEN)
    regenerator(screener=screener).run(step, 60)
    [call] = rows.calls(step.error_id)
    assert call["source"] == "model"
    [asked] = gemini.asked()
    prompt = str(asked["prompt"])
    assert "CalculateAvgVolume(klines, 20)" in prompt
    assert "undefined: mystery" in prompt


def test_a_panic_that_the_replay_does_not_repeat_goes_to_the_model(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, screener: str
) -> None:
    gemini.play({"text": FENCED})
    step = rows.running(error_message="runtime error: integer divide by zero")
    regenerator(screener=screener).run(step, 60)
    assert [call["source"] for call in rows.calls(step.error_id)] == ["model"]


def test_a_panic_on_its_own_input_is_mended_there(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, screener: str, rest: Callable[[Step], Step]
) -> None:
    market = {"symbol": "ONEUSDT", "klines": {"5m": [{"close": 7.0}] * 3}}
    step = rows.running(execution_input=Jsonb(market))
    ended = rest(regenerator(screener=screener).run(step, 60))
    assert ended.status is Status.PROPOSED
    assert "if len(klines) < 50 {" in rows.row(step.error_id)["proposed_fix_code"]
    assert gemini.asked() == []


def test_without_the_screener_the_model_is_asked_without_a_diagnosis(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED})
    step = unknown_helper(rows)
    regenerator(screener="http://127.0.0.1:9").run(step, 60)
    [asked] = gemini.asked()
    assert "<diagnosis>" not in str(asked["prompt"])
    assert [call["candidate_code"] for call in rows.calls(step.error_id)] == [GOOD]


def test_a_model_that_was_asked_in_the_turn_is_not_replaced(
    rows: Rows, regenerator: Regenerate, backend: Backend, gemini: Gemini, screener: str
) -> None:
    gemini.play({"text": FENCED})
    step = unknown_helper(rows)
    regenerator().run(step, 60)
    regenerator(screener=screener).run(step, 60)
    assert [call["source"] for call in rows.calls(step.error_id)] == ["model"]


def test_the_failed_code_again_is_no_fix(
    rows: Rows, screener: str, rest: Callable[[Step], Step]
) -> None:
    code = 'return data.Ticker != nil && data.Symbol != "X"'
    step = rows.running(filter_code_snapshot=code, error_message="something odd")
    done = rest(rows.candidate(step, code))
    assert done.outcome is Outcome.FEEDBACK
    [call] = rows.calls(step.error_id)
    assert call["valid"] is False
    assert "unchanged" in call["diagnostics"][0]["message"]


def test_a_candidate_that_gives_up_is_fed_back(
    rows: Rows, screener: str, rest: Callable[[Step], Step]
) -> None:
    step = rest(rows.candidate(rows.running(), "return false"))
    assert step.outcome is Outcome.FEEDBACK
    [call] = rows.calls(step.error_id)
    assert call["valid"] is False
    assert {found["source"] for found in call["diagnostics"]} == {"intent"}


def test_a_certain_mistake_in_a_models_answer_is_mended(
    rows: Rows, screener: str, rest: Callable[[Step], Step]
) -> None:
    step = rows.running(filter_code_snapshot=f"{UNKNOWN_HELPER}\nmystery()")
    done = rest(rows.candidate(step, UNKNOWN_HELPER))
    assert (done.status, done.code_validated) == (Status.PROPOSED, True)
    row = rows.row(step.error_id)
    assert (row["proposed_fix_code"], row["proposed_fix_source"]) == (MENDED, "model")


@pytest.mark.parametrize(
    ("strategy", "without"),
    [("one point for a green day; no ticker: no point", True), ("a green day", False)],
)
def test_where_the_strategy_decides_the_diagnosis_says_how_to_do_without(
    validator_of: Callable[..., Validator], screener: str, strategy: str, without: bool
) -> None:
    code = "score := 1.0\nscore += data.Ticker.PriceChangePercent\nreturn score > 1"
    found = diagnose(validator_of(screener), code, None, error="", strategy=strategy)
    assert found is not None
    hints = [diagnostic.hint for diagnostic in found.before]
    assert any("To do without: if data.Ticker != nil {" in hint for hint in hints) == without


@pytest.mark.parametrize(
    ("strategy", "good"),
    [
        (
            "Over the close 24 candles earlier; with a shorter history, the ones that are there.",
            True,
        ),
        ("Over the close 24 candles earlier; with a shorter history, use the daily.", False),
    ],
)
def test_where_the_strategy_takes_fewer_candles_the_filter_does(
    validator_of: Callable[..., Validator], screener: str, strategy: str, good: bool
) -> None:
    code = """top := 0.0
klines := data.Klines["1h"]
for _, k := range klines[len(klines)-24:] {
	if k.High > top {
		top = k.High
	}
}
return top > 9"""
    found = diagnose(validator_of(screener), code, None, error="", strategy=strategy)
    assert found is not None
    assert found.good == good
    assert ("start = 0" in str(found.code)) == good
