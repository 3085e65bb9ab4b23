"""Bad input: each has its own clear message, is visible in the logs, and loses nothing."""

from uuid import uuid4

import pytest
from e2e.stack import Deployed, go_block, unknown_ref

from local.services import StackError

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("quiet_database")]


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ({}, "error_id: Field required"),
        ({"trader_id": str(uuid4())}, "error_id: Field required"),
        ({"error_id": "42", "trader_id": str(uuid4())}, "error_id: Input should be a valid UUID"),
        ({"errors": []}, '"errors" is a list'),
        ([1, 2], "not a JSON object"),
        (
            {"source": "somebody", "detail-type": "FilterExecutionFailed", "detail": {}},
            "source trader.screener",
        ),
    ],
)
def test_an_event_of_no_known_form_is_rejected_with_what_is_expected(
    stack: Deployed, payload: object, message: str
) -> None:
    with pytest.raises(StackError, match=message):
        stack.invoke_trigger(payload)


def test_a_row_that_does_not_exist_is_acknowledged_and_logged(stack: Deployed) -> None:
    ref = unknown_ref()
    answer = stack.invoke_trigger(ref)
    assert answer[ref["error_id"]]["refusal"] == "not_found"
    stack.until(lambda: stack.logged(f"There is no error {ref['error_id']}"), "the log line")


def test_another_traders_row_is_refused(stack: Deployed) -> None:
    failed = stack.insert()
    ref = failed.ref | {"trader_id": str(uuid4())}
    assert stack.invoke_trigger(ref)[failed.error_id]["refusal"] == "other_trader"
    assert stack.error(failed)["regeneration_status"] == "pending"


def test_a_resolved_row_is_refused(stack: Deployed) -> None:
    failed = stack.insert(resolved_at="2026-11-20T00:00:00Z")
    assert stack.invoke_trigger(failed.ref)[failed.error_id]["refusal"] == "resolved"


def test_a_timeout_is_not_repaired(stack: Deployed) -> None:
    failed = stack.insert(error_type="timeout")
    assert stack.invoke_trigger(failed.ref)[failed.error_id]["refusal"] == "not_repairable"
    assert stack.error(failed)["regeneration_status"] is None


def test_unreadable_filter_json_is_noted_and_the_repair_goes_on(stack: Deployed) -> None:
    stack.answers("unreadablejson", go_block("return true"))
    failed = stack.insert("unreadablejson")
    stack.conn.execute(
        "update traders set filter = '\"{not json\"'::jsonb where id = %s", (failed.trader_id,)
    )
    stack.invoke_trigger(failed.ref)
    assert stack.wait(failed)["regeneration_status"] == "proposed"
    (line,) = stack.logged("the trader's filter is not a readable JSON object")
    assert failed.error_id in line


def test_an_error_without_any_code_is_stopped_with_a_reason(stack: Deployed) -> None:
    failed = stack.insert(filter_code_snapshot="")
    stack.conn.execute("update traders set filter = '{}' where id = %s", (failed.trader_id,))
    stack.invoke_trigger(failed.ref)
    error = stack.wait(failed)
    assert error["regeneration_status"] == "stopped"
    assert "no filter code" in error["regeneration_reason"]
    assert stack.calls(failed) == []


@pytest.mark.parametrize(
    ("body", "token", "status"),
    [
        ({}, None, 400),
        ({"error_id": "x", "trader_id": "y"}, None, 400),
        (unknown_ref(), None, 404),
        (unknown_ref(), "wrong", 401),
    ],
)
def test_the_webhook_answers_as_the_specification_has_it(
    stack: Deployed, body: object, token: str | None, status: int
) -> None:
    assert stack.webhook(body, token).status_code == status


def test_the_webhook_says_when_attempts_are_used_up(stack: Deployed) -> None:
    failed = stack.insert()
    stack.conn.execute(
        "update trader_execution_errors set regeneration_status = 'exhausted' where id = %s",
        (failed.error_id,),
    )
    assert stack.webhook(failed.ref).status_code == 429
