"""The sweep: what no event reached, what died on the way, and alerts not delivered yet."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3

from filtermend import executions
from filtermend.admission import Admitted, Admitter
from filtermend.models import ErrorRow, Status, Value
from filtermend.rules.admission import Refused
from filtermend.settings import Settings
from filtermend.store import budget, errors
from filtermend.telemetry import count, logger

if TYPE_CHECKING:
    from types_boto3_sns import SNSClient

BATCH = 100
GRACE_SECONDS = 15
"""An event gets so long to arrive before the sweep does its work."""


class AlertSettings(Settings):
    """Where alerts go."""

    alarm_topic_arn: str


class Swept(Value):
    """What one sweep did."""

    started: int = 0
    restarted: int = 0
    alive: int = 0
    alerts: int = 0


@dataclass(frozen=True)
class Sweep:
    """Everything a sweep uses; short transactions, no lock held during a call out."""

    admitter: Admitter
    alerts: AlertSettings

    def run(self) -> Swept:
        """One pass over at most `BATCH` rows of each kind, oldest first."""
        count("sweep_runs")
        db = self.admitter.db
        age = self.admitter.limits.sweep_max_age_hours
        refs = db.transact(lambda conn: errors.unreached(conn, age, GRACE_SECONDS, BATCH))
        started = self.admitter.admit_all(refs).values()
        rows = db.transact(lambda conn: errors.past_lease(conn, BATCH))
        revived = [self.reconcile(row) for row in rows]
        swept = Swept(
            started=sum(isinstance(result, Admitted) for result in started),
            restarted=sum(isinstance(r, Admitted) and r.new for r in revived),
            alive=sum(isinstance(r, Admitted) and not r.new for r in revived),
            alerts=self._deliver_alerts(),
        )
        logger.info("swept", extra=swept.model_dump())
        return swept

    def reconcile(self, error: ErrorRow) -> Admitted | Refused | None:
        """Take up a run past its lease, or one over budget whose new day has begun."""
        if error.regeneration_status is Status.OVER_BUDGET:
            return self.admitter.restart(error, error.regeneration_run or 1)
        return self.admitter.reconcile(error)

    def reconcile_execution(self, name: str) -> Admitted | Refused | None:
        """The same for an execution that EventBridge says has failed: `{error_id}-{run}`."""
        error_id = executions.error_of(name)
        if error_id is None:
            return None
        error = self.admitter.db.transact(lambda conn: errors.find_error(conn, error_id))
        if error is None or error.regeneration_status is not Status.RUNNING:
            return None
        return self.reconcile(error)

    def _deliver_alerts(self) -> int:
        """Publish alerts with their stable id; one that fails is tried again next minute."""
        alerts = self.admitter.db.transact(lambda conn: budget.undelivered_alerts(conn, BATCH))
        for alert in alerts:
            _sns().publish(
                TopicArn=self.alerts.alarm_topic_arn,
                Subject="filtermend: a user's daily limit for repairs is reached",
                Message=alert.model_dump_json(),
            )
            self._mark_delivered(alert)
            count("budget_alerts")
        return len(alerts)

    def _mark_delivered(self, alert: budget.BudgetAlert) -> None:
        self.admitter.db.transact(lambda conn: budget.mark_delivered(conn, alert))


def _sns() -> "SNSClient":
    return boto3.client("sns")
