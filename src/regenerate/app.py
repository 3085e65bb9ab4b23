"""The regenerate Lambda: one turn of one error, from the claim to a candidate."""

from filtermend import start  # the first: see there

# isort: split

from functools import lru_cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from filtermend import controls
from filtermend.contract import filter_contract
from filtermend.database import Database
from filtermend.models import Step
from filtermend.prompt_store import PromptStore
from filtermend.regeneration import Regenerator
from filtermend.settings import (
    ControlSettings,
    GeminiSettings,
    LimitSettings,
    Secret,
    TracingSettings,
    ValidatorSettings,
)
from filtermend.telemetry import about, logger, metrics
from filtermend.tracing import tracer
from filtermend.validator import validator

database = Database(lambda fresh: Secret.load(fresh=fresh).need("database_url"))


@lru_cache(maxsize=1)
def regenerator(secret: Secret) -> Regenerator:
    """Built at the first event, whose error a missing setting is, and when a key was rotated."""
    control, tracing = ControlSettings.load(), TracingSettings.load()
    backend = validator(ValidatorSettings.load(), secret.go_backend_token)
    return Regenerator(
        db=database,
        model=GeminiSettings.load(),
        api_key=secret.need("gemini_api_key"),
        backend=backend,
        limits=LimitSettings.load(),
        tracer=tracer(tracing.braintrust_project, secret.braintrust_api_key),
        contract=lambda: filter_contract(backend),
        template=PromptStore(tracing, secret.braintrust_api_key).template,
        prices=lambda: controls.prices(control),
        stopped=lambda: controls.stopped(control),
        rotated=lambda: Secret.load(fresh=True).gemini_api_key != secret.gemini_api_key,
    )


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take the workflow's step and return it with an outcome."""
    step = Step.model_validate(event)
    tool = regenerator(Secret.load())
    named = (step.error_id, step.trader_id, step.run, step.attempt, step.turn)
    with about(*named, traced=tool.tracer.enabled):
        try:
            remaining_seconds = context.get_remaining_time_in_millis() / 1000
            return tool.run(step, remaining_seconds).model_dump(mode="json")
        finally:
            tool.tracer.flush()


start.loaded(*start.AWS, in_snapshot=start.TRACING)
