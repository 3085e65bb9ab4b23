"""Many at once: a turn is claimed once, a day is not overspent, one failure costs one repair."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from integration.core.deployment import Deployment
from integration.core.endpoints import FENCED, Gemini
from integration.core.rows import BEYOND_MENDING, FILTER, Rows
from psycopg.types.json import Jsonb

from filtermend.claim import Case, Claimed, claim, load_case
from filtermend.database import Database
from filtermend.ending import Decided
from filtermend.models import CallOutcome, CallRow, ErrorRef, Outcome, Status, Step
from filtermend.regeneration import Regenerator
from filtermend.rules.cost import Usage
from filtermend.settings import LimitSettings
from filtermend.store import ledger
from filtermend.store.ledger import NewCall

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
WORKERS = 50
LIMITS = LimitSettings()


# --- one error, many claims ------------------------------------------------------------------


def claim_of(case: Case) -> Callable[[int], NewCall]:
    return lambda number: NewCall(
        error_id=case.error.id,
        user_id=case.error.user_id,
        run=case.step.run,
        attempt=case.attempt,
        turn=case.turn,
        call=number,
        source="model",
        model="scripted",
        prompt_version=None,
        prompt_source=None,
        reserved_usd=Decimal("0.01"),
        lease_seconds=60,
        trace_id=None,
    )


def take(database: Database, step: Step) -> Claimed | CallRow | Step:
    """Claim a turn as Regenerate does."""
    case = database.transact(lambda conn: load_case(conn, step, LIMITS))
    if isinstance(case, Decided):
        return case.step
    return database.transact(lambda conn: claim(conn, case, LIMITS, claim_of(case)))


def answer(database: Database, claimed: Claimed) -> None:
    """Settle a claim with an answer that has no code in it."""

    def work(conn: psycopg.Connection[Any]) -> None:
        assert ledger.mark_sent(conn, claimed.call_id)
        assert ledger.settle_answer(
            conn,
            claimed.call_id,
            answer="no",
            finish_reason="STOP",
            model_version=None,
            usage=Usage(),
            cost_usd=Decimal(0),
            latency_ms=1,
        )
        ledger.record_reading(conn, claimed.call_id, CallOutcome.NO_CODE, None, [])

    database.transact(work)


def test_fifty_workers_that_claim_an_error_a_thousand_times_make_three_attempts(
    rows: Rows, connect: Callable[[], Database]
) -> None:
    step = rows.running()
    places = [step.model_copy(update={"attempt": attempt}) for attempt in (1, 2, 3, 4)]
    together = threading.Barrier(WORKERS)

    def work(database: Database) -> list[Claimed | CallRow | Step]:
        results = []
        for place in places:
            together.wait(30)
            for _ in range(5):
                results.append(take(database, place))
                if isinstance(results[-1], Claimed):
                    answer(database, results[-1])
        return results

    with ThreadPoolExecutor(WORKERS) as pool:
        shares = pool.map(work, [connect() for _ in range(WORKERS)])
        results = [result for share in shares for result in share]
    assert len(results) == 1_000
    claims = [result for result in results if isinstance(result, Claimed)]
    calls = rows.calls(step.error_id)
    assert [(call["attempt"], call["turn"], call["call"]) for call in calls] == [
        (1, 1, 1),
        (2, 1, 1),
        (3, 1, 1),
    ]
    assert {claimed.call_id for claimed in claims} == {call["id"] for call in calls}
    assert len(claims) == 3
    others = [result for result in results if not isinstance(result, Claimed)]
    assert {result.outcome for result in others} <= {
        Outcome.HOLD,
        Outcome.ENDED,
        CallOutcome.NO_CODE,
        None,
    }
    row = rows.row(step.error_id)
    assert (row["regeneration_status"], row["regeneration_count"]) == ("exhausted", 3)


# --- one user, one day -----------------------------------------------------------------------


def watch_alerts(rows: Rows) -> None:
    """Keep every alert that is ever recorded, also one that another replaces."""
    rows.run("create table recorded (alert_id uuid)")
    rows.run(
        "create function keep_alert() returns trigger language plpgsql as "
        "$$ begin insert into recorded values (new.alert_id); return null; end $$"
    )
    rows.run(
        "create trigger keep_alert after update on filter_regeneration_daily_costs for each row "
        "when (new.alert_id is distinct from old.alert_id) execute function keep_alert()"
    )


def test_fifty_crossings_of_the_budget_at_once_record_one_alert_and_overspend_nothing(
    rows: Rows,
    regenerator: Callable[..., Regenerator],
    gemini: Gemini,
) -> None:
    gemini.play({"text": FENCED, "delay_ms": 300})
    watch_alerts(rows)
    user, limit = uuid4(), Decimal(10)
    rows.run(
        "insert into filter_regeneration_daily_costs (user_id, day, spent_usd) "
        "values (%s, (now() at time zone 'utc')::date, 9.93)",
        [user],
    )
    steps = [rows.running(rows.trader(user)) for _ in range(WORKERS)]
    tools = [regenerator() for _ in steps]
    together = threading.Barrier(WORKERS)

    def work(tool: Regenerator, step: Step) -> Step:
        together.wait(30)
        return tool.run(step, 60)

    with ThreadPoolExecutor(WORKERS) as pool:
        watched = [pool.submit(work, *pair) for pair in zip(tools, steps, strict=True)]
        while not all(future.done() for future in watched):
            day = rows.day(user)
            assert day["spent_usd"] + day["reserved_usd"] <= limit
    ends = [future.result().status or future.result().outcome for future in watched]
    day = rows.day(user)
    assert set(ends) == {Outcome.CANDIDATE, Status.OVER_BUDGET}
    assert ends.count(Outcome.CANDIDATE) == len(gemini.asked())
    assert day["reserved_usd"] == 0
    assert day["spent_usd"] <= limit
    calls = [call for step in steps for call in rows.calls(step.error_id)]
    assert day["spent_usd"] == Decimal("9.93") + sum(call["cost_usd"] for call in calls)
    assert rows.run("select * from recorded") == [{"alert_id": day["alert_id"]}]


# --- one failure, many rows ------------------------------------------------------------------


def insert(dsn: str, trader: UUID, user: UUID, count: int, code: str) -> list[ErrorRef]:
    """What the screener writes for so many candles, one statement each."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        found = [
            connection.execute(
                "insert into trader_execution_errors (trader_id, user_id, error_type, "
                "error_message, filter_code_snapshot) values (%s, %s, 'compilation', %s, %s) "
                "returning id",
                [trader, user, f"2:9: undefined: mystery at candle {candle}", code],
            ).fetchone()
            for candle in range(count)
        ]
    return [ErrorRef(error_id=row[0], trader_id=trader) for row in found if row]


def statuses(rows: Rows) -> dict[str, int]:
    found = rows.run(
        "select regeneration_status as status, count(*) from trader_execution_errors group by 1"
    )
    return {row["status"]: row["count"] for row in found}


def test_a_filter_that_fails_on_every_candle_costs_one_regeneration(
    rows: Rows, deployment: Deployment
) -> None:
    gemini, code = deployment.gemini, BEYOND_MENDING["filter_code_snapshot"]
    gemini.play({"text": "I would rather not."})
    trader = rows.trader()
    [owner] = rows.run("select user_id from traders where id = %s", [trader])
    user = owner["user_id"]
    with ThreadPoolExecutor(10) as pool:
        shares = pool.map(lambda _: insert(rows.dsn, trader, user, 50, code), range(10))
        refs = [ref for share in shares for ref in share]
    deployment.report(*refs)
    deployment.finish()
    assert statuses(rows) == {"exhausted": 1, "duplicate": 499}
    assert len(deployment.aws.executions) == 1
    assert len(gemini.asked()) == 6, "three attempts of two turns"

    deployment.report(*insert(rows.dsn, trader, user, 1_440, code))
    deployment.finish()
    assert statuses(rows) == {"exhausted": 1, "duplicate": 1_939}
    assert len(gemini.asked()) == 6

    gemini.play({"text": FENCED})
    changed = f"{code} && true"
    rows.run(
        "update traders set filter = %s where id = %s", [Jsonb(FILTER | {"code": changed}), trader]
    )
    deployment.report(*insert(rows.dsn, trader, user, 1, changed))
    deployment.finish()
    assert statuses(rows) == {"exhausted": 1, "proposed": 1, "duplicate": 1_939}
    assert len(gemini.asked()) == 7

    [exhausted] = rows.run(
        "select id from trader_execution_errors where regeneration_status = 'exhausted'"
    )
    rows.ask_again(exhausted["id"])
    deployment.finish()
    assert statuses(rows) == {"proposed": 2, "duplicate": 1_939}
    assert len(gemini.asked()) == 8
