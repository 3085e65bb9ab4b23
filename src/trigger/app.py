"""The trigger Lambda: whatever way an error comes in, one execution is started for it."""

from dataclasses import asdict
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.kinesis_stream_event import KinesisStreamRecord
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from filtermend.admission import Admitter
from filtermend.database import Database
from filtermend.events import decode, decode_text, source_of
from filtermend.faults import UndecodableEvent
from filtermend.settings import LimitSettings, Secret, WorkflowSettings
from filtermend.telemetry import logger, metrics
from filtermend.webhook import webhook


@cache
def admitter() -> Admitter:
    """Built at the first event, so that a missing setting is that event's clear error."""
    database = Database(lambda fresh: Secret.load(fresh=fresh).need("database_url"))
    traced = bool(Secret.load().braintrust_api_key)
    return Admitter(database, WorkflowSettings.load(), LimitSettings.load(), traced=traced)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: Any, context: LambdaContext) -> dict[str, Any]:
    """Take an EventBridge event, a direct invocation, a webhook's call or a batch of records."""
    if isinstance(event, dict) and "requestContext" in event:
        return webhook(admitter(), Secret.load().webhook_token).resolve(event, context)
    records = event.get("Records") if isinstance(event, dict) else None
    try:
        if isinstance(records, list) and records:
            return _batch(event, context, source_of(records))
        results = admitter().admit_all(decode(event))
    except UndecodableEvent as fault:
        logger.error("event rejected", extra={"reason": str(fault)})
        raise
    return {error_id: asdict(result) for error_id, result in results.items()}


def _batch(event: dict[str, Any], context: LambdaContext, source: str) -> dict[str, Any]:
    """SQS or Kinesis: a record that fails is reported by itself, the good ones go on."""
    kinesis = source == "aws:kinesis"
    processor = BatchProcessor(
        EventType.KinesisDataStreams if kinesis else EventType.SQS,
        raise_on_entire_batch_failure=False,
    )
    record_handler = _kinesis_record if kinesis else _sqs_record
    answer = process_partial_response(event, record_handler, processor, context)
    return dict(answer)


def _sqs_record(record: SQSRecord) -> None:
    _admit_text(record.body, record.message_id)


def _kinesis_record(record: KinesisStreamRecord) -> None:
    _admit_text(record.kinesis.data_as_text(), record.kinesis.sequence_number)


def _admit_text(text: str, record_id: str) -> None:
    try:
        admitter().admit_all(decode_text(text))
    except UndecodableEvent as fault:
        logger.error("record rejected", extra={"record": record_id, "reason": str(fault)})
        raise
