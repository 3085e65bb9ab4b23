"""The sweep: what no event reached, what died on the way, and alerts on their way out."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from integration.core.rows import Rows
from integration.core.workflow import BOTH_KINDS, Executions

from filtermend import aws, sweeping
from filtermend.admission import Admitted, Admitter
from filtermend.faults import AlertLost, DatabaseUnavailable
from filtermend.models import ErrorRef
from filtermend.settings import AlertSettings
from filtermend.store.errors import find_error
from filtermend.sweeping import Sweep, Swept
from filtermend.tracing import Tracer

pytestmark = BOTH_KINDS
Admit = Callable[..., Admitter]
Sweeps = Callable[..., Sweep]
TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"


class Topic:
    """SNS and EventBridge: take what is published, or are down."""

    def __init__(self) -> None:
        self.published: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.down = False
        self.refusing = False

    def publish(self, **message: Any) -> None:
        if self.down:
            raise ConnectionError("SNS is down")
        assert message["TopicArn"] == TOPIC
        self.published.append(json.loads(message["Message"]))

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803  boto's name
        if self.refusing:
            return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]}
        self.events += Entries
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> Topic:
    fake = Topic()
    monkeypatch.setattr(aws, "client", lambda service: {"sns": fake, "events": fake}[service])
    return fake


@pytest.fixture
def sweep(admit: Admit, topic: Topic, off: Tracer) -> Sweeps:
    settings = AlertSettings(alarm_topic_arn=TOPIC, event_bus_name="errors")
    return lambda **limits: Sweep(admit(**limits), settings, off)


def admitted(rows: Rows, admit: Admit, **columns: Any) -> ErrorRef:
    """An error in work whose lease has passed."""
    ref = rows.error(**columns)
    assert isinstance(admit().admit(ref), Admitted)
    rows.lease(ref.error_id, -1)
    return ref


def alert(rows: Rows, user: UUID) -> UUID:
    [row] = rows.run(
        "insert into filter_regeneration_daily_costs "
        "(user_id, day, spent_usd, alert_id, alert_recorded_at) "
        "values (%s, current_date, 10.5, gen_random_uuid(), now()) "
        "returning alert_id",
        [user],
    )
    return UUID(str(row["alert_id"]))


def test_pending_errors_past_the_grace_are_admitted(
    rows: Rows, sweep: Sweeps, workflow: Executions, counted: dict[str, Any]
) -> None:
    refs = [rows.error(age_seconds=age) for age in (20, 3600, 23 * 3600)]
    assert sweep().run() == Swept(started=3)
    assert {error_id for error_id, _, _ in workflow.inputs} == {ref.error_id for ref in refs}
    assert counted["sweep_runs"]["Value"] == [1]
    assert sweep().run() == Swept()


def test_a_younger_error_is_left_to_its_event(
    rows: Rows, sweep: Sweeps, workflow: Executions
) -> None:
    rows.error(age_seconds=5)
    assert sweep().run() == Swept()
    assert workflow.names == []


def test_an_older_error_is_ended_with_a_reason(
    rows: Rows, sweep: Sweeps, workflow: Executions
) -> None:
    ref = rows.error(age_seconds=24 * 3600 + 60)
    resolved = rows.error(age_seconds=24 * 3600 + 60, resolved_at="2026-11-20T00:00:00Z")
    assert sweep(sweep_max_age_hours=24).run() == Swept(stale=2)
    for error_id in (ref.error_id, resolved.error_id):
        assert rows.row(error_id)["regeneration_status"] == "stopped"
    assert "within 24 hours" in rows.row(ref.error_id)["regeneration_reason"]
    assert workflow.names == []
    assert sweep().run() == Swept()


def test_an_error_within_the_age_is_taken_up(rows: Rows, sweep: Sweeps) -> None:
    rows.error(age_seconds=24 * 3600 + 60)
    assert sweep(sweep_max_age_hours=48).run() == Swept(started=1)


def test_an_old_error_that_a_person_asked_for_again_is_admitted(
    rows: Rows, sweep: Sweeps, workflow: Executions
) -> None:
    ref = rows.error(age_seconds=72 * 3600)
    rows.set(ref.error_id, regeneration_run=2)
    assert sweep().run() == Swept(started=1)
    assert workflow.names == [f"{ref.error_id}-2"]


def test_a_row_older_than_the_migration_is_left_alone(
    rows: Rows, sweep: Sweeps, workflow: Executions
) -> None:
    ref = rows.error(age_seconds=60)
    rows.set(ref.error_id, regeneration_status=None)
    assert sweep().run() == Swept()
    assert workflow.names == []


def test_resolved_errors_do_not_keep_others_waiting(
    rows: Rows, sweep: Sweeps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 5)
    for _ in range(5):
        rows.error(age_seconds=600, resolved_at=datetime.now(UTC))
    rows.error(age_seconds=60)
    assert sweep().run().started == 1


def test_a_run_whose_execution_is_open_gets_a_new_lease(
    rows: Rows, admit: Admit, sweep: Sweeps, workflow: Executions
) -> None:
    ref = admitted(rows, admit)
    assert sweep(run_lease_seconds=300).run() == Swept(alive=1)
    lease = rows.row(ref.error_id)["regeneration_lease_until"]
    left = lease - datetime.now(UTC)
    assert timedelta(seconds=250) < left <= timedelta(seconds=300)
    assert workflow.names == [f"{ref.error_id}-1"]
    assert sweep().run() == Swept()


def test_living_runs_do_not_keep_a_dead_one_waiting(
    rows: Rows, admit: Admit, sweep: Sweeps, workflow: Executions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 3)
    for _ in range(3):
        admitted(rows, admit)
    dead = admitted(rows, admit)
    workflow.close(dead.error_id, 1)
    assert sweep().run() == Swept(alive=3)
    assert sweep().run() == Swept(restarted=1)
    assert workflow.names[-1] == f"{dead.error_id}-2"


def test_a_run_whose_execution_was_never_started_is_started(
    rows: Rows, sweep: Sweeps, workflow: Executions
) -> None:
    step = rows.running()
    rows.lease(step.error_id, -1)
    assert sweep().run() == Swept(restarted=1)
    assert workflow.names == [f"{step.error_id}-1"]
    assert rows.row(step.error_id)["auto_regeneration_triggered"] is True


def test_a_run_whose_execution_is_closed_is_followed_by_the_next(
    rows: Rows, admit: Admit, sweep: Sweeps, workflow: Executions
) -> None:
    ref = admitted(rows, admit)
    workflow.close(ref.error_id, 1)
    assert sweep().run() == Swept(restarted=1)
    assert workflow.names[-1] == f"{ref.error_id}-2"
    assert rows.row(ref.error_id)["regeneration_run"] == 2


def test_a_run_within_its_lease_is_not_looked_at(
    rows: Rows, admit: Admit, sweep: Sweeps, workflow: Executions
) -> None:
    ref = admitted(rows, admit)
    rows.lease(ref.error_id, 60)
    workflow.close(ref.error_id, 1)
    assert sweep().run() == Swept()


def test_a_run_over_budget_is_taken_up_again_when_its_day_has_passed(
    rows: Rows, admit: Admit, sweep: Sweeps, workflow: Executions
) -> None:
    ref = admitted(rows, admit)
    workflow.close(ref.error_id, 1)
    rows.set(ref.error_id, regeneration_status="over_budget")
    rows.lease(ref.error_id, 60)
    assert sweep().run() == Swept()
    rows.lease(ref.error_id, -1)
    assert sweep(automatic_runs=1).run() == Swept(restarted=1)  # it did not break down
    row = rows.row(ref.error_id)
    assert (row["regeneration_status"], row["regeneration_run"]) == ("running", 2)
    assert workflow.names[-1] == f"{ref.error_id}-2"


def test_days_over_budget_are_no_breakdowns(
    rows: Rows, admit: Admit, sweep: Sweeps, workflow: Executions
) -> None:
    ref = admitted(rows, admit)
    for run in (1, 2, 3):
        workflow.close(ref.error_id, run)
        rows.set(ref.error_id, regeneration_status="over_budget")
        rows.lease(ref.error_id, -1)
        assert sweep(automatic_runs=2).run() == Swept(restarted=1)
    for run, swept in ((4, Swept(restarted=1)), (5, Swept())):
        workflow.close(ref.error_id, run)
        rows.lease(ref.error_id, -1)
        assert sweep(automatic_runs=2).run() == swept
    row = rows.row(ref.error_id)
    assert (row["regeneration_status"], row["regeneration_run"]) == ("stopped", 5)


def test_two_sweeps_at_once_start_a_run_once(
    rows: Rows, admit: Admit, sweep: Sweeps, workflow: Executions
) -> None:
    ref = admitted(rows, admit)
    workflow.close(ref.error_id, 1)
    row = admit().db.transact(lambda conn: find_error(conn, ref.error_id))
    assert row is not None
    for each in (sweep(), sweep()):
        each.admitter.reconcile(row)
    assert workflow.names == [f"{ref.error_id}-1", f"{ref.error_id}-2"]


@pytest.mark.parametrize("name", ["rubbish", f"{uuid4()}-1", ""])
def test_a_failed_execution_of_nobody_is_ignored(sweep: Sweeps, name: str) -> None:
    assert sweep().reconcile_execution(name) is None


def test_a_failed_execution_is_followed_at_once(
    rows: Rows, admit: Admit, sweep: Sweeps, workflow: Executions
) -> None:
    ref = admitted(rows, admit)
    rows.lease(ref.error_id, 600)
    workflow.close(ref.error_id, 1)
    found = sweep().reconcile_execution(f"{ref.error_id}-1")
    assert found == Admitted(2, f"{ref.error_id}-2", new=True)


def test_a_row_that_fails_stops_no_other_and_is_raised_at_the_end(
    rows: Rows, sweep: Sweeps, topic: Topic, workflow: Executions, counted: dict[str, Any]
) -> None:
    pending = [rows.error(age_seconds=60).error_id for _ in range(3)]
    running = [rows.running().error_id for _ in range(3)]
    for error_id in running:
        rows.lease(error_id, -1)
    alert(rows, uuid4())
    workflow.refused = {pending[0], running[0]}
    with pytest.raises(ExceptionGroup) as raised:
        sweep().run()
    assert [type(error) for error in raised.value.exceptions] == [PermissionError] * 2
    assert {error_id for error_id, _, _ in workflow.inputs} == {*pending[1:], *running[1:]}
    assert len(topic.published) == 1
    assert sum(counted["parts_failed"]["Value"]) == 2


def test_a_job_that_fails_stops_no_other(
    rows: Rows, sweep: Sweeps, topic: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreached(*_: object) -> None:
        raise DatabaseUnavailable("QueryCanceled 57014")

    monkeypatch.setattr(sweeping.errors, "unreached", unreached)
    step = rows.running()
    rows.lease(step.error_id, -1)
    alert(rows, uuid4())
    with pytest.raises(DatabaseUnavailable):
        sweep().run()
    assert rows.row(step.error_id)["auto_regeneration_triggered"] is True
    assert len(topic.published) == 1


def test_a_row_without_a_message_or_a_time_is_taken_up(
    rows: Rows, sweep: Sweeps, workflow: Executions
) -> None:
    for column in ("error_message", "created_at"):
        rows.run(f"alter table trader_execution_errors alter {column} drop not null")
    ref = rows.error(error_message=None, created_at=None)
    assert sweep().run() == Swept(started=1)
    assert workflow.names == [f"{ref.error_id}-1"]


def test_an_alert_is_published_once_with_its_id(
    rows: Rows, sweep: Sweeps, topic: Topic, counted: dict[str, Any]
) -> None:
    user = uuid4()
    alert_id = alert(rows, user)
    assert sweep().run() == Swept(alerts=1)
    [published] = topic.published
    assert (published["alert_id"], published["user_id"]) == (str(alert_id), str(user))
    [event] = topic.events
    assert json.loads(event.pop("Detail")) == published
    assert event == {"EventBusName": "errors", "Source": "filtermend", "DetailType": "BudgetAlert"}
    assert published["spent_usd"].startswith("10.5")
    assert rows.day(user)["alert_delivered_at"] is not None
    assert counted["budget_alerts"]["Value"] == [1]
    assert sweep().run() == Swept()
    assert len(topic.published) == 1


def test_an_alert_that_could_not_be_published_is_published_by_the_next_sweep(
    rows: Rows, sweep: Sweeps, topic: Topic, workflow: Executions
) -> None:
    alert_id = alert(rows, uuid4())
    ref = rows.error(age_seconds=60)
    topic.down = True
    with pytest.raises(ConnectionError):
        sweep().run()
    assert workflow.names == [f"{ref.error_id}-1"]  # its other work was done
    topic.down = False
    assert sweep().run().alerts == 1
    assert [published["alert_id"] for published in topic.published] == [str(alert_id)]


def test_an_alert_that_the_bus_refused_is_sent_again_with_its_id(
    rows: Rows, sweep: Sweeps, topic: Topic
) -> None:
    alert_id = alert(rows, uuid4())
    topic.refusing = True
    with pytest.raises(AlertLost, match="ThrottlingException"):
        sweep().run()
    topic.refusing = False
    assert sweep().run().alerts == 1
    assert [p["alert_id"] for p in topic.published] == [str(alert_id)] * 2, "at least once"
    assert len(topic.events) == 1


def test_rows_that_always_fail_do_not_keep_others_waiting(
    rows: Rows, sweep: Sweeps, topic: Topic, workflow: Executions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 2)
    failing = [rows.error(age_seconds=90).error_id for _ in range(2)]
    behind = rows.error(age_seconds=60)
    workflow.refused = set(failing)
    for _ in range(2):
        with suppress(PermissionError, ExceptionGroup):
            sweep().run()
    assert behind.error_id in {error_id for error_id, _, _ in workflow.inputs}


def test_an_error_that_could_not_be_taken_up_is_tried_again_later(
    rows: Rows, sweep: Sweeps, topic: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = rows.error(age_seconds=60)
    with monkeypatch.context() as patched:
        patched.setattr(Admitter, "admit", broken)
        with pytest.raises(RuntimeError):
            sweep().run()
    assert sweep().run().started == 0
    rows.lease(ref.error_id, -1)
    assert sweep().run().started == 1


def broken(*_: object, **__: object) -> None:
    raise RuntimeError("a row nobody thought of")


@pytest.mark.parametrize("sent", [True, False])
def test_a_call_whose_run_died_for_good_is_closed(rows: Rows, sweep: Sweeps, sent: bool) -> None:
    step = rows.running()
    owner = rows.owner(step.error_id)
    rows.candidate(
        step, "", outcome=None, candidate_code=None, cost_usd=None, reserved_usd="0.25",
        lease_until="2026-01-01T00:00:00Z", sent_at="2026-01-01T00:00:00Z" if sent else None,
    )  # fmt: skip
    rows.run("update filter_regeneration_attempts set finished_at = null")
    rows.run(
        "insert into filter_regeneration_daily_costs (user_id, day, reserved_usd) "
        "select user_id, (started_at at time zone 'UTC')::date, 0.25 "
        "from filter_regeneration_attempts"
    )
    rows.set(step.error_id, regeneration_status="stopped")
    assert sweep().run() == Swept(closed=1)
    [call] = rows.calls(step.error_id)
    assert call["outcome"] == ("unknown" if sent else "failed")
    assert rows.day(owner)["reserved_usd"] == (Decimal("0.25") if sent else 0)
    assert sweep().run() == Swept()
