"""One error's story, told from the deployed stack's own database and log."""

import json

import pytest
from e2e.stack import Deployed, go_block

from local.folder import Folder
from local.operate.__main__ import main

pytestmark = pytest.mark.e2e


def test_the_story_has_the_database_s_and_every_function_s_part(
    stack: Deployed,
    folder: Folder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    stack.answers(
        "explained", go_block("return mystery(2)"), go_block("return len(data.Klines) > 0")
    )
    failed = stack.insert("explained")
    assert stack.wait(failed)["regeneration_status"] == "proposed"
    stack.until(lambda: stack.logged('"run ended"') and stack.finished(failed), "the log")
    monkeypatch.setenv("FILTERMEND_LOCAL", str(folder.path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("ERROR", failed.error_id)
    capsys.readouterr()
    assert main(["explain"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    told = [
        f"trace {failed.error_id}",
        "created: compilation error",
        "trigger: execution started",
        "turn 1, call 1: scripted asked",
        "verdict: refused",
        "turn 2, call 1: scripted asked",
        "propose: run ended (status proposed",
        "+return len(data.Klines) > 0",
    ]
    places = [text.find(each) for each in told]
    assert -1 not in places, told[places.index(-1)]
    assert places == sorted(places)
    assert "note:" not in text


def test_every_line_about_an_error_names_its_execution_and_trace(stack: Deployed) -> None:
    stack.answers("everyline", go_block("return len(data.Klines) > 0"))
    failed = stack.insert("everyline")
    stack.wait(failed)
    stack.until(lambda: len(stack.logged(failed.error_id)) > 1, "the log")
    lines = [json.loads(text) for text in stack.logged(failed.error_id) if '"level"' in text]
    assert {line["service"] for line in lines} >= {"trigger", "propose"}
    for line in lines:
        assert line["error_id"] == line["trace_id"] == failed.error_id
        assert line["trader_id"] == failed.trader_id
        assert line["execution"] == f"{failed.error_id}-1"
    assert not [text for text in stack.logged("everyline") if '"level"' in text]
