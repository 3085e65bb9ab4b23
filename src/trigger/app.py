"""The trigger Lambda: whatever way an error comes in, one execution is started for it.

What only some events need is imported when the first of them comes.
"""

from filtermend import start  # the first: see there

# isort: split

from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from filtermend.events import decode, source_of
from filtermend.faults import UndecodableEvent
from filtermend.settings import LimitSettings, Secret, WorkflowSettings
from filtermend.telemetry import logger, metrics

if TYPE_CHECKING:
    from filtermend.admission import Admitter


@cache
def admitter() -> "Admitter":
    """Built at the first event, so that a missing setting is that event's clear error."""
    from filtermend.admission import Admitter
    from filtermend.database import Database

    database = Database(lambda fresh: Secret.load(fresh=fresh).need("database_url"))
    traced = bool(Secret.load().braintrust_api_key)
    return Admitter(database, WorkflowSettings.load(), LimitSettings.load(), traced=traced)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: Any, context: LambdaContext) -> dict[str, Any]:
    """Take an EventBridge event, a direct invocation, a webhook's call or a batch of records."""
    if isinstance(event, dict) and "requestContext" in event:
        from filtermend.webhook import webhook

        return webhook(admitter(), Secret.load().webhook_token).resolve(event, context)
    records = event.get("Records") if isinstance(event, dict) else None
    try:
        if isinstance(records, list) and records:
            source = source_of(records)
            from filtermend.batch import admit_records

            return admit_records(admitter, event, context, source)
        results = admitter().admit_all(decode(event))
    except UndecodableEvent as fault:
        logger.error("event rejected", extra={"reason": str(fault)})
        raise
    return {error_id: asdict(result) for error_id, result in results.items()}


start.loaded(*start.AWS, "filtermend.admission")
