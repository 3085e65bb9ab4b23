"""The trigger's function URL, as pg_net posts to it."""

import base64
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from integration.core.invocations import Context, url_event
from integration.core.rows import Rows
from integration.core.workflow import Executions

from filtermend import admission
from filtermend.models import ErrorRef

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
TOKEN = "webhook-token"
Post = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def post(
    app: Callable[..., Any], rows: Rows, workflow: Executions, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """POST this to the trigger; the status and the answer come back."""
    monkeypatch.setattr(admission, "ROW_WAIT_SECONDS", 0.2)
    trigger = app("trigger", webhook_token=TOKEN, database_url=rows.dsn)

    def send(body: object, token: str | None = TOKEN) -> tuple[int, dict[str, Any]]:
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        answer = trigger.handler(url_event(text, **headers), Context())
        return answer["statusCode"], json.loads(answer["body"])

    yield send
    trigger.admitter().db.close()


def body_of(ref: ErrorRef) -> dict[str, Any]:
    return ref.model_dump(mode="json")


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN + " ", TOKEN[:-1], "tökén"])
def test_without_the_token_nobody_is_let_in(
    rows: Rows, post: Post, workflow: Executions, token: str | None
) -> None:
    ref = rows.error()
    status, answer = post(body_of(ref), token)
    assert status == 401
    assert TOKEN not in json.dumps(answer)
    assert workflow.names == []


def test_an_empty_token_in_the_secret_lets_nobody_in(
    rows: Rows, app: Callable[..., Any], workflow: Executions
) -> None:
    trigger = app("trigger", webhook_token="", database_url=rows.dsn)
    for header in ("Bearer ", "Bearer"):
        event = url_event(json.dumps(body_of(rows.error())), authorization=header)
        assert trigger.handler(event, Context())["statusCode"] == 401
    assert workflow.names == []
    trigger.admitter().db.close()


@pytest.mark.parametrize(
    "body",
    [
        None,
        "",
        "{",
        "[]",
        '"text"',
        {},
        {"error_id": str(uuid4())},
        {"error_id": "not-a-uuid", "trader_id": str(uuid4())},
        {"errors": []},
        {"errors": "all"},
    ],
)
def test_a_malformed_body_is_a_bad_request_and_says_why(post: Post, body: object) -> None:
    status, answer = post(body)
    assert status == 400
    assert "error_id" in answer["error"]


def test_a_body_that_is_no_text_is_a_bad_request(app: Callable[..., Any]) -> None:
    trigger = app("trigger", webhook_token=TOKEN)
    body = base64.b64encode(b"\xff\xfe\x00").decode()
    event = url_event(body, base64=True, authorization=f"Bearer {TOKEN}")
    assert trigger.handler(event, Context())["statusCode"] == 400
    trigger.admitter().db.close()


def test_a_missing_error_is_not_found(rows: Rows, post: Post) -> None:
    status, answer = post({"error_id": str(uuid4()), "trader_id": str(rows.trader())})
    assert status == 404
    assert answer["error"] == "not_found"


def test_another_traders_error_is_not_found(rows: Rows, post: Post) -> None:
    ref = rows.error()
    status, answer = post({"error_id": str(ref.error_id), "trader_id": str(rows.trader())})
    assert status == 404
    assert "Trader not found" in answer["reason"]


def test_a_resolved_error_is_a_bad_request(rows: Rows, post: Post) -> None:
    ref = rows.error()
    rows.run("update trader_execution_errors set resolved_at = now()")
    assert post(body_of(ref))[0] == 400


def test_a_timeout_is_a_bad_request(rows: Rows, post: Post) -> None:
    status, answer = post(body_of(rows.error(error_type="timeout")))
    assert status == 400
    assert "timeout" in answer["reason"]


def test_an_error_that_has_used_its_attempts_is_429(rows: Rows, post: Post) -> None:
    ref = rows.error()
    rows.set(ref.error_id, regeneration_status="exhausted", regeneration_count=3)
    status, answer = post(body_of(ref))
    assert status == 429
    assert "Max regeneration attempts reached" in answer["reason"]


def test_an_admitted_error_is_accepted_with_its_execution(
    rows: Rows, post: Post, workflow: Executions
) -> None:
    ref = rows.error()
    name = f"{ref.error_id}-1"
    assert post(body_of(ref)) == (202, {"run": 1, "execution": name, "new": True})
    assert post(body_of(ref)) == (202, {"run": 1, "execution": name, "new": False})
    assert workflow.names == [name]


def test_a_duplicate_is_accepted_and_said_to_be_one(rows: Rows, post: Post) -> None:
    trader = rows.trader()
    post(body_of(rows.error(trader)))
    status, answer = post(body_of(rows.error(trader)))
    assert (status, answer["status"]) == (202, "duplicate")


def test_many_errors_are_answered_one_by_one(rows: Rows, post: Post) -> None:
    good, gone = rows.error(), ErrorRef(error_id=uuid4(), trader_id=uuid4())
    status, answer = post({"errors": [body_of(good), body_of(gone)]})
    assert status == 202
    assert answer[str(good.error_id)]["execution"] == f"{good.error_id}-1"
    assert answer[str(gone.error_id)]["refusal"] == "not_found"
