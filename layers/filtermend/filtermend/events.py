"""Every way in, decoded: whatever the envelope, it means `{error_id, trader_id}`.

Forms: an EventBridge event, that object alone or `{"errors": [object, ...]}` (the database
trigger, the webhook, a queue), records of change data capture as AWS DMS and Debezium write
them, and what Lambda and EventBridge leave in a dead-letter queue, which may be sent back as it is.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from filtermend.faults import UndecodableEvent
from filtermend.models import ErrorRef

SOURCE = "trader.screener"
DETAIL_TYPE = "FilterExecutionFailed"
TABLE = "trader_execution_errors"
SWEEP_SOURCES = ("aws.events", "aws.states")
BATCH_SOURCES = ("aws:sqs", "aws:kinesis")
MOST_ERRORS = 1_000
"""An event that names more is refused; the database trigger sends at most 100 at a time."""


def decode(event: object) -> list[ErrorRef]:
    """The errors an event names.

    None for a change that is not an insert into the table, and for what change data capture
    sends beside changes.

    Raises:
        UndecodableEvent: what is wrong with it, and what was expected.
    """
    if isinstance(event, Mapping) and "requestPayload" in event:  # a dead letter of Lambda's
        event = event["requestPayload"]
    if _is_no_change(event) or _is_other_failure(event):
        return []
    if not isinstance(event, Mapping):
        raise UndecodableEvent("the event is not a JSON object: send {error_id, trader_id}")
    if "detail-type" in event:
        return _eventbridge(event)
    if "metadata" in event and "data" in event:
        return _dms(event["metadata"], event["data"])
    payload = event.get("payload", event)
    if isinstance(payload, Mapping) and "op" in payload:
        return _debezium(payload)
    if "errors" in event:
        return _many(event["errors"])
    return [_ref(event)]


def decode_text(text: str) -> list[ErrorRef]:
    """The same from JSON text: a queue's message, a stream's record, a request's body.

    Raises:
        UndecodableEvent: as `decode`, and for text that is not JSON.
    """
    try:
        return decode(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise UndecodableEvent(f"not JSON ({error}): send {{error_id, trader_id}}") from None


def source_of(records: list[Any]) -> str:
    """Where a batch comes from: `aws:sqs` or `aws:kinesis`.

    Raises:
        UndecodableEvent: the records are another service's, or none.
    """
    found = {
        str(record.get("eventSource") or record.get("EventSource"))
        if isinstance(record, Mapping)
        else type(record).__name__
        for record in records
    }
    source = " and ".join(sorted(found))
    if source not in BATCH_SOURCES:
        raise UndecodableEvent(f"records come from {' or '.join(BATCH_SOURCES)}, not {source}")
    return source


def _is_no_change(event: object) -> bool:
    """A control record of DMS; a tombstone (null) or a heartbeat (a time alone) of Debezium."""
    if not isinstance(event, Mapping):
        return event is None
    metadata, payload = event.get("metadata"), event.get("payload", event)
    return (
        (isinstance(metadata, Mapping) and metadata.get("record-type") == "control")
        or payload is None
        or (isinstance(payload, Mapping) and payload.keys() == {"ts_ms"})
    )


def _is_other_failure(event: object) -> bool:
    """A dead letter that names no error.

    An event of the sweep's, which the next sweep makes good, or a Kinesis batch, of which Lambda
    keeps the place in the stream only.
    """
    if not isinstance(event, Mapping):
        return False
    return event.get("source") in SWEEP_SOURCES or "KinesisBatchInfo" in event


def _eventbridge(event: Mapping[str, Any]) -> list[ErrorRef]:
    if event.get("source") != SOURCE or event["detail-type"] != DETAIL_TYPE:
        raise UndecodableEvent(
            f"an EventBridge event has source {SOURCE} and detail-type {DETAIL_TYPE}, "
            f"not {event.get('source')!r} and {event['detail-type']!r}"
        )
    detail = event.get("detail")
    if isinstance(detail, Mapping) and "errors" in detail:
        return _many(detail["errors"])
    return [_ref(detail)]


def _dms(metadata: object, data: object) -> list[ErrorRef]:
    """AWS DMS: `{"data": row, "metadata": {"operation", "table-name", ...}}`."""
    if not isinstance(metadata, Mapping):
        raise UndecodableEvent("a DMS record's metadata is an object")
    if metadata.get("operation") != "insert" or metadata.get("table-name") != TABLE:
        return []
    return [_inserted(data)]


def _debezium(payload: Mapping[str, Any]) -> list[ErrorRef]:
    """Debezium: `{"op": "c", "after": row, "source": {"table"}}`, with or without a schema."""
    source = payload.get("source")
    if payload["op"] != "c" or not isinstance(source, Mapping) or source.get("table") != TABLE:
        return []
    return [_inserted(payload.get("after"))]


def _inserted(row: object) -> ErrorRef:
    if not isinstance(row, Mapping):
        raise UndecodableEvent(f"an insert into {TABLE} has the new row")
    return _ref({"error_id": row.get("id"), "trader_id": row.get("trader_id")})


def _many(items: object) -> list[ErrorRef]:
    if not isinstance(items, list) or not items:
        raise UndecodableEvent('"errors" is a list of objects with error_id and trader_id')
    if len(items) > MOST_ERRORS:
        raise UndecodableEvent(f"{len(items)} errors in one event: send at most {MOST_ERRORS}")
    return [_ref(item) for item in items]


def _ref(value: object) -> ErrorRef:
    try:
        return ErrorRef.model_validate(value)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'event'}: {e['msg']}" for e in error.errors()
        )
        raise UndecodableEvent(f"expected {{error_id, trader_id}}, two UUIDs: {problems}") from None
