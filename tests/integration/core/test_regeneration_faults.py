"""A question without an answer: what is waited for, what is raised, and who pays."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from integration.core.endpoints import FENCED, Gemini, eventually
from integration.core.rows import Rows

from filtermend.faults import AnswerLost, GeminiUnavailable
from filtermend.models import Outcome, Status, Step
from filtermend.regeneration import Regenerator

Regenerate = Callable[..., Regenerator]
SHORT = 4.0
"""Of it, three seconds are kept to settle the answer: the question waits for one."""


def turn_of(rows: Rows, step: Step) -> list[tuple[str, int]]:
    return [(call["outcome"], call["call"]) for call in rows.calls(step.error_id)]


def test_a_throttled_call_is_held_for_the_seconds_gemini_names(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"status": 429, "retry_after_seconds": 7}, {"text": FENCED})
    step = rows.running()
    held = regenerator().run(step, 60)
    assert held.outcome is Outcome.HOLD
    assert 7 <= held.wait_seconds <= 9, "as asked, and some jitter"
    assert rows.row(step.error_id)["regeneration_count"] == 0, "no attempt is used up"
    day = rows.day(rows.owner(step.error_id))
    assert (day["reserved_usd"], day["spent_usd"]) == (0, 0)
    done = regenerator().run(held, 60)
    assert (done.outcome, done.attempt, done.turn) == (Outcome.CANDIDATE, 1, 1)
    assert turn_of(rows, step) == [("throttled", 1), ("candidate", 2)]
    assert rows.calls(step.error_id)[0]["cost_usd"] == 0
    assert rows.row(step.error_id)["regeneration_count"] == 1


def test_a_429_that_names_no_seconds_is_held_for_a_while(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"status": 429})
    held = regenerator().run(rows.running(), 60)
    assert held.outcome is Outcome.HOLD
    assert 5 <= held.wait_seconds <= 7, "five seconds and some jitter"


def test_a_quota_that_stays_used_up_stops_the_run_with_a_reason(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"status": 429, "retry_after_seconds": 1})
    step = rows.running()
    tool = regenerator(throttled_calls_per_turn=3)
    assert [tool.run(step, 60).outcome for _ in range(3)] == [Outcome.HOLD] * 3
    done = tool.run(step, 60)
    assert (done.outcome, done.status) == (Outcome.ENDED, Status.STOPPED)
    assert "quota" in str(done.reason)
    assert done.regeneration_count == 0
    assert len(gemini.asked()) == 3


@pytest.mark.parametrize("status", [500, 503, 504])
def test_a_gemini_that_is_down_is_raised_and_costs_nothing(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, status: int
) -> None:
    gemini.play({"status": status}, {"text": FENCED})
    step = rows.running()
    tool = regenerator()
    with pytest.raises(GeminiUnavailable, match=str(status)):
        tool.run(step, 60)
    assert turn_of(rows, step) == [("failed", 1)]
    assert rows.calls(step.error_id)[0]["cost_usd"] == 0
    assert rows.day(rows.owner(step.error_id))["reserved_usd"] == 0
    assert tool.run(step, 60).outcome is Outcome.CANDIDATE
    assert turn_of(rows, step) == [("failed", 1), ("candidate", 2)]
    assert rows.row(step.error_id)["regeneration_count"] == 1


def test_a_gemini_that_nobody_listens_for_is_raised_and_costs_nothing(
    rows: Rows, regenerator: Regenerate
) -> None:
    step = rows.running()
    with pytest.raises(GeminiUnavailable):
        regenerator(url="http://127.0.0.1:9").run(step, 60)
    assert turn_of(rows, step) == [("failed", 1)]
    assert rows.day(rows.owner(step.error_id))["reserved_usd"] == 0


@pytest.mark.parametrize(
    "answer",
    [{"drop_connection": True}, {"malformed": True}, {"text": FENCED, "delay_ms": 3000}],
    ids=["dropped", "unreadable", "too-late"],
)
def test_a_lost_answer_is_raised_and_keeps_its_reservation(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, answer: dict[str, Any]
) -> None:
    gemini.play(answer, {"text": FENCED})
    step = rows.running()
    tool = regenerator()
    with pytest.raises(AnswerLost):
        tool.run(step, SHORT)
    [lost] = rows.calls(step.error_id)
    assert (lost["outcome"], lost["cost_usd"]) == ("unknown", None)
    day = rows.day(rows.owner(step.error_id))
    assert (day["reserved_usd"], day["spent_usd"]) == (lost["reserved_usd"], 0)
    assert tool.run(step, 60).outcome is Outcome.CANDIDATE
    assert turn_of(rows, step) == [("unknown", 1), ("candidate", 2)]
    after = rows.day(rows.owner(step.error_id))
    assert after["reserved_usd"] == lost["reserved_usd"]
    assert after["spent_usd"] > 0


class OneQuestionPerConnection(BaseHTTPRequestHandler):
    """Gemini that promises to keep a connection, and closes it when it is used again."""

    protocol_version = "HTTP/1.1"
    used = False

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        if self.used:
            self.close_connection = True
            return
        self.used = True
        said = {"content": {"role": "model", "parts": [{"text": FENCED}]}, "finishReason": "STOP"}
        usage = {"promptTokenCount": 9, "candidatesTokenCount": 9, "totalTokenCount": 18}
        body = json.dumps({"candidates": [said], "usageMetadata": usage}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


def test_a_connection_that_is_closed_when_it_is_used_again_loses_no_answer(
    rows: Rows, regenerator: Regenerate
) -> None:
    """As a kept connection is after a function was frozen for a while."""
    with ThreadingHTTPServer(("127.0.0.1", 0), OneQuestionPerConnection) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            tool = regenerator(url=f"http://127.0.0.1:{server.server_port}")
            for _ in range(3):
                assert tool.run(rows.running(), 60).outcome is Outcome.CANDIDATE
        finally:
            server.shutdown()


def test_a_turn_that_never_gets_an_answer_is_given_up(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"drop_connection": True})
    step = rows.running()
    tool = regenerator(lost_calls_per_turn=2)
    for _ in range(2):
        with pytest.raises(AnswerLost):
            tool.run(step, 60)
    done = tool.run(step, 60)
    assert (done.outcome, done.status) == (Outcome.ENDED, Status.STOPPED)
    assert "did not arrive" in str(done.reason)
    assert len(gemini.asked()) == 2


def test_a_model_that_is_down_for_long_is_asked_again_and_ends_nothing(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play(*[{"status": 503}] * 12, {"text": FENCED})
    step = rows.running()
    tool = regenerator()
    for _ in range(12):
        with pytest.raises(GeminiUnavailable):
            tool.run(step, 60)
    assert tool.run(step, 60).outcome is Outcome.CANDIDATE
    assert rows.row(step.error_id)["regeneration_count"] == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refused_call_stops_the_run_and_names_the_cause(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, counted: dict[str, Any], status: int
) -> None:
    gemini.play({"status": status})
    step = rows.running()
    done = regenerator().run(step, 60)
    assert (done.outcome, done.status, done.success) == (Outcome.ENDED, Status.STOPPED, False)
    row = rows.row(step.error_id)
    assert row["regeneration_status"] == "stopped"
    assert str(status) in row["regeneration_reason"]
    assert "scripted" in row["regeneration_reason"]
    assert rows.day(rows.owner(step.error_id))["reserved_usd"] == 0
    assert counted["model_errors"]["Value"] == [1]


def test_a_key_that_is_refused_is_not_in_the_reason(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, logged: Callable[[], str]
) -> None:
    gemini.play({"status": 401, "message": "API key not valid: AIza-test-key"})
    step = rows.running()
    regenerator().run(step, 60)
    assert "AIza-test-key" not in rows.row(step.error_id)["regeneration_reason"]
    assert "Gemini refuses the call" in logged()
    assert "AIza-test-key" not in logged()


def test_a_model_without_a_price_is_never_called(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, counted: dict[str, Any]
) -> None:
    gemini.play({"text": FENCED})
    step = rows.running()
    done = regenerator(model="gemini-99").run(step, 60)
    assert (done.outcome, done.status) == (Outcome.ENDED, Status.STOPPED)
    assert "gemini-99 has no price" in str(done.reason)
    assert gemini.asked() == []
    assert rows.calls(step.error_id) == []
    assert counted["unpriced_calls"]["Value"] == [1]


def test_the_local_model_is_priced_at_nothing(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED})
    step = rows.running()
    tool = regenerator(model="qwen2.5-coder-1.5b-instruct", daily_cost_limit_usd=Decimal(0))
    assert tool.run(step, 60).outcome is Outcome.CANDIDATE
    assert rows.calls(step.error_id)[0]["cost_usd"] == 0


def test_a_refusal_that_comes_after_the_next_run_began_does_not_stop_that_one(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"status": 401, "delay_ms": 800})
    step = rows.running()
    tool = regenerator()

    late = threading.Thread(target=tool.run, args=(step, 60))
    late.start()
    eventually(gemini.asked)
    rows.set(step.error_id, regeneration_run=2)
    late.join()
    assert rows.row(step.error_id)["regeneration_status"] == "running"


def test_a_later_429_takes_no_attempt_back_that_was_answered(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED}, {"status": 429})
    step = rows.running()
    first = regenerator().run(step, 60)
    held = regenerator().run(first.model_copy(update={"turn": 2}), 60)
    assert held.outcome is Outcome.HOLD
    assert rows.row(step.error_id)["regeneration_count"] == 1


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_key_that_was_rotated_is_taken_up_by_the_next_question(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, status: int
) -> None:
    gemini.play({"status": status}, {"text": FENCED})
    step = rows.running()
    held = replace(regenerator(), rotated=lambda: True).run(step, 60)
    assert (held.outcome, held.wait_seconds) == (Outcome.HOLD, 1)
    assert regenerator().run(held, 60).outcome is Outcome.CANDIDATE


def test_a_model_that_is_gone_is_no_matter_of_the_key(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"status": 404})
    done = replace(regenerator(), rotated=lambda: True).run(rows.running(), 60)
    assert done.status is Status.STOPPED


def test_while_all_is_stopped_nothing_is_asked_and_nothing_ends(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED})
    step = rows.running()
    held = replace(regenerator(), stopped=lambda: True).run(step, 60)
    assert held.outcome is Outcome.HOLD
    assert 30 <= held.wait_seconds <= 45, "with 15 seconds of cache, within a minute"
    assert gemini.asked() == rows.calls(step.error_id) == []
    assert regenerator().run(held, 60).outcome is Outcome.CANDIDATE
