"""Every way in means `{error_id, trader_id}`; everything else is refused with a sentence."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filtermend.events import DETAIL_TYPE, MOST_ERRORS, SOURCE, decode, decode_text
from filtermend.executions import error_of
from filtermend.faults import UndecodableEvent
from filtermend.models import ErrorRef, Step
from tests.unit.rows import ERROR_ID, TRADER_ID

EVENTS = Path(__file__).parents[2] / "events"
IDS = {"error_id": str(ERROR_ID), "trader_id": str(TRADER_ID)}
REF = ErrorRef(error_id=ERROR_ID, trader_id=TRADER_ID)
ROW = {"id": str(ERROR_ID), "trader_id": str(TRADER_ID), "error_type": "runtime"}
TABLE = "trader_execution_errors"


def bridge(detail: object, **changes: object) -> dict[str, object]:
    event = {"source": "trader.screener", "detail-type": "FilterExecutionFailed", "detail": detail}
    return event | changes


def dms(data: object = ROW, **metadata: object) -> dict[str, object]:
    return {"data": data, "metadata": {"operation": "insert", "table-name": TABLE} | metadata}


def debezium(after: object = ROW, op: str = "c", table: str = TABLE) -> dict[str, object]:
    return {"op": op, "after": after, "before": None, "source": {"table": table}}


@pytest.mark.parametrize(
    "event",
    [
        IDS,
        IDS | {"error_type": "runtime", "more": [1]},
        {"errors": [IDS]},
        bridge(IDS),
        bridge({"errors": [IDS]}),
        dms(),
        debezium(),
        {"payload": debezium(), "schema": {}},
        {"payload": debezium()},
    ],
    ids=[
        "plain",
        "more fields",
        "list",
        "bridge",
        "bridge list",
        "dms",
        "debezium",
        "schema",
        "payload",
    ],
)
def test_every_form_names_the_same_error(event: dict[str, object]) -> None:
    assert decode(event) == [REF]
    assert decode_text(json.dumps(event)) == [REF]


def dead_letter(payload: object) -> dict[str, object]:
    """What Lambda writes to a destination on failure."""
    return {
        "version": "1.0",
        "requestContext": {"condition": "RetriesExhausted", "functionArn": "arn:…:trigger"},
        "requestPayload": payload,
        "responsePayload": {"errorType": "DatabaseUnavailable"},
    }


@pytest.mark.parametrize("payload", [IDS, {"errors": [IDS]}, bridge(IDS)])
def test_a_dead_letter_can_be_sent_again_as_it_is(payload: object) -> None:
    assert decode(dead_letter(payload)) == [REF]


@pytest.mark.parametrize(
    "event",
    [
        {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}},
        {"source": "aws.states", "detail-type": "Step Functions Execution Status Change"},
        {"requestContext": {}, "KinesisBatchInfo": {"shardId": "0"}, "version": "1.0"},
    ],
)
def test_a_dead_letter_that_names_no_error_is_passed_over(event: dict[str, object]) -> None:
    assert decode(event) == []
    assert decode(dead_letter(event)) == []


def test_a_list_keeps_its_order() -> None:
    other = IDS | {"error_id": str(TRADER_ID)}
    assert [ref.error_id for ref in decode({"errors": [other, IDS]})] == [TRADER_ID, ERROR_ID]


@pytest.mark.parametrize(
    "change",
    [
        dms(operation="update"),
        dms(operation="load"),
        dms(**{"table-name": "traders"}),
        dms(data=None, operation="delete"),
        debezium(op="u"),
        debezium(op="r"),
        debezium(table="traders"),
        debezium(after=None, op="d"),
        {"op": "c", "after": ROW},
    ],
)
def test_a_change_that_is_no_insert_into_the_table_names_nothing(change: dict[str, object]) -> None:
    assert decode(change) == []


@pytest.mark.parametrize(
    "record",
    [
        {"metadata": {"record-type": "control", "operation": "create-table", "table-name": TABLE}},
        {"data": None, "metadata": {"record-type": "control", "operation": "truncate-table"}},
        None,
        {"schema": None, "payload": None},
        {"payload": {"ts_ms": 1}},
        {"ts_ms": 1},
    ],
    ids=["control", "control data", "tombstone", "tombstone schema", "heartbeat", "bare heartbeat"],
)
def test_what_a_stream_carries_beside_changes_names_nothing(record: object) -> None:
    assert decode(record) == []
    assert decode_text(json.dumps(record)) == []


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (1, "not a JSON object"),
        ([IDS], "not a JSON object"),
        ("text", "not a JSON object"),
        ({}, "error_id: Field required"),
        ({"error_id": str(ERROR_ID)}, "trader_id: Field required"),
        (IDS | {"error_id": "1"}, "error_id"),
        (IDS | {"trader_id": None}, "trader_id"),
        ({"errors": []}, '"errors" is a list'),
        ({"errors": IDS}, '"errors" is a list'),
        ({"errors": [IDS, {}]}, "error_id: Field required"),
        ({"errors": [IDS] * (MOST_ERRORS + 1)}, "at most 1000"),
        (bridge(IDS, source="aws.s3"), "source trader.screener"),
        (bridge(IDS, **{"detail-type": "Other"}), "detail-type FilterExecutionFailed"),
        (bridge(None), "two UUIDs"),
        (dms(data=None), "has the new row"),
        ({"metadata": {"operation": "insert", "table-name": TABLE}}, "error_id: Field required"),
        ({"ts_ms": 1, "ts_us": 2}, "error_id: Field required"),
        ({"data": ROW, "metadata": "insert"}, "metadata is an object"),
        (debezium(after={"id": str(ERROR_ID)}), "trader_id"),
    ],
)
def test_anything_else_is_refused_with_what_was_expected(event: object, reason: str) -> None:
    with pytest.raises(UndecodableEvent, match=reason):
        decode(event)


def test_a_refusal_does_not_repeat_the_input() -> None:
    with pytest.raises(UndecodableEvent) as refusal:
        decode({"error_id": "secret-token", "trader_id": "secret-token"})
    assert "secret-token" not in str(refusal.value)


@pytest.mark.parametrize(
    "text", ["", "no", "{", '{"error_id": }', "[" * 200_000, "\ud800", "1" * 5000]
)
def test_text_that_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(UndecodableEvent):
        decode_text(text)


KEYS = st.sampled_from(
    [
        "error_id",
        "trader_id",
        "errors",
        "detail-type",
        "detail",
        "source",
        "data",
        "metadata",
        "operation",
        "table-name",
        "payload",
        "op",
        "after",
        "id",
        "table",
    ]
)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(str(ERROR_ID))
)
JSON: Any = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(), inner, max_size=5)
    ),
    max_leaves=12,
)
TELLING = st.sampled_from(
    [IDS, ROW, [IDS], {"table": TABLE}, TABLE, "insert", "c", SOURCE, DETAIL_TYPE, "\ud800"]
)
VALUES = JSON | TELLING


def decoded_or_refused(decoding: Callable[[Any], list[ErrorRef]], event: object) -> bool:
    try:
        return all(isinstance(ref, ErrorRef) for ref in decoding(event))
    except UndecodableEvent as refusal:
        return bool(str(refusal))


@given(JSON | st.dictionaries(KEYS, VALUES))
def test_any_json_is_decoded_or_refused(event: object) -> None:
    assert decoded_or_refused(decode, event)


@given(st.text() | st.dictionaries(KEYS, VALUES).map(json.dumps))
def test_any_text_is_decoded_or_refused(text: str) -> None:
    assert decoded_or_refused(decode_text, text)


# --- the files in events/ --------------------------------------------------------------------


def event_of(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text("utf-8"))
    return event


@pytest.mark.parametrize("name", ["trigger-direct", "trigger-direct-many", "trigger-eventbridge"])
def test_an_event_file_names_the_error(name: str) -> None:
    assert decode(event_of(name)) == [REF]


@pytest.mark.parametrize(
    ("name", "form"), [("trigger-kinesis-dms", "metadata"), ("trigger-kinesis-debezium", "payload")]
)
def test_a_stream_record_names_the_error(name: str, form: str) -> None:
    (record,) = event_of(name)["Records"]
    assert record["eventSource"] == "aws:kinesis"
    text = base64.b64decode(record["kinesis"]["data"]).decode()
    assert form in json.loads(text)
    assert decode_text(text) == [REF]


@pytest.mark.parametrize("name", ["trigger-sqs", "trigger-dead-letter"])
def test_a_queue_message_names_the_error(name: str) -> None:
    (record,) = event_of(name)["Records"]
    assert record["eventSource"] == "aws:sqs"
    assert decode_text(record["body"]) == [REF]


def test_the_webhook_call_names_the_error() -> None:
    event = event_of("trigger-webhook")
    assert event["requestContext"]["http"]["method"] == "POST"
    assert event["headers"]["authorization"].startswith("Bearer ")
    assert decode_text(event["body"]) == [REF]


@pytest.mark.parametrize("name", ["regenerate", "validate", "propose"])
def test_a_step_names_the_error(name: str) -> None:
    step = Step.model_validate(event_of(name))
    assert (step.error_id, step.trader_id, step.run) == (ERROR_ID, TRADER_ID, 1)


def test_the_workflow_starts_with_exactly_the_three_ids() -> None:
    assert event_of("regenerate") == IDS | {"run": 1}


def test_a_failed_execution_names_the_error() -> None:
    detail = event_of("sweep-execution-failed")["detail"]
    assert error_of(detail["name"]) == ERROR_ID
    assert detail["executionArn"].endswith(f":{detail['name']}")


def test_every_way_in_has_its_file() -> None:
    ways = [
        "direct",
        "direct-many",
        "eventbridge",
        "webhook",
        "sqs",
        "dead-letter",
        "kinesis-dms",
        "kinesis-debezium",
    ]
    assert {path.stem for path in EVENTS.glob("trigger-*.json")} == {
        f"trigger-{way}" for way in ways
    }
