"""The validate Lambda: a step of the workflow, or a plain proxy to the Go backend over HTTP."""

from filtermend import start  # the first: see there

# isort: split

from functools import lru_cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from filtermend.database import Database
from filtermend.models import Step
from filtermend.settings import Secret, TracingSettings, ValidatorSettings
from filtermend.telemetry import about, logger, metrics
from filtermend.tracing import tracer
from filtermend.validation import Validation
from filtermend.validator import Validator, validator

database = Database(lambda fresh: Secret.load(fresh=fresh).need("database_url"))


@lru_cache(maxsize=1)
def validation(secret: Secret) -> Validation:
    """Built at the first step, whose error a missing setting is, and when a key was rotated."""
    return Validation(
        db=database,
        validator=backend(secret),
        tracer=tracer(TracingSettings.load().braintrust_project, secret.braintrust_api_key),
    )


def backend(secret: Secret) -> Validator:
    """The client of the Go backend."""
    return validator(ValidatorSettings.load(), secret.go_backend_token)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take the workflow's step and return it validated; or answer `POST {code}` over HTTP."""
    if "requestContext" in event:
        from filtermend.proxy import proxy  # the workflow's steps need no resolver

        return proxy(backend(Secret.load())).resolve(event, context)
    step = Step.model_validate(event)
    tool = validation(Secret.load())
    named = (step.error_id, step.trader_id, step.run, step.attempt, step.turn)
    with about(*named, traced=tool.tracer.enabled):
        try:
            return tool.run(step).model_dump(mode="json")
        finally:
            tool.tracer.flush()


start.loaded(*start.AWS, in_snapshot=start.TRACING)
