"""An error's next run: by a person's wish, on the next day, after a dead execution; each once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from integration.core.deployment import Deployment
from integration.core.endpoints import FENCED
from integration.core.rows import BEYOND_MENDING, Rows

from filtermend.admission import Admitter
from filtermend.database import Database
from filtermend.settings import AlertSettings, LimitSettings, WorkflowSettings
from filtermend.sweeping import Sweep
from filtermend.tracing import Tracer

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")


def asked_for_by_a_person(on: Deployment, rows: Rows, error: UUID) -> None:
    on.gemini.play({"text": "I would rather not."})
    on.finish()
    assert rows.row(error)["regeneration_status"] == "exhausted"
    rows.ask_again(error)


def over_budget_until_the_next_day(on: Deployment, rows: Rows, error: UUID) -> None:
    rows.run(
        "insert into filter_regeneration_daily_costs (user_id, day, spent_usd) "
        "values (%s, (now() at time zone 'utc')::date, 10)",
        [rows.owner(error)],
    )
    on.finish()
    on.sweep()
    assert rows.row(error)["regeneration_status"] == "over_budget"
    rows.run("update filter_regeneration_daily_costs set day = day - 1")
    on.time_passes(24 * 3600)


def dead_with_its_execution(on: Deployment, rows: Rows, error: UUID) -> None:
    [step] = on.aws.running().values()
    on.invoke("regenerate", step)
    on.die()
    on.time_passes(3600)


def sweep_at_once(database: Callable[[], Database]) -> None:
    """Ten sweeps of as many processes."""
    together = threading.Barrier(10)

    def sweep(admitter: Admitter) -> None:
        together.wait(30)
        Sweep(admitter, AlertSettings.load(), Tracer("", "")).run()

    settings = WorkflowSettings.load(), LimitSettings.load()
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(sweep, [Admitter(database(), *settings) for _ in range(10)]))


@pytest.mark.parametrize(
    "interrupt", [asked_for_by_a_person, over_budget_until_the_next_day, dead_with_its_execution]
)
def test_a_restart_is_a_run_of_its_own_and_happens_once(
    deployment: Deployment,
    rows: Rows,
    connect: Callable[[], Database],
    interrupt: Callable[[Deployment, Rows, UUID], None],
) -> None:
    deployment.gemini.play({"text": FENCED})
    ref = rows.error(**BEYOND_MENDING)
    deployment.report(ref)
    interrupt(deployment, rows, ref.error_id)
    deployment.gemini.play({"text": FENCED})
    deployment.time_passes(60)
    sweep_at_once(connect)
    deployment.report(ref)
    names = [f"{ref.error_id}-{run}" for run in (1, 2)]
    assert list(deployment.aws.executions) == names
    deployment.finish()
    for _ in range(3):
        deployment.time_passes(24 * 3600)
        deployment.sweep()
        deployment.report(ref)
    assert list(deployment.aws.executions) == names
    row = rows.row(ref.error_id)
    assert (row["regeneration_status"], row["regeneration_run"]) == ("proposed", 2)
