"""`make costs`: its figures are what Gemini was asked and what the users were charged."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from integration.core.costs_run import Report, costs_of
from integration.core.endpoints import FENCED, Gemini
from integration.core.rows import Rows

from filtermend.faults import AnswerLost, GeminiUnavailable
from filtermend.models import Outcome, Step
from filtermend.regeneration import Regenerator

Regenerate = Callable[..., Regenerator]
USAGE = {
    "prompt_token_count": 1000,
    "cached_content_token_count": 400,
    "candidates_token_count": 200,
    "thoughts_token_count": 50,
}
EACH = Decimal(1000 * 1 + (200 + 50) * 4) / 1_000_000
"""What an answer of that usage costs at the scripted model's $1 and $4 a million tokens."""
ANSWER = {"text": FENCED, "usage": USAGE}
CERTAIN = 'v := indicators.CalculateVolumeMA(data.Klines["5m"], 20)\nreturn v != nil && *v > 1'


@pytest.fixture
def costs(
    rows: Rows, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Report:
    """`make costs` with these variables, on the test's database."""
    monkeypatch.setenv("DATABASE_URL", rows.dsn)
    return costs_of(monkeypatch, capsys)


def a_step_of(rows: Rows, user: UUID, **columns: Any) -> Step:
    return rows.running(rows.trader(user), error_message=f"failure {uuid4()}", **columns)


def answered(rows: Rows, tool: Regenerator, user: UUID) -> None:
    assert tool.run(a_step_of(rows, user), 60).outcome is Outcome.CANDIDATE


def everything_happens(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, user: UUID, screener: str
) -> None:
    """Two answers, a 503, a 429, an answer that is lost, and a mechanical fix."""
    gemini.play({"status": 503}, {"status": 429}, {"drop_connection": True}, ANSWER)
    step, tool = a_step_of(rows, user), regenerator()
    with pytest.raises(GeminiUnavailable):
        tool.run(step, 60)
    assert tool.run(step, 60).outcome is Outcome.HOLD
    with pytest.raises(AnswerLost):
        tool.run(step, 60)
    assert tool.run(step, 60).outcome is Outcome.CANDIDATE
    answered(rows, tool, user)
    mended = a_step_of(rows, user, filter_code_snapshot=CERTAIN, error_type="compilation")
    assert regenerator(screener=screener).run(mended, 60).outcome is Outcome.CANDIDATE


def back(rows: Rows, user: UUID, days: int) -> None:
    """Let what this user did today have happened so many days ago."""
    rows.run(
        "update filter_regeneration_attempts set started_at = started_at - make_interval(days => %s)"
        " where user_id = %s and started_at > now() - interval '1 hour'",
        [days, user],
    )
    rows.run(
        "update filter_regeneration_daily_costs set day = day - %s"
        " where user_id = %s and day = (now() at time zone 'utc')::date",
        [days, user],
    )


def a_day_ago(days: int) -> str:
    return str(datetime.now(UTC).date() - timedelta(days=days))


def test_the_figures_are_what_gemini_counted(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, costs: Report, screener: str
) -> None:
    user, other = uuid4(), uuid4()
    everything_happens(rows, regenerator, gemini, user, screener)
    answered(rows, regenerator(), other)
    done = costs(FORMAT="json")
    assert (done.code, done.json["differences"]) == (0, [])
    total, asked = done.json["total"], Counter(call["status"] for call in gemini.asked())
    assert asked == {503: 1, 429: 1, 200: 4}, "the answer that was lost began as a 200"
    assert (total["failed"], total["throttled"], total["unknown"]) == (1, 1, 1)
    assert total["answered"] + total["unknown"] == asked[200]
    assert (total["mechanical"], total["in_flight"]) == (1, 0)
    tokens = [total[f"{kind}_tokens"] for kind in ("input", "cached", "output", "thinking")]
    assert tokens == [3 * count for count in USAGE.values()]
    assert Decimal(total["settled_usd"]) == 3 * EACH
    assert Decimal(total["unknown_usd"]) == rows.day(user)["reserved_usd"] > 0
    assert rows.day(user)["spent_usd"] == 2 * EACH
    assert rows.day(other)["spent_usd"] == EACH


def test_a_mechanical_fix_has_a_row_of_its_own_and_costs_nothing(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, costs: Report, screener: str
) -> None:
    everything_happens(rows, regenerator, gemini, uuid4(), screener)
    asked, mended = costs(FORMAT="json").json["lines"]
    assert (asked["model"], asked["answered"], asked["mechanical"]) == ("scripted", 2, 0)
    assert (mended["model"], mended["answered"], mended["mechanical"]) == (None, 0, 1)
    assert Decimal(mended["settled_usd"]) == Decimal(mended["unknown_usd"]) == 0


def test_days_users_and_models_have_rows_of_their_own_newest_first(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, costs: Report
) -> None:
    gemini.play(ANSWER)
    first, second = sorted((uuid4(), uuid4()))
    for user, days in ((second, 2), (first, 1)):
        answered(rows, regenerator(), user)
        back(rows, user, days)
    answered(rows, regenerator(), second)
    answered(rows, regenerator(model="qwen2.5-coder-1.5b-instruct"), first)
    answered(rows, regenerator(), first)
    done = costs(FORMAT="csv")
    found = [(row["day"], row["user_id"], row["model"]) for row in done.csv]
    assert found == [
        (a_day_ago(0), str(first), "qwen2.5-coder-1.5b-instruct"),
        (a_day_ago(0), str(first), "scripted"),
        (a_day_ago(0), str(second), "scripted"),
        (a_day_ago(1), str(first), "scripted"),
        (a_day_ago(2), str(second), "scripted"),
    ]
    assert [Decimal(row["settled_usd"]) for row in done.csv] == [0, EACH, EACH, EACH, EACH]
    table = [line.split()[:3] for line in costs().out.splitlines()]
    sums = [cells for cells in table if "all" in cells[1:2]]
    assert sums == [[a_day_ago(days), "all", count] for days, count in enumerate("311")]


def test_days_and_user_choose_what_is_shown_and_compared(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, costs: Report
) -> None:
    gemini.play(ANSWER)
    user, other = uuid4(), uuid4()
    for days in (7, 6, 0):
        answered(rows, regenerator(), user)
        back(rows, user, days)
    answered(rows, regenerator(), other)

    def shown(**variables: str) -> tuple[int, int, int]:
        done = costs(FORMAT="json", **variables)
        assert done.json["differences"] == []
        return len(done.json["days"]), done.json["total"]["answered"], done.json["compared"]

    assert shown() == (2, 3, 3), "seven days: today and the six before"
    assert shown(DAYS="8") == (3, 4, 4)
    assert shown(DAYS="1") == (1, 2, 2)
    assert shown(DAYS="8", COSTS_USER=str(user)) == (3, 3, 3)
    assert shown(COSTS_USER=str(uuid4())) == (0, 0, 0)


def test_a_call_belongs_to_the_utc_day_it_was_begun_on(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, costs: Report
) -> None:
    gemini.play(ANSWER)
    user = uuid4()
    answered(rows, regenerator(), user)
    back(rows, user, 1)
    [database] = rows.run("select current_database() as name")
    rows.run(f"alter database {database['name']} set timezone = 'Pacific/Kiritimati'")
    for hour in ("00:00:00", "23:59:59.9"):
        rows.run(
            "update filter_regeneration_attempts set started_at = %s", [f"{a_day_ago(1)} {hour}Z"]
        )
        assert costs(DAYS="2", FORMAT="csv").csv[0]["day"] == a_day_ago(1)
        assert costs(DAYS="2").code == 0


def test_a_call_in_flight_may_be_answered_and_one_past_its_lease_is_unknown(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, costs: Report
) -> None:
    gemini.play({"drop_connection": True})
    step = a_step_of(rows, uuid4())
    with pytest.raises(AnswerLost):
        regenerator().run(step, 60)
    reserved = rows.day(rows.owner(step.error_id))["reserved_usd"]

    def sums(lease: str) -> tuple[Any, ...]:
        rows.run(
            "update filter_regeneration_attempts set outcome = null, finished_at = null, "
            f"lease_until = now() + interval '{lease}'"
        )
        done = costs(FORMAT="json")
        assert done.code == 0
        names = ("in_flight", "in_flight_usd", "unknown", "unknown_usd")
        return tuple(Decimal(done.json["total"][name]) for name in names)

    assert sums("1 minute") == (1, reserved, 0, 0)
    assert sums("-1 second") == (0, 0, 1, reserved)


def test_the_table_shows_rows_sums_and_that_the_books_agree(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, costs: Report, screener: str
) -> None:
    user = uuid4()
    everything_happens(rows, regenerator, gemini, user, screener)
    done = costs()
    lines = [line.split() for line in done.out.splitlines()]
    today, reserved = a_day_ago(0), str(rows.day(user)["reserved_usd"])
    calls = ["2", "1", "1", "1", "0"]
    figures = ["2000", "400", "100", "800", f"{2 * EACH:.8f}", reserved, "0.00000000"]
    assert [today, str(user), "scripted", *calls, "0", *figures] in lines
    assert [today, "all", *calls, "1", *figures] in lines
    assert ["since", a_day_ago(6), "all", *calls, "1", *figures] in lines
    nothing = ["0"] * 5 + ["1"] + ["0"] * 4 + ["0.00000000"] * 3
    assert [today, str(user), "(mechanical)", *nothing] in lines
    assert "differ on 0 of 1 users' days" in done.out


def test_a_user_over_the_limit_is_marked_with_it_and_the_alert(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, costs: Report
) -> None:
    gemini.play({"text": FENCED, "usage": {"candidates_token_count": 1_000_000}})
    over, under = uuid4(), uuid4()
    rows.run("insert into filter_regeneration_limits values (%s, 2.5)", [over])
    answered(rows, regenerator(), over)
    answered(rows, regenerator(), under)
    done = costs()
    assert f"{over} !" in done.out
    assert f"{under} !" not in done.out
    assert f"{over} is over the limit of $2.50000000: $4." in done.out
    assert "UTC, not delivered yet" in done.out
    rows.run("update filter_regeneration_daily_costs set alert_delivered_at = now()")
    assert f"alert delivered {a_day_ago(0)} " in costs().out
    [shown] = costs(FORMAT="json").json["over_limit"]
    assert (shown["user_id"], Decimal(shown["limit_usd"])) == (str(over), Decimal("2.5"))
    assert f"{over} is over the limit" in costs(FORMAT="csv").err


def test_a_user_whose_first_call_was_refused_is_marked_too(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, costs: Report
) -> None:
    user = uuid4()
    rows.run("insert into filter_regeneration_limits values (%s, 0.001)", [user])
    regenerator().run(a_step_of(rows, user), 60)
    done = costs()
    assert gemini.asked() == []
    assert f"{user} is over the limit of $0.00100000: $0.00000000 spent" in done.out
    assert done.code == 0


def test_the_limit_of_everybody_is_that_of_the_deployment(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, costs: Report
) -> None:
    gemini.play({"text": FENCED, "usage": {"candidates_token_count": 1_000_000}})
    answered(rows, regenerator(), uuid4())
    assert "over the limit" not in costs().out
    assert "over the limit of $3.00000000:" in costs(DAILY_COST_LIMIT_USD="3").out
    assert "no alert was recorded" in costs(DAILY_COST_LIMIT_USD="3").out


@pytest.mark.parametrize(
    "damage",
    [
        "update filter_regeneration_daily_costs set spent_usd = spent_usd + 0.00000001",
        "update filter_regeneration_daily_costs set reserved_usd = 0.5",
        "delete from filter_regeneration_daily_costs",
        "delete from filter_regeneration_attempts",
        "update filter_regeneration_attempts set started_at = started_at - interval '1 day'",
    ],
    ids=["spent", "reserved", "no-charge", "no-call", "another-day"],
)
def test_a_difference_between_ledger_and_charges_is_found(
    rows: Rows, regenerator: Regenerate, gemini: Gemini, costs: Report, damage: str
) -> None:
    gemini.play(ANSWER)
    user, other = uuid4(), uuid4()
    answered(rows, regenerator(), user)
    answered(rows, regenerator(), other)
    assert costs().code == 0
    rows.run(f"{damage} where user_id = %s", [user])
    done = costs()
    assert done.code == 1
    assert f"DIFFERENCE {a_day_ago(0)} {user}" in done.out
    assert str(other) not in done.out.split("DIFFERENCE", 1)[1]
    assert f"DIFFERENCE {a_day_ago(0)} {user}" in costs(FORMAT="csv").err
    told = costs(FORMAT="json")
    assert told.code == 1
    assert {difference["user_id"] for difference in told.json["differences"]} == {str(user)}


def test_nothing_yet_is_a_report_too(costs: Report) -> None:
    done = costs()
    assert done.code == 0
    assert "differ on 0 of 0" in done.out
    assert costs(FORMAT="csv").csv == []
