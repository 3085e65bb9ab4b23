"""After thirty mixed errors, the dashboard says what the ledger and the model's endpoint say."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from typing import Any

import httpx
import pytest
from e2e import mixed
from e2e.conftest import WAIT_SCALE
from e2e.stack import Deployed

from local import aws
from local.dashboard import body, drawing, emf, page
from local.dashboard import stack as template
from local.dashboard.figures import of_stack
from local.dashboard.logs import read
from local.dashboard.panels import Chart, Figures, Table, panels
from local.dashboard.series import Sample
from local.folder import ROOT, Folder
from local.stack import Options, down, up

pytestmark = pytest.mark.e2e
DAY_SECONDS = 86_400
Shown = dict[tuple[str, str], float | None]


@pytest.fixture(scope="module")
def stack() -> Iterator[Deployed]:
    """A stack of its own, after the errors: what other tests do would count as well."""
    folder = Folder(Path(ROOT / ".local/e2e-dashboard"))
    down(folder, print)
    rmtree(folder.path, ignore_errors=True)
    try:
        with closing(Deployed(up(folder, Options("scripted", WAIT_SCALE), print))) as deployed:
            bring_about(deployed)
            yield deployed
    finally:
        down(folder, print)


def bring_about(stack: Deployed) -> None:
    """Thirty errors one after the other, a dead letter, and a sweep that delivers the alerts."""
    failed = []
    for one in mixed.errors(stack):
        stack.wait(one)
        failed.append(one)
    assert len(failed) == 30
    stack.until(lambda: not open_executions(stack), "the executions' ends")
    letters = stack.env["DEAD_LETTER_QUEUE_URL"]
    stack.aws("sqs").send_message(QueueUrl=letters, MessageBody="given up")
    aws.invoke(url_of(stack), stack.env["SWEEP_FUNCTION_NAME"], {})


def open_executions(stack: Deployed) -> list[Any]:
    listed = stack.aws("stepfunctions").list_executions(
        stateMachineArn=stack.env["STATE_MACHINE_ARN"], statusFilter="RUNNING"
    )
    executions: list[Any] = listed["executions"]
    return executions


@pytest.fixture(scope="module")
def dashboard(stack: Deployed) -> body.Body:
    return body.parse(template.dashboard_json(template.deployed_resources(url_of(stack))))


@pytest.fixture(scope="module")
def figures(stack: Deployed) -> Figures:
    return of_stack(url_of(stack), 0)


def url_of(stack: Deployed) -> str:
    return stack.env["AWS_ENDPOINT_URL"]


def numbers(dashboard: body.Body, figures: Figures) -> Shown:
    """What the widgets show, by title and line; a graph's only period is today."""
    now = time.time()
    return {
        (panel.widget.properties.title, curve.label): curve.latest
        for panel in panels(dashboard, figures, now - 3600, now, DAY_SECONDS)
        if isinstance(panel.content, Chart)
        for curve in panel.content.curves
    }


def expected(stack: Deployed) -> Shown:
    """The same numbers from the tables of errors, ledger and budget and the model's endpoint."""
    asked = httpx.get(f"{stack.env['GEMINI_BASE_URL']}/_control/calls").json()["calls"]

    def value(query: str) -> float:
        row = stack.conn.execute(query.encode()).fetchone()
        assert row
        return float(next(iter(row.values())) or 0)

    def errors(condition: str) -> float:
        return value(f"select count(*) from trader_execution_errors where {condition}")

    started = errors("auto_regeneration_triggered")
    failing = sum(call["status"] in (500, 503) for call in asked)
    rates: Shown = {
        ("Success rate by error type, %", kind): 100
        * errors(f"error_type = '{kind}' and regeneration_status = 'proposed'")
        / errors(f"error_type = '{kind}' and regeneration_status <> 'duplicate'")
        for kind in ("compilation", "runtime", "panic")
    }
    return rates | {
        ("Errors in, fixes proposed", "errors in, pushed"): started,
        ("Errors in, fixes proposed", "proposed"): errors("regeneration_status = 'proposed'"),
        ("Errors in, fixes proposed", "duplicates"): errors("regeneration_status = 'duplicate'"),
        ("Today (UTC)", "cost, USD"): value(
            "select sum(cost_usd) from filter_regeneration_attempts"
        ),
        ("Today (UTC)", "answers paid"): sum(call["status"] == 200 for call in asked),
        ("Today (UTC)", "users over budget"): value(
            "select count(alert_id) from filter_regeneration_daily_costs"
        ),
        ("Function errors", "regenerate"): failing,
        ("Function errors", "propose"): 0,
        ("Function errors", "trigger"): 0,
        ("Throttles", "regenerate"): None,
        ("Concurrent executions", "regenerate"): None,
        ("Workflow executions", "started"): started,
        ("Workflow executions", "succeeded"): started,
        ("Workflow executions", "failed"): None,
        ("Queue and dead letters", "waiting"): 0,
        ("Queue and dead letters", "dead letters"): 1,
        ("Queue and dead letters", "age of the oldest"): None,
    }


def differences(stack: Deployed, dashboard: body.Body, figures: Figures) -> dict[Any, Any]:
    shown = numbers(dashboard, figures)
    wanted = expected(stack)
    return {
        place: (shown.get(place), value)
        for place, value in wanted.items()
        if shown.get(place) != (None if value is None else pytest.approx(value, abs=1e-9))
    }


def test_every_number_is_the_ledger_s_and_the_endpoint_s(
    stack: Deployed, dashboard: body.Body, figures: Figures
) -> None:
    assert differences(stack, dashboard, figures) == {}
    assert expected(stack) | {
        ("Errors in, fixes proposed", "errors in, pushed"): 27,
        ("Errors in, fixes proposed", "duplicates"): 3,
        ("Today (UTC)", "users over budget"): 2,
        ("Function errors", "regenerate"): 2,
    } == expected(stack)


def test_the_latency_is_that_of_the_ledger(
    stack: Deployed, dashboard: body.Body, figures: Figures
) -> None:
    row = stack.conn.execute(
        "select percentile_cont(array[0.5, 0.99]) within group (order by age) as ages from ("
        "select extract(epoch from min(a.started_at) - e.created_at) as age "
        "from trader_execution_errors e join filter_regeneration_attempts a on a.error_id = e.id "
        "group by e.id) ages"
    ).fetchone()
    assert row
    shown = numbers(dashboard, figures)
    title = "From the row to the first attempt"
    assert [shown[title, stat] for stat in ("p50", "p99")] == pytest.approx(row["ages"], abs=0.5)


@pytest.mark.parametrize(
    ("name", "dimension"),
    [
        ("errors_in", "service"),
        ("duplicates", "service"),
        ("budget_alerts", "service"),
        ("filter_regeneration_success_total", "service"),
        ("filter_regeneration_success_total", "error_type"),
        ("filter_regeneration_failures_total", "error_type"),
        ("filter_regeneration_llm_cost_usd", "service"),
    ],
)
def test_one_count_too_many_is_seen(
    stack: Deployed, dashboard: body.Body, figures: Figures, name: str, dimension: str
) -> None:
    def is_it(sample: Sample) -> bool:
        return sample.metric.name == name and dimension in dict(sample.metric.dimensions)

    counted = emf.samples(read(url_of(stack), stack.log_group, 0))
    doubled = [*counted, next(filter(is_it, counted))]
    sources = {**figures.sources, emf.NAMESPACE: emf.OwnMetrics(doubled)}
    assert differences(stack, dashboard, replace(figures, sources=sources)) != {}


def test_the_table_has_the_runs_that_failed(
    stack: Deployed, dashboard: body.Body, figures: Figures
) -> None:
    now = time.time()
    (table,) = (
        panel.content
        for panel in panels(dashboard, figures, now - 3600, now)
        if isinstance(panel.content, Table)
    )
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    failed = stack.conn.execute(
        "select id, regeneration_status, regeneration_reason from trader_execution_errors "
        "where regeneration_status in ('exhausted', 'over_budget', 'stopped')"
    ).fetchall()
    assert {(r["error_id"], r["status"], r["reason"]) for r in rows} == {
        (str(e["id"]), e["regeneration_status"], e["regeneration_reason"]) for e in failed
    }
    assert len(rows) == 6
    assert [r["@timestamp"] for r in rows] == sorted((r["@timestamp"] for r in rows), reverse=True)
    assert all(r["trace_id"] == r["error_id"] for r in rows)


def test_it_can_be_looked_at(dashboard: body.Body, figures: Figures, tmp_path: Path) -> None:
    now = time.time()
    shown = panels(dashboard, figures, now - 3600, now)
    picture = tmp_path / "dashboard.png"
    drawing.dashboard(shown, "thirty errors").savefig(picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
    text = page.page(shown, "thirty errors")
    graphs = [panel for panel in shown if isinstance(panel.content, Chart)]
    assert text.count("data:image/svg+xml;base64,") == len(graphs)
    for panel in shown:
        assert panel.widget.properties.title in text
