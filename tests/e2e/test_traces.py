"""Traces as the deployed functions write them, over attempts and the waits between them."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from e2e.stack import Deployed, Failed, go_block

pytestmark = pytest.mark.e2e
BAD = "return mystery(3)"
GOOD = "return len(data.Klines) > 0"


def walk(span: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield span
    for below in span["children"]:
        yield from walk(below)


def trace(stack: Deployed, failed: Failed) -> dict[str, Any]:
    """The error's trace when its last span has come: one root, everything below it."""
    url = stack.env["BRAINTRUST_API_URL"]

    def whole() -> dict[str, Any] | None:
        answer = httpx.get(f"{url}/traces/{failed.error_id}")
        if answer.status_code != httpx.codes.OK:
            return None
        spans: list[dict[str, Any]] = answer.json()["spans"]
        return spans[0] if len(spans) == 1 and spans[0]["ended"] else None

    stack.until(whole, "the trace")
    mentioned = [
        listed["root_span_id"]
        for listed in httpx.get(f"{url}/traces").json()
        if failed.error_id in httpx.get(f"{url}/traces/{listed['root_span_id']}").text
    ]
    assert mentioned == [failed.error_id]
    root = whole()
    assert root is not None
    return root


def test_three_attempts_and_the_waits_between_them_are_one_trace(stack: Deployed) -> None:
    stack.answers("tracedwaits", go_block(BAD))
    failed = stack.insert("tracedwaits")
    assert stack.wait(failed)["regeneration_status"] == "exhausted"
    stack.finished(failed)
    root = trace(stack, failed)
    assert [attempt["name"] for attempt in root["children"]] == [
        f"attempt {number}" for number in (1, 2, 3)
    ]
    for attempt in root["children"]:
        assert [turn["name"] for turn in attempt["children"]] == ["turn 1", "turn 2"]
    spans = list(walk(root))
    assert all(span["ended"] for span in spans)
    calls = [span for span in spans if span["type"] == "llm"]
    assert len(calls) == len(stack.calls(failed)) == len(stack.questions("tracedwaits"))
    assert root["output"]["status"] == "exhausted"


def test_what_the_user_decided_is_on_the_trace_after_the_next_sweep(stack: Deployed) -> None:
    stack.answers("tracedwish", go_block(GOOD))
    failed = stack.insert("tracedwish")
    user = stack.wait(failed)["user_id"]
    stack.finished(failed)
    stack.conn.execute(
        "select decide_fix(%s, 'applied', 'As I wanted it.') "
        "from set_config('request.jwt.claims', json_build_object('sub', %s::text)::text, true)",
        (failed.error_id, str(user)),
    )
    stack.until(lambda: trace(stack, failed)["scores"].get("applied") == 1, "the feedback")
    assert trace(stack, failed)["comments"] == ["As I wanted it."]
