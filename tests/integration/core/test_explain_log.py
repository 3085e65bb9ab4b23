"""`make explain` with the functions' log, which the local AWS keeps."""

import json
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from integration.core.endpoints import FENCED, Gemini
from integration.core.explain_run import HOSTILE, Explain, said
from integration.core.local_aws import local_aws
from integration.core.rows import BEYOND_MENDING, Rows
from integration.core.traced import WORKFLOW, Run

from local import aws
from local.folder import Folder
from local.operate.explain.page import WIDTH
from local.services import State

GROUP = f"/filtermend/{aws.STACK}"


@pytest.fixture(scope="module")
def local_logs() -> Iterator[tuple[str, Any]]:
    """The log of the local AWS: its address and its client."""
    with local_aws() as url:
        yield url, aws.client("logs", url)


@pytest.fixture
def logs(local_logs: tuple[str, Any], tmp_path: Path) -> Iterator[Any]:
    """The log group of the local stack, new."""
    url, client = local_logs
    State(env={"AWS_ENDPOINT_URL": url}).write(Folder(tmp_path))
    client.create_log_group(logGroupName=GROUP)
    client.create_log_stream(logGroupName=GROUP, logStreamName="regenerate")
    yield client
    client.delete_log_group(logGroupName=GROUP)


def put(logs: Any, *messages: str) -> None:
    now = round(datetime.now(UTC).timestamp() * 1000)
    events = [{"timestamp": now + n, "message": m} for n, m in enumerate(messages)]
    logs.put_log_events(logGroupName=GROUP, logStreamName="regenerate", logEvents=events)


def test_the_log_s_lines_are_told_where_they_belong_in_time(
    rows: Rows, run: Run, gemini: Gemini, explain: Explain, logs: Any
) -> None:
    gemini.play({"status": 429}, {"text": FENCED})
    step, other = rows.running(**BEYOND_MENDING), rows.running(**BEYOND_MENDING)
    [held] = run(("regenerate",), step).steps
    ran = run(WORKFLOW, held, other, POWERTOOLS_SERVICE_NAME="propose")
    put(logs, "START RequestId: 1", *ran.output.splitlines(), f"no JSON, and {step.error_id}")
    page = explain(step.error_id)
    text = said(page)
    assert text.count("propose: run ended (status proposed, reason A corrected filter") == 1
    assert text.index("kept as the proposed fix") < text.index("propose: run ended")
    assert "no JSON" not in text
    assert "note:" not in text.replace("note: never dispatched", "")
    assert max(map(len, page.out.splitlines())) <= WIDTH


def test_a_log_line_cannot_act_on_the_terminal(rows: Rows, explain: Explain, logs: Any) -> None:
    ref = rows.error()
    line = {"error_id": str(ref.error_id), "level": "INFO", "message": HOSTILE, "detail": [HOSTILE]}
    put(logs, json.dumps(line))
    page = explain(ref.error_id)
    assert "\\x1b]0;owned\\x07" in page.out
    assert not [c for c in page.out if c != "\n" and unicodedata.category(c)[0] == "C"]


def test_a_log_without_a_line_or_that_is_not_there_is_a_note(
    rows: Rows, explain: Explain, logs: Any
) -> None:
    error = rows.error().error_id
    assert f"note: the log of {aws.STACK} has no line about it" in said(explain(error))
    logs.delete_log_group(logGroupName=GROUP)
    try:
        assert "no such log group: is STACK the stack's name" in said(explain(error))
    finally:
        logs.create_log_group(logGroupName=GROUP)
