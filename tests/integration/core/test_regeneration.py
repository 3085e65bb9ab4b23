"""One turn: the call on the ledger, the question that is asked, and what is made of the answer."""

import json
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from integration.core.endpoints import FENCED, GOOD, Backend, Gemini, eventually
from integration.core.rows import FAILED_CODE, FILTER, MESSAGE, STRATEGY, Rows, doubly_encoded

from filtermend.models import Outcome, Status, Step
from filtermend.regeneration import Regenerator

Regenerate = Callable[..., Regenerator]
USAGE = {
    "prompt_token_count": 1000,
    "candidates_token_count": 200,
    "thoughts_token_count": 100,
    "cached_content_token_count": 400,
}


def test_the_call_is_on_the_ledger_before_gemini_has_answered(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED, "usage": USAGE, "delay_ms": 1200})
    step = rows.running()
    asking = threading.Thread(target=regenerator().run, args=(step, 60))
    asking.start()
    eventually(gemini.asked)
    [call] = rows.calls(step.error_id)
    day = rows.day(rows.owner(step.error_id))
    assert gemini.asked()[0]["status"] is None, "it had answered before the ledger was read"
    asking.join()
    assert call["outcome"] is None
    assert call["finished_at"] is None
    assert 50 < (call["lease_until"] - call["started_at"]).total_seconds() <= 60
    assert call["reserved_usd"] > 0
    assert (call["model"], call["prompt_source"]) == ("scripted", "bundled")
    assert (day["reserved_usd"], day["spent_usd"]) == (call["reserved_usd"], 0)


def test_the_answer_is_settled_with_what_it_cost(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED, "usage": USAGE, "model_version": "scripted-002", "delay_ms": 30})
    step = rows.running()
    done = regenerator().run(step, 60)
    assert done == step.model_copy(update={"attempt": 1, "outcome": Outcome.CANDIDATE})
    [call] = rows.calls(step.error_id)
    assert (call["run"], call["attempt"], call["turn"], call["call"]) == (1, 1, 1, 1)
    assert call["answer"] == FENCED
    assert (call["outcome"], call["candidate_code"]) == ("candidate", GOOD)
    assert (call["model_version"], call["finish_reason"]) == ("scripted-002", "STOP")
    tokens = ("input_tokens", "output_tokens", "thinking_tokens", "cached_tokens")
    assert [call[name] for name in tokens] == [1000, 200, 100, 400]
    assert call["cost_usd"] == Decimal("0.0022")  # 1000 at $1 and 300 at $4 a million
    assert call["latency_ms"] >= 30
    assert call["finished_at"] > call["started_at"]
    day = rows.day(rows.owner(step.error_id))
    assert (day["reserved_usd"], day["spent_usd"]) == (0, Decimal("0.0022"))
    assert rows.row(step.error_id)["regeneration_count"] == 1


def test_the_metrics_of_a_first_attempt(
    rows: Rows,
    regenerator: Regenerate,
    gemini: Gemini,
    counted: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    gemini.play({"text": FENCED, "usage": USAGE})
    regenerator().run(rows.running(age_seconds=7), 60)
    assert counted["filter_regeneration_llm_cost_usd"]["Value"] == [0.0022]
    [latency] = counted["filter_regeneration_trigger_latency_seconds"]["Value"]
    assert 7 <= latency < 60
    printed = capsys.readouterr().out
    assert '"filter_regeneration_attempts_total":[1.0]' in printed
    assert '"error_type":"panic"' in printed


def test_the_question_has_the_contract_the_strategy_and_the_failure(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED})
    regenerator().run(rows.running(symbols_processed=17), 60)
    [asked] = gemini.asked()
    parts = ("THE FILTER CONTRACT", STRATEGY["instructions"], FAILED_CODE, MESSAGE)
    for part in (*parts, "RSI (period 14)", "5m, 1h", "Symbols processed: 17"):
        assert part in asked["prompt"]
    assert asked["model"] == "scripted"


class Silence(NamedTuple):
    """An answer without a candidate, its outcome, and a word of what the next turn is told."""

    answer: dict[str, Any]
    outcome: str
    told: str


CUT_OFF = "```go\nif len(x) > 3 {\n\treturn"
SILENCES = {
    "prose": Silence({"text": "I cannot help with that."}, "no_code", "no Go code"),
    "blocked prompt": Silence({"block_reason": "SAFETY"}, "blocked", "SAFETY"),
    "safety": Silence({"empty": True, "finish_reason": "SAFETY"}, "blocked", "SAFETY"),
    "empty": Silence({"empty": True}, "no_code", "no Go code"),
    "cut off": Silence({"text": CUT_OFF, "finish_reason": "MAX_TOKENS"}, "truncated", "cut off"),
    "only thought": Silence({"empty": True, "finish_reason": "MAX_TOKENS"}, "truncated", "cut off"),
}


@pytest.mark.parametrize("silence", SILENCES.values(), ids=SILENCES.keys())
def test_an_answer_without_a_candidate_is_paid_for_and_says_why(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, silence: Silence
) -> None:
    gemini.play(silence.answer | {"usage": USAGE})
    step = rows.running()
    done = regenerator().run(step, 60)
    assert (done.outcome, done.attempt) == (Outcome.NO_CANDIDATE, 1)
    [call] = rows.calls(step.error_id)
    assert (call["outcome"], call["candidate_code"]) == (silence.outcome, None)
    assert silence.told in call["diagnostics"][0]["message"]
    assert call["cost_usd"] == Decimal("0.0022")


@pytest.mark.parametrize(
    "answer",
    [
        "Here you are:\n```go\nfunc evaluate(data *types.MarketData) bool {\n\treturn true\n}\n```",
        "```\npackage main\n\nfunc evaluate(data *types.MarketData) bool {\n\treturn true\n}\n```",
        "```go\r\nreturn true\r\n```",
        "return true",
    ],
    ids=["function", "file", "windows", "unfenced"],
)
def test_the_body_is_found_in_whatever_was_answered(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, answer: str
) -> None:
    gemini.play({"text": answer})
    step = rows.running()
    assert regenerator().run(step, 60).outcome is Outcome.CANDIDATE
    assert rows.calls(step.error_id)[0]["candidate_code"] == "return true"


def test_an_answer_cut_off_after_its_code_is_a_candidate(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": f"{FENCED}\nThis filter now", "finish_reason": "MAX_TOKENS"})
    step = rows.running()
    assert regenerator().run(step, 60).outcome is Outcome.CANDIDATE


def test_an_answer_that_postgres_cannot_hold_is_settled_all_the_same(
    rows: Rows, regenerator: Regenerate, backend: Backend
) -> None:
    answer = {
        "candidates": [{"content": {"parts": [{"text": "return true // \x00 \ud83d"}]}}],
        "usageMetadata": {"promptTokenCount": 1000, "candidatesTokenCount": 200},
    }
    backend.answers["/v1/models/scripted:generateContent"] = (200, json.dumps(answer))
    step = rows.running()
    assert regenerator(url=backend.url).run(step, 60).outcome is Outcome.CANDIDATE
    [call] = rows.calls(step.error_id)
    assert call["candidate_code"].startswith("return true")
    assert call["cost_usd"] == Decimal("0.0018")


def test_the_second_turn_shows_the_first_candidate_and_what_was_wrong_with_it(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED})
    diagnostics = [
        {"message": "undefined: RSI", "line": 2, "hint": "did you mean indicators.CalculateRSI?"}
    ]
    step = rows.candidate(
        rows.running(), "rsi := RSI(14)\nreturn true", valid=False, diagnostics=diagnostics
    )
    done = regenerator().run(step.model_copy(update={"turn": 2}), 60)
    assert (done.attempt, done.turn, done.outcome) == (1, 2, Outcome.CANDIDATE)
    [asked] = gemini.asked()
    assert "rsi := RSI(14)\nreturn true  // <<< RSI\n" in asked["prompt"]
    assert "line 2: undefined: RSI" in asked["prompt"]
    assert "did you mean indicators.CalculateRSI?" in asked["prompt"]
    assert rows.row(step.error_id)["regeneration_count"] == 1


def test_a_trader_whose_filter_is_encoded_twice_is_understood(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED})
    trader = rows.trader(filter=doubly_encoded(FILTER), strategy=doubly_encoded(STRATEGY))
    step = rows.running(trader, filter_code_snapshot=None)
    assert regenerator().run(step, 60).outcome is Outcome.CANDIDATE
    [asked] = gemini.asked()
    assert FAILED_CODE in asked["prompt"]
    assert STRATEGY["instructions"] in asked["prompt"]


def test_a_trader_whose_json_is_unreadable_is_repaired_from_the_snapshot(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED})
    trader = rows.trader(filter="{broken", strategy=[1, 2], description="Buy the dip.")
    assert regenerator().run(rows.running(trader), 60).outcome is Outcome.CANDIDATE
    [asked] = gemini.asked()
    assert FAILED_CODE in asked["prompt"]
    assert "Buy the dip." in asked["prompt"]


def test_an_error_without_any_code_is_stopped_without_a_call(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    step = rows.running(rows.trader(filter={}), filter_code_snapshot=None)
    done = regenerator().run(step, 60)
    assert (done.outcome, done.status) == (Outcome.ENDED, Status.STOPPED)
    assert "no filter code" in str(done.reason)
    assert gemini.asked() == []


@pytest.mark.parametrize(
    ("columns", "status"),
    [
        ({"regeneration_run": 2}, Status.RUNNING),
        ({"regeneration_status": "proposed", "proposed_fix_validated": True}, Status.PROPOSED),
        ({"regeneration_status": "stopped"}, Status.STOPPED),
    ],
)
def test_a_run_that_was_superseded_or_has_ended_does_nothing(
    rows: Rows,
    regenerator: Regenerate,
    gemini: Gemini,
    columns: dict[str, Any],
    status: Status,
) -> None:
    step = rows.running()
    rows.set(step.error_id, **columns)
    before = rows.row(step.error_id)
    done = regenerator().run(step, 60)
    assert (done.outcome, done.status) == (Outcome.ENDED, status)
    assert done.success is (status is Status.PROPOSED)
    assert gemini.asked() == []
    assert rows.row(step.error_id) == before


def test_an_error_whose_row_is_gone_ends_its_execution(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    step: Step = rows.running()
    rows.run("delete from trader_execution_errors")
    assert regenerator().run(step, 60).outcome is Outcome.ENDED
    assert gemini.asked() == []
