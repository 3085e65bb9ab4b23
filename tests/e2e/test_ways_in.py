"""Each way in leads to one execution and one proposed fix."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from e2e.stack import Deployed, Failed, go_block

pytestmark = pytest.mark.e2e

GOOD = "return len(data.Klines) > 0"


def assert_repaired_once(stack: Deployed, failed: Failed) -> None:
    error = stack.wait(failed)
    assert error["regeneration_status"] == "proposed", error["regeneration_reason"]
    assert error["proposed_fix_code"] == GOOD
    assert error["proposed_fix_validated"] is True
    assert error["auto_regeneration_triggered"] is True
    execution = stack.finished(failed)
    assert execution["name"] == f"{failed.error_id}-1"
    assert json.loads(execution["input"]) == {**failed.ref, "run": 1}
    assert json.loads(execution["output"]) == {
        "success": True,
        "error_id": failed.error_id,
        "regeneration_count": 1,
        "code_validated": True,
        "status": "proposed",
        "reason": error["regeneration_reason"],
    }
    (call,) = stack.calls(failed)
    assert call["outcome"] == "candidate"
    assert call["input_tokens"] > 0
    assert call["output_tokens"] > 0
    assert call["cost_usd"] > 0
    assert len(stack.questions(failed.marker)) == 1


def test_an_insert_reaches_the_function_through_the_database(stack: Deployed) -> None:
    marker = "insertedmarker"
    stack.answers(marker, go_block(GOOD))
    assert_repaired_once(stack, stack.insert(marker))


def put_event(stack: Deployed, failed: Failed) -> None:
    entry = {
        "EventBusName": stack.env["EVENT_BUS_NAME"],
        "Source": "trader.screener",
        "DetailType": "FilterExecutionFailed",
        "Detail": json.dumps(failed.ref),
    }
    stack.aws("events").put_events(Entries=[entry])


def invoke(stack: Deployed, failed: Failed) -> None:
    stack.invoke_trigger(failed.ref)


def invoke_with_a_list(stack: Deployed, failed: Failed) -> None:
    stack.invoke_trigger({"errors": [failed.ref, failed.ref]})


def post(stack: Deployed, failed: Failed) -> None:
    response = stack.webhook(failed.ref)
    assert response.status_code == 202, response.text
    assert response.json()["execution"] == f"{failed.error_id}-1"


def send_message(stack: Deployed, failed: Failed) -> None:
    stack.aws("sqs").send_message(
        QueueUrl=stack.env["ERROR_QUEUE_URL"], MessageBody=json.dumps(failed.ref)
    )


def put_record(stack: Deployed, record: dict[str, Any]) -> None:
    stack.aws("kinesis").put_record(
        StreamARN=stack.env["ERROR_STREAM_ARN"],
        Data=json.dumps(record).encode(),
        PartitionKey="errors",
    )


def capture_with_dms(stack: Deployed, failed: Failed) -> None:
    metadata = {"operation": "insert", "table-name": "trader_execution_errors"}
    row = {"id": failed.error_id, "trader_id": failed.trader_id}
    put_record(stack, {"data": row, "metadata": metadata})


def capture_with_debezium(stack: Deployed, failed: Failed) -> None:
    row = {"id": failed.error_id, "trader_id": failed.trader_id}
    source = {"table": "trader_execution_errors"}
    put_record(stack, {"payload": {"op": "c", "after": row, "source": source}})


@pytest.mark.usefixtures("quiet_database")
@pytest.mark.parametrize(
    "send",
    [
        put_event,
        invoke,
        invoke_with_a_list,
        post,
        send_message,
        capture_with_dms,
        capture_with_debezium,
    ],
)
def test_a_way_in(stack: Deployed, send: Callable[[Deployed, Failed], None]) -> None:
    marker = f"way_{send.__name__}."
    stack.answers(marker, go_block(GOOD))
    failed = stack.insert(marker)
    send(stack, failed)
    assert_repaired_once(stack, failed)


@pytest.mark.usefixtures("quiet_database")
def test_an_event_sent_by_every_way_runs_once(stack: Deployed) -> None:
    stack.answers("everyway", go_block(GOOD))
    failed = stack.insert("everyway")
    for send in (put_event, send_message, invoke, put_event, capture_with_dms):
        send(stack, failed)
    assert_repaired_once(stack, failed)


@pytest.mark.usefixtures("quiet_database")
def test_a_bad_message_does_not_hold_up_the_good_ones(stack: Deployed) -> None:
    stack.answers("beside_bad", go_block(GOOD))
    failed = stack.insert("beside_bad")
    sqs, url = stack.aws("sqs"), stack.env["ERROR_QUEUE_URL"]
    entries = [
        {"Id": "bad", "MessageBody": "not json"},
        {"Id": "good", "MessageBody": json.dumps(failed.ref)},
    ]
    sqs.send_message_batch(QueueUrl=url, Entries=entries)
    assert_repaired_once(stack, failed)
    stack.until(lambda: stack.logged("record rejected"), "the rejection in the logs")
    assert "not JSON" in stack.logged("record rejected")[0]
