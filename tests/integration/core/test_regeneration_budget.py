"""What a user may spend in a day: reserved before the call, and never overspent."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from integration.core.endpoints import FENCED, Gemini
from integration.core.rows import Rows

from filtermend.models import Outcome, Status
from filtermend.regeneration import Regenerator

Regenerate = Callable[..., Regenerator]
WORST_CASE = Decimal("0.0225")
"""About what a call of the scripted model reserves: 5,120 tokens at $4 a million, and the prompt."""


def spent(rows: Rows, user: UUID, usd: str, day: str = "(now() at time zone 'utc')::date") -> None:
    rows.run(
        "insert into filter_regeneration_daily_costs (user_id, day, spent_usd) "
        f"values (%s, {day}, %s)",
        [user, usd],
    )


def limit_of(rows: Rows, user: UUID, usd: str) -> None:
    rows.run("insert into filter_regeneration_limits values (%s, %s)", [user, usd])


def test_a_call_that_could_exceed_the_limit_is_not_made(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    user = uuid4()
    spent(rows, user, "9.99")
    step = rows.running(rows.trader(user))
    done = regenerator().run(step, 60)
    assert (done.outcome, done.status) == (Outcome.ENDED, Status.OVER_BUDGET)
    assert "$10 " in str(done.reason)
    row = rows.row(step.error_id)
    assert row["regeneration_status"] == "over_budget"
    tomorrow = datetime.combine(datetime.now(UTC).date() + timedelta(days=1), time(), UTC)
    assert row["regeneration_lease_until"] == tomorrow
    assert row["regeneration_count"] == 0
    assert rows.calls(step.error_id) == []
    assert gemini.asked() == []
    assert rows.day(user)["spent_usd"] == Decimal("9.99")
    assert rows.day(user)["reserved_usd"] == 0


def test_the_alert_is_recorded_once_a_day(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    user = uuid4()
    spent(rows, user, "10")
    regenerator().run(rows.running(rows.trader(user)), 60)
    first = rows.day(user)
    assert first["alert_id"] is not None
    regenerator().run(rows.running(rows.trader(user)), 60)
    again = rows.day(user)
    assert (again["alert_id"], again["alert_recorded_at"]) == (
        first["alert_id"],
        first["alert_recorded_at"],
    )


def test_what_was_spent_yesterday_does_not_count(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED})
    user = uuid4()
    spent(rows, user, "10", "(now() at time zone 'utc')::date - 1")
    step = rows.running(rows.trader(user))
    assert regenerator().run(step, 60).outcome is Outcome.CANDIDATE


def test_what_another_user_spent_does_not_count(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED})
    spent(rows, uuid4(), "10")
    assert regenerator().run(rows.running(), 60).outcome is Outcome.CANDIDATE


def test_a_users_own_lower_limit_holds(rows: Rows, regenerator: Regenerate, gemini: Gemini) -> None:
    user = uuid4()
    limit_of(rows, user, "0.001")
    done = regenerator().run(rows.running(rows.trader(user)), 60)
    assert done.status is Status.OVER_BUDGET
    assert "$0.001 " in str(done.reason)
    assert gemini.asked() == []


def test_a_users_own_higher_limit_holds(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED})
    user = uuid4()
    limit_of(rows, user, "25")
    spent(rows, user, "10")
    assert regenerator().run(rows.running(rows.trader(user)), 60).outcome is Outcome.CANDIDATE


def test_an_answer_that_costs_more_than_was_left_is_paid_and_records_the_alert(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    usage = {"prompt_token_count": 0, "candidates_token_count": 1_000_000}
    gemini.play({"text": FENCED, "usage": usage})
    user = uuid4()
    limit_of(rows, user, "1")
    assert regenerator().run(rows.running(rows.trader(user)), 60).outcome is Outcome.CANDIDATE
    day = rows.day(user)
    assert day["spent_usd"] == 4
    assert day["alert_id"] is not None


def test_the_reservation_bounds_what_the_longest_answer_costs(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    usage = {"candidates_token_count": 4096, "thoughts_token_count": 1024}
    gemini.play({"text": FENCED, "usage": usage})
    step = rows.running()
    regenerator().run(step, 60)
    [call] = rows.calls(step.error_id)
    assert call["cost_usd"] > Decimal("0.0204")
    assert call["reserved_usd"] >= call["cost_usd"]


def test_twenty_failures_at_once_cannot_overspend(
    rows: Rows, regenerator: Regenerate, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED, "delay_ms": 500})
    user = uuid4()
    limit = WORST_CASE * 5
    limit_of(rows, user, str(limit))
    steps = [
        rows.running(rows.trader(user), error_message=f"failure {'of' * n} another kind")
        for n in range(20)
    ]
    tools = [regenerator() for _ in steps]
    with ThreadPoolExecutor(20) as pool:
        watched = [pool.submit(tool.run, step, 60) for tool, step in zip(tools, steps, strict=True)]
        while not all(future.done() for future in watched):
            for day in rows.run("select * from filter_regeneration_daily_costs"):
                assert day["spent_usd"] + day["reserved_usd"] <= limit
        outcomes = [future.result().status or future.result().outcome for future in watched]
    assert set(outcomes) == {Outcome.CANDIDATE, Status.OVER_BUDGET}
    asked = len(gemini.asked())
    assert outcomes.count(Outcome.CANDIDATE) == asked
    assert 3 <= asked < 20
    day = rows.day(user)
    assert day["reserved_usd"] == 0
    assert day["spent_usd"] == sum(
        call["cost_usd"] for step in steps for call in rows.calls(step.error_id)
    )
