"""Records of SQS or Kinesis: one that fails is reported by itself, the good ones go on."""

from collections.abc import Callable
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
from filtermend.events import decode_text
from filtermend.faults import UndecodableEvent
from filtermend.telemetry import logger


def admit_records(
    admitter: Callable[[], Admitter], event: dict[str, Any], context: LambdaContext, source: str
) -> dict[str, Any]:
    """Admit what each record names; the answer lists those that failed.

    Args:
        admitter: gives the admitter, at each record: where it cannot be had, that record failed.
        event: with `Records`.
        context: of the invocation.
        source: the records' own, `aws:sqs` or `aws:kinesis`.
    """
    kinesis = source == "aws:kinesis"
    processor = BatchProcessor(
        EventType.KinesisDataStreams if kinesis else EventType.SQS,
        raise_on_entire_batch_failure=False,
    )

    def admit(record: SQSRecord | KinesisStreamRecord) -> None:
        text, record_id = _text_of(record)
        try:
            admitter().admit_all(decode_text(text))
        except UndecodableEvent as fault:
            logger.error("record rejected", extra={"record": record_id, "reason": str(fault)})
            raise

    return dict(process_partial_response(event, admit, processor, context))


def _text_of(record: SQSRecord | KinesisStreamRecord) -> tuple[str, str]:
    """A record's content, and what it is called in the log."""
    if isinstance(record, SQSRecord):
        return record.body, record.message_id
    return record.kinesis.data_as_text(), record.kinesis.sequence_number
