"""Batches of queues and streams: the good records go on, exactly the bad ones come back."""

import base64
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from integration.core.invocations import Context
from integration.core.rows import Rows
from integration.core.workflow import Executions

from filtermend import admission
from filtermend.faults import DatabaseUnavailable, UndecodableEvent
from filtermend.models import ErrorRef

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
Handle = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture
def handle(
    app: Callable[..., Any], rows: Rows, workflow: Executions, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """The trigger's handler."""
    monkeypatch.setattr(admission, "ROW_WAIT_SECONDS", 0.2)
    trigger = app("trigger", database_url=rows.dsn)
    yield lambda event: trigger.handler(event, Context())
    trigger.admitter().db.close()


def body_of(ref: ErrorRef) -> dict[str, str]:
    return {"error_id": str(ref.error_id), "trader_id": str(ref.trader_id)}


def sqs(*bodies: object) -> dict[str, Any]:
    """A batch of messages m0, m1, …"""
    texts = [body if isinstance(body, str) else json.dumps(body) for body in bodies]
    return {
        "Records": [
            {
                "messageId": f"m{n}",
                "receiptHandle": "handle",
                "body": text,
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:errors",
                "awsRegion": "us-east-1",
            }
            for n, text in enumerate(texts)
        ]
    }


def kinesis(*data: object) -> dict[str, Any]:
    """A batch of records with sequence numbers 0, 1, …"""
    raw = [item if isinstance(item, bytes) else json.dumps(item).encode() for item in data]
    return {
        "Records": [
            {
                "kinesis": {
                    "kinesisSchemaVersion": "1.0",
                    "partitionKey": "1",
                    "sequenceNumber": str(n),
                    "data": base64.b64encode(item).decode(),
                    "approximateArrivalTimestamp": 1795176000.0,
                },
                "eventSource": "aws:kinesis",
                "eventID": f"shardId-000000000000:{n}",
                "eventSourceARN": "arn:aws:kinesis:us-east-1:123456789012:stream/errors",
                "awsRegion": "us-east-1",
            }
            for n, item in enumerate(raw)
        ]
    }


def dms(ref: ErrorRef, operation: str = "insert", table: str = "trader_execution_errors") -> object:
    row = {"id": str(ref.error_id), "trader_id": str(ref.trader_id), "error_type": "panic"}
    metadata = {"operation": operation, "table-name": table, "record-type": "data"}
    return {"data": row, "metadata": metadata}


def debezium(ref: ErrorRef, op: str = "c", table: str = "trader_execution_errors") -> object:
    row = {"id": str(ref.error_id), "trader_id": str(ref.trader_id)}
    return {"payload": {"before": None, "after": row, "source": {"table": table}, "op": op}}


def failed(answer: dict[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def started(workflow: Executions) -> set[Any]:
    return {error_id for error_id, _, _ in workflow.inputs}


def test_of_a_queues_batch_exactly_the_bad_messages_come_back(
    rows: Rows, handle: Handle, workflow: Executions
) -> None:
    one, two, three, four = (rows.error() for _ in range(4))
    bridge = {
        "source": "trader.screener",
        "detail-type": "FilterExecutionFailed",
        "detail": body_of(two),
    }
    answer = handle(
        sqs(
            body_of(one),
            "{",
            bridge,
            {"error_id": "x"},
            {"errors": [body_of(three), body_of(four)]},
            {**bridge, "source": "someone.else"},
        )
    )
    assert failed(answer) == ["m1", "m3", "m5"]
    assert started(workflow) == {ref.error_id for ref in (one, two, three, four)}


def test_what_can_never_be_admitted_does_not_come_back(
    rows: Rows, handle: Handle, workflow: Executions
) -> None:
    missing = ErrorRef(error_id=uuid4(), trader_id=uuid4())
    timeout = rows.error(error_type="timeout")
    assert failed(handle(sqs(body_of(missing), body_of(timeout)))) == []
    assert workflow.names == []


def test_of_a_streams_batch_exactly_the_bad_records_come_back(
    rows: Rows, handle: Handle, workflow: Executions
) -> None:
    one, two, three = (rows.error() for _ in range(3))
    answer = handle(
        kinesis(dms(one), b"\xff\xfe", debezium(two), b"not json", {"payload": {"op": "c"}}, 7)
    )
    assert failed(answer) == ["1", "3", "5"]
    assert started(workflow) == {one.error_id, two.error_id}
    assert failed(handle(kinesis(body_of(three)))) == []
    assert three.error_id in started(workflow)


def test_changes_that_are_no_insert_of_ours_are_passed_over(
    rows: Rows, handle: Handle, workflow: Executions
) -> None:
    ref = rows.error()
    others = [
        dms(ref, operation="update"),
        dms(ref, operation="delete"),
        dms(ref, table="traders"),
        debezium(ref, op="u"),
        debezium(ref, op="r"),
        debezium(ref, table="traders"),
    ]
    assert failed(handle(kinesis(*others))) == []
    assert workflow.names == []


def test_an_insert_without_its_row_comes_back(handle: Handle) -> None:
    metadata = {"operation": "insert", "table-name": "trader_execution_errors"}
    assert failed(handle(kinesis({"data": None, "metadata": metadata}))) == ["0"]


def test_a_batch_of_only_bad_records_is_answered_and_not_raised(handle: Handle) -> None:
    assert failed(handle(sqs("{", "["))) == ["m0", "m1"]


def test_a_record_whose_admission_breaks_down_comes_back_and_the_others_go_on(
    rows: Rows, handle: Handle, workflow: Executions, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = rows.error(), rows.error()
    find, broken = admission.errors.find_failure, []

    def find_once(*args: Any, **options: Any) -> Any:
        if not broken:
            broken.append(True)
            raise DatabaseUnavailable("OperationalError")
        return find(*args, **options)

    monkeypatch.setattr(admission.errors, "find_failure", find_once)
    assert failed(handle(sqs(body_of(first), body_of(second)))) == ["m0"]
    assert started(workflow) == {second.error_id}


def test_an_error_whose_admission_breaks_down_holds_up_no_other_of_its_event(
    rows: Rows, handle: Handle, workflow: Executions, logged: Callable[[], str]
) -> None:
    bad, good = rows.error(), rows.error()
    workflow.refused = {bad.error_id}
    with pytest.raises(PermissionError):
        handle({"errors": [body_of(bad), body_of(good)]})
    assert started(workflow) == {good.error_id}
    [line] = [line for line in map(json.loads, logged().splitlines()) if "cause" in line]
    assert (line["error_id"], line["cause"]) == (str(bad.error_id), "PermissionError")


def test_the_same_error_in_many_records_starts_once(
    rows: Rows, handle: Handle, workflow: Executions
) -> None:
    ref = rows.error()
    assert failed(handle(sqs(*[body_of(ref)] * 5))) == []
    assert len(workflow.names) == 1


def test_a_direct_invocation_is_answered_per_error(
    rows: Rows, handle: Handle, workflow: Executions
) -> None:
    one, two = rows.error(), rows.error(error_type="timeout")
    answer = handle({"errors": [body_of(one), body_of(two)]})
    assert answer[str(one.error_id)]["execution"] == f"{one.error_id}-1"
    assert answer[str(two.error_id)]["refusal"] == "not_repairable"


@pytest.mark.parametrize(
    ("records", "source"),
    [
        ([{"eventSource": "aws:s3", "s3": {}}], "not aws:s3"),
        ([{"EventSource": "aws:sns", "Sns": {}}], "not aws:sns"),
        ([{"eventSource": "aws:dynamodb"}, sqs("{")["Records"][0]], "not aws:dynamodb and aws:sqs"),
        ([1], "not int"),
        ([{}], "not None"),
    ],
)
def test_records_of_another_source_are_rejected_by_its_name(
    handle: Handle, logged: Callable[[], str], records: list[Any], source: str
) -> None:
    with pytest.raises(UndecodableEvent, match=source):
        handle({"Records": records})
    assert '"message":"event rejected"' in logged()


@pytest.mark.parametrize("event", [{}, {"Records": []}, {"error_id": "x", "trader_id": "y"}])
def test_an_event_of_no_known_form_is_rejected_and_logged(
    handle: Handle, logged: Callable[[], str], event: dict[str, Any]
) -> None:
    with pytest.raises(UndecodableEvent):
        handle(event)
    assert '"message":"event rejected"' in logged()
