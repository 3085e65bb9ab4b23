"""A turn is asked once, whatever dies, comes twice, or comes at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from unittest.mock import patch

import psycopg
import pytest
from integration.core.endpoints import FENCED, GOOD, Gemini, eventually
from integration.core.rows import Rows

from filtermend.faults import DatabaseUnavailable
from filtermend.models import Outcome, Status, Step
from filtermend.regeneration import Regenerator
from filtermend.store import ledger

Regenerate = Callable[..., Regenerator]


class Died(BaseException):
    """The process ended here: nothing of ours catches it."""


def die_at(place: str, tool: Regenerator, step: Step) -> None:
    """Take the turn in a process that dies where it would call `place`."""
    with (
        patch(f"filtermend.{place}", side_effect=Died),
        pytest.raises(Died),
    ):
        tool.run(step, 60)


def test_a_call_in_flight_is_waited_for_while_its_lease_lasts(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    step = rows.running()
    die_at("gemini.ask", regenerator(), step)
    held = regenerator().run(step, 60)
    assert held.outcome is Outcome.HOLD
    assert 50 < held.wait_seconds <= 60
    assert len(rows.calls(step.error_id)) == 1
    assert gemini.asked() == []


def test_a_call_whose_lease_has_passed_is_unknown_and_asked_anew(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED})
    step = rows.running()
    die_at("gemini.ask", regenerator(), step)
    rows.run("update filter_regeneration_attempts set lease_until = now() - interval '1 second'")
    done = regenerator().run(step, 60)
    assert (done.outcome, done.attempt) == (Outcome.CANDIDATE, 1)
    lost, answered = rows.calls(step.error_id)
    assert (lost["outcome"], lost["call"], lost["cost_usd"]) == ("unknown", 1, None)
    assert lost["finished_at"] is not None
    assert (answered["outcome"], answered["call"]) == ("candidate", 2)
    day = rows.day(rows.owner(step.error_id))
    assert day["reserved_usd"] == lost["reserved_usd"]  # it may have been billed
    assert rows.row(step.error_id)["regeneration_count"] == 1
    assert len(gemini.asked()) == 1


def test_a_call_that_was_never_sent_failed_and_costs_nothing(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED})
    step = rows.running()
    for _ in range(4):  # as often as a lost answer may not be
        die_at("store.ledger.mark_sent", regenerator(), step)
        rows.run("update filter_regeneration_attempts set lease_until = now() - interval '1 s'")
    done = regenerator().run(step, 60)
    assert done.outcome is Outcome.CANDIDATE
    *unsent, answered = rows.calls(step.error_id)
    assert {(call["outcome"], call["cost_usd"]) for call in unsent} == {("failed", 0)}
    assert answered["sent_at"] is not None
    day = rows.day(rows.owner(step.error_id))
    assert (day["reserved_usd"], day["spent_usd"]) == (0, answered["cost_usd"])
    assert len(gemini.asked()) == 1


def test_a_call_that_was_given_up_before_it_was_sent_is_not_sent(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    step = rows.running()
    mark_sent = ledger.mark_sent

    def late(conn: psycopg.Connection, call_id: object) -> bool:
        rows.run("update filter_regeneration_attempts set finished_at = now(), outcome = 'failed'")
        return mark_sent(conn, call_id)  # type: ignore[arg-type]

    with patch("filtermend.store.ledger.mark_sent", late):
        assert regenerator().run(step, 60).outcome is Outcome.HOLD
    assert gemini.asked() == []


def test_an_answer_that_comes_after_it_was_given_up_changes_no_accounts(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED, "delay_ms": 1500}, {"text": "```go\nreturn true\n```"})
    step = rows.running()
    late = threading.Thread(target=regenerator().run, args=(step, 60))
    late.start()
    eventually(gemini.asked)
    rows.run("update filter_regeneration_attempts set lease_until = now() - interval '1 second'")
    regenerator().run(step, 60)
    late.join()
    lost, answered = rows.calls(step.error_id)
    assert (lost["outcome"], lost["answer"], lost["cost_usd"]) == ("unknown", None, None)
    assert answered["candidate_code"] == "return true"
    day = rows.day(rows.owner(step.error_id))
    assert day["reserved_usd"] == lost["reserved_usd"]
    assert day["spent_usd"] == answered["cost_usd"]


def test_an_answer_that_was_settled_is_read_from_the_ledger(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED})
    step = rows.running()
    die_at("regeneration.read_answer", regenerator(), step)
    [settled] = rows.calls(step.error_id)
    assert (settled["answer"], settled["outcome"]) == (FENCED, None)
    spent = rows.day(rows.owner(step.error_id))["spent_usd"]
    assert regenerator().run(step, 60).outcome is Outcome.CANDIDATE
    [call] = rows.calls(step.error_id)
    assert (call["outcome"], call["candidate_code"]) == ("candidate", GOOD)
    assert rows.day(rows.owner(step.error_id))["spent_usd"] == spent
    assert len(gemini.asked()) == 1


def test_a_crash_while_settling_leaves_nothing_half_settled(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED})
    step = rows.running()
    die_at("store.budget.settle", regenerator(), step)
    [call] = rows.calls(step.error_id)
    assert (call["answer"], call["finished_at"]) == (None, None)
    day = rows.day(rows.owner(step.error_id))
    assert (day["reserved_usd"], day["spent_usd"]) == (call["reserved_usd"], 0)


@pytest.mark.parametrize("answer", [FENCED, "no code"], ids=["candidate", "no-candidate"])
def test_a_step_that_is_retried_asks_no_second_time(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, answer: str
) -> None:
    gemini.play({"text": answer})
    step = rows.running()
    first = regenerator().run(step, 60)
    before = rows.calls(step.error_id)
    assert regenerator().run(step, 60) == first
    assert rows.calls(step.error_id) == before
    assert len(gemini.asked()) == 1


def test_a_connection_lost_while_settling_is_mended_and_pays_once(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, monkeypatch: pytest.MonkeyPatch
) -> None:
    gemini.play({"text": FENCED})
    step = rows.running()
    settle, killed = ledger.settle_answer, []

    def settle_on_a_dead_connection(
        conn: psycopg.Connection, *args: object, **rest: object
    ) -> bool:
        if not killed:
            killed.append(conn.info.backend_pid)
            rows.run("select pg_terminate_backend(%s)", killed)
        return settle(conn, *args, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(ledger, "settle_answer", settle_on_a_dead_connection)
    assert regenerator().run(step, 60).outcome is Outcome.CANDIDATE
    assert killed
    [call] = rows.calls(step.error_id)
    day = rows.day(rows.owner(step.error_id))
    assert (day["reserved_usd"], day["spent_usd"]) == (0, call["cost_usd"])


@pytest.mark.parametrize(("failures", "asked"), [(3, 1), (4, 2)])
def test_an_answer_waits_for_a_database_that_is_away_for_seconds(
    rows: Rows,
    regenerator: Regenerate,
    gemini: Gemini,
    monkeypatch: pytest.MonkeyPatch,
    *,
    failures: int,
    asked: int,
) -> None:
    gemini.play({"text": FENCED})
    step = rows.running()
    settle, left = ledger.settle_answer, [None] * failures

    def settle_later(*args: object, **rest: object) -> bool:
        if left:
            left.pop()
            raise psycopg.OperationalError("the database system is starting up")
        return settle(*args, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(ledger, "settle_answer", settle_later)
    monkeypatch.setattr("filtermend.asking.SETTLE_PAUSES", (0.01, 0.01, 0.01))
    with suppress(DatabaseUnavailable):
        regenerator().run(step, 60)
    rows.run("update filter_regeneration_attempts set lease_until = now() - interval '1 second'")
    assert regenerator().run(step, 60).outcome is Outcome.CANDIDATE
    assert len(gemini.asked()) == asked


def test_twenty_processes_that_take_the_same_step_ask_once(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED, "delay_ms": 700})
    step = rows.running()
    tools = [regenerator() for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        done = list(pool.map(lambda tool: tool.run(step, 60), tools))
    outcomes = {result.outcome for result in done}
    assert Outcome.CANDIDATE in outcomes
    assert outcomes <= {Outcome.CANDIDATE, Outcome.HOLD}
    assert len(gemini.asked()) == 1
    [call] = rows.calls(step.error_id)
    day = rows.day(rows.owner(step.error_id))
    assert (day["reserved_usd"], day["spent_usd"]) == (0, call["cost_usd"])
    assert rows.row(step.error_id)["regeneration_count"] == 1


def test_a_fourth_attempt_is_never_made(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    step = rows.running()
    rows.set(step.error_id, regeneration_count=3)
    done = regenerator().run(step.model_copy(update={"attempt": 4}), 60)
    assert (done.outcome, done.status) == (Outcome.ENDED, Status.EXHAUSTED)
    assert (done.regeneration_count, done.success) == (3, False)
    assert "3 attempts" in str(done.reason)
    assert gemini.asked() == []


def test_the_database_itself_refuses_a_fourth_attempt(rows: Rows) -> None:
    step = rows.running()
    with pytest.raises(psycopg.errors.CheckViolation):
        rows.set(step.error_id, regeneration_count=4)
    with pytest.raises(psycopg.errors.CheckViolation):
        rows.candidate(step.model_copy(update={"attempt": 4}), GOOD)


def test_a_run_that_takes_over_goes_on_from_the_answer_that_is_there(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED})
    first = rows.running()
    regenerator().run(first, 60)
    rows.set(first.error_id, regeneration_run=2)
    taken = regenerator().run(first.model_copy(update={"run": 2}), 60)
    assert (taken.outcome, taken.attempt, taken.turn) == (Outcome.CANDIDATE, 1, 1)
    assert len(gemini.asked()) == 1, "paid for once"
    assert rows.row(first.error_id)["regeneration_count"] == 1


def test_a_run_that_a_person_asked_for_begins_anew(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED})
    first = rows.running()
    regenerator().run(first, 60)
    anew = {"regeneration_run": 2, "regeneration_first_run": 2, "regeneration_count": 0}
    rows.set(first.error_id, **anew)
    taken = regenerator().run(first.model_copy(update={"run": 2}), 60)
    assert (taken.outcome, taken.attempt, taken.turn) == (Outcome.CANDIDATE, 1, 1)
    assert len(gemini.asked()) == 2


def test_an_error_resolved_in_the_meantime_is_not_asked_about(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED})
    step = rows.running()
    rows.set(step.error_id, resolved_at="2026-11-20T00:00:00Z")
    done = regenerator().run(step, 60)
    assert (done.outcome, done.status) == (Outcome.ENDED, Status.STOPPED)
    assert "resolved" in str(done.reason)
    assert gemini.asked() == []


def test_a_turn_renews_the_runs_lease(rows: Rows, regenerator: Regenerate, gemini: Gemini) -> None:
    gemini.play({"text": FENCED})
    step = rows.running()
    rows.lease(step.error_id, 5)
    regenerator(run_lease_seconds=300).run(step, 60)
    [row] = rows.run(
        "select extract(epoch from regeneration_lease_until - now()) as left "
        "from trader_execution_errors"
    )
    assert row["left"] > Decimal(200)
