"""The sweep Lambda: every minute, and when an execution fails, times out or is aborted."""

from filtermend import start  # the first: see there

# isort: split

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from filtermend.admission import Admitter
from filtermend.database import Database
from filtermend.settings import (
    AlertSettings,
    LimitSettings,
    Secret,
    TracingSettings,
    WorkflowSettings,
)
from filtermend.sweeping import Sweep
from filtermend.telemetry import logger, metrics
from filtermend.tracing import tracer


@cache
def sweep() -> Sweep:
    """Built at the first event, so that a missing setting is that event's clear error."""
    database = Database(lambda fresh: Secret.load(fresh=fresh).need("database_url"))
    tracing = TracingSettings.load()
    tool = tracer(tracing.braintrust_project, Secret.load().braintrust_api_key)
    workflow, limits = WorkflowSettings.load(), LimitSettings.load()
    admitter = Admitter(database, workflow, limits, traced=tool.enabled)
    return Sweep(admitter, AlertSettings.load(), tool)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Sweep; for a failed execution's event only that execution is looked at."""
    detail = event.get("detail")
    if isinstance(detail, dict) and "executionArn" in detail:
        sweep().reconcile_execution(str(detail.get("name", "")))
        return {}
    return sweep().run().model_dump(mode="json")


start.loaded(*start.AWS)
