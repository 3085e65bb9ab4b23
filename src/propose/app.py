"""The propose Lambda: what follows from a turn, and the end of a run."""

from filtermend import start  # the first: see there

# isort: split

from functools import lru_cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from filtermend.database import Database
from filtermend.models import Step
from filtermend.proposal import Proposal
from filtermend.settings import LimitSettings, Secret, TracingSettings
from filtermend.telemetry import about, logger, metrics
from filtermend.tracing import tracer

database = Database(lambda fresh: Secret.load(fresh=fresh).need("database_url"))


@lru_cache(maxsize=1)
def proposal(secret: Secret) -> Proposal:
    """Built at the first step, whose error a missing setting is, and when a key was rotated."""
    return Proposal(
        db=database,
        limits=LimitSettings.load(),
        tracer=tracer(TracingSettings.load().braintrust_project, secret.braintrust_api_key),
    )


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take the workflow's step and return it with the decision."""
    step = Step.model_validate(event)
    tool = proposal(Secret.load())
    named = (step.error_id, step.trader_id, step.run, step.attempt, step.turn)
    with about(*named, traced=tool.tracer.enabled):
        try:
            return tool.run(step).model_dump(mode="json")
        finally:
            tool.tracer.flush()


start.loaded(*start.AWS, in_snapshot=start.TRACING)
