"""One trace per error across processes, and a Braintrust that fails without being noticed."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, cast
from unittest.mock import ANY

import pytest
from integration.core.endpoints import FENCED, Backend, Gemini
from integration.core.rows import BEYOND_MENDING, Rows
from integration.core.traced import WORKFLOW, Run, traces_of

from filtermend.models import Step

ANSWER = "```go\nreturn nonsense\n```"
USAGE = {"prompt_token_count": 1000, "candidates_token_count": 200}


def only_trace(url: str, step: Step) -> dict[str, Any]:
    """The root span of the error's one trace."""
    [trace] = traces_of(url, step)
    [root] = trace["spans"]
    assert trace["root_span_id"] == root["span_id"] == str(step.error_id)
    return cast("dict[str, Any]", root)


def names(span: dict[str, Any]) -> dict[str, Any]:
    """The names of the spans below one, in order of time, as a tree."""
    return {below["name"]: names(below) for below in span["children"]}


def find(span: dict[str, Any], *path: str) -> dict[str, Any]:
    for name in path:
        [span] = [below for below in span["children"] if below["name"] == name]
    return span


def walk(span: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield span
    for below in span["children"]:
        yield from walk(below)


def test_an_error_has_one_trace_across_all_processes(
    rows: Rows, run: Run, gemini: Gemini, braintrust: str
) -> None:
    gemini.play({"text": ANSWER}, {"text": FENCED, "usage": USAGE})
    step = rows.running(filter_code_snapshot="return mystery(1)", error_type="compilation")
    [regenerated] = run(("regenerate",), step).steps
    [validated] = run(("validate",), regenerated).steps
    [decided] = run(("propose",), validated).steps
    assert decided["outcome"] == "feedback"
    [done] = run(WORKFLOW, decided).steps
    assert done["status"] == "proposed"
    root = only_trace(braintrust, step)
    assert root["name"] == "filter-code-regeneration"
    assert root["metadata"]["error_id"] == str(step.error_id)
    assert root["input"]["error_message"] == rows.row(step.error_id)["error_message"]
    assert root["output"]["status"] == "proposed"
    assert root["scores"] == {"proposed": 1, "validated": 1}
    first = ["prompt", "call 1", "validate", "decision"]
    second = ["prompt", "call 1", "validate", "replay", "decision"]
    [attempt] = root["children"]
    assert attempt["name"] == "attempt 1"
    assert {turn: list(below) for turn, below in names(attempt).items()} == {
        "turn 1": first,
        "turn 2": second,
    }
    call = find(root, "attempt 1", "turn 2", "call 1")
    assert (call["type"], call["output"]) == ("llm", FENCED)
    assert (call["metrics"]["prompt_tokens"], call["metrics"]["completion_tokens"]) == (1000, 200)
    assert call["metrics"]["estimated_cost"] == pytest.approx(0.0018)
    facts = call["metadata"]
    assert (facts["finish_reason"], facts["temperature"] > 0) == ("STOP", True)
    assert facts["prompt_source"] == "bundled"
    assert "nonsense" in call["input"][0]["content"]
    turn = find(root, "attempt 1", "turn 2")
    assert find(turn, "validate")["scores"] == {"validated": 1}
    assert find(turn, "replay")["scores"] == {"replayed": 1}
    assert find(turn, "decision")["output"]["status"] == "proposed"
    assert all(span["ended"] for span in walk(root))
    ids = {call["trace_id"] for call in rows.calls(step.error_id)}
    assert ids == {rows.row(step.error_id)["regeneration_trace"]} == {str(step.error_id)}


def test_later_attempts_are_in_the_same_trace(
    rows: Rows, run: Run, gemini: Gemini, braintrust: str
) -> None:
    gemini.play({"text": ANSWER}, {"text": ANSWER}, {"text": FENCED})
    step = rows.running(filter_code_snapshot="return mystery(1)", error_type="compilation")
    [asked_again] = run(WORKFLOW, step).steps
    [later] = run(WORKFLOW, asked_again).steps
    assert later["outcome"] == "retry"
    before = only_trace(braintrust, step)
    assert (find(before, "attempt 1")["ended"], before["ended"]) == (ANY, None)
    [done] = run(WORKFLOW, later).steps
    assert done["status"] == "proposed"
    root = only_trace(braintrust, step)
    assert {name: list(turns) for name, turns in names(root).items()} == {
        "attempt 1": ["turn 1", "turn 2"],
        "attempt 2": ["turn 1"],
    }
    assert all(span["ended"] for span in walk(root))


@pytest.mark.parametrize(
    ("killed", "calls"),
    [("after asking.Asker._settle", 1), ("after gemini.ask", 2)],
    ids=["with the answer stored", "with the answer lost"],
)
def test_a_run_that_was_killed_and_resumed_has_one_whole_trace(  # noqa: PLR0917  fixtures
    rows: Rows, run: Run, gemini: Gemini, braintrust: str, killed: str, calls: int
) -> None:
    gemini.play(*[{"text": FENCED, "usage": USAGE}] * calls)
    step = rows.running(filter_code_snapshot="return mystery(1)", error_type="compilation")
    run(("regenerate",), step, kill_at=killed)
    assert traces_of(braintrust, step) == []
    rows.run("update filter_regeneration_attempts set lease_until = now() - interval '1 s'")
    [resumed] = run(("regenerate",), step).steps
    [done] = run(("validate", "propose"), resumed).steps
    assert done["status"] == "proposed"
    root = only_trace(braintrust, step)
    drawn = [f"call {number + 1}" for number in range(calls)]
    turn = find(root, "attempt 1", "turn 1")
    assert set(names(turn)) == {"prompt", *drawn, "validate", "replay", "decision"}
    last = find(turn, drawn[-1])
    assert (last["output"], last["metrics"]["prompt_tokens"]) == (FENCED, 1000)
    if calls > 1:
        assert "unknown" in find(turn, "call 1")["error"]
    assert all(span["ended"] for span in walk(root))


def test_a_run_that_ends_before_a_question_has_its_end_in_the_trace(
    rows: Rows, run: Run, braintrust: str
) -> None:
    step = rows.running(rows.trader(filter={}), filter_code_snapshot=None)
    [done] = run(("regenerate",), step).steps
    assert done["status"] == "stopped"
    root = only_trace(braintrust, step)
    assert names(root) == {"attempt 1": {"turn 1": {"decision": {}}}}
    assert (root["output"]["status"], root["scores"]["proposed"]) == ("stopped", 0)
    assert all(span["ended"] for span in walk(root))


def test_attempts_after_a_person_asked_again_are_told_from_the_earlier(
    rows: Rows, run: Run, gemini: Gemini, braintrust: str
) -> None:
    gemini.play({"text": FENCED}, {"text": FENCED})
    step = rows.running(filter_code_snapshot="return mystery(1)", error_type="compilation")
    run(WORKFLOW, step)
    rows.set(
        step.error_id,
        regeneration_status="running", regeneration_run=2, regeneration_first_run=2,
        regeneration_count=0,
    )  # fmt: skip
    run(WORKFLOW, step.model_copy(update={"run": 2}))
    assert list(names(only_trace(braintrust, step))) == ["attempt 1", "attempt 1, from run 2"]


SWEEPING = {
    "STATE_MACHINE_ARN": "arn:aws:states:eu-central-1:000000000000:stateMachine:none",
    "ALARM_TOPIC_ARN": "arn:aws:sns:eu-central-1:000000000000:none",
    "EVENT_BUS_NAME": "none",
    "AWS_DEFAULT_REGION": "eu-central-1",
}


def decide(rows: Rows, step: Step, decision: str, reason: str) -> None:
    rows.run(
        "select decide_fix(%s, %s, %s) from set_config('request.jwt.claims', %s, true)",
        [step.error_id, decision, reason, json.dumps({"sub": str(rows.owner(step.error_id))})],
    )


def test_what_the_user_decides_is_feedback_on_the_same_trace_once(
    rows: Rows, run: Run, gemini: Gemini, braintrust: str
) -> None:
    gemini.play({"text": FENCED}, {"text": FENCED})
    good, bad = (rows.running(**BEYOND_MENDING) for _ in range(2))
    run(WORKFLOW, good, bad)
    decide(rows, good, "applied", "Works.")
    decide(rows, bad, "rejected", f"My key is {'AKIA' + 'Q7' * 8}.")
    lost, swept, again = run(
        ("sweep",), {"mode": "500"}, {"at": 1}, {"mode": "ok"}, {"at": 2}, {"at": 3}, **SWEEPING
    ).steps
    assert [each["feedback"] for each in (lost, swept, again)] == [0, 2, 0]
    assert only_trace(braintrust, good)["scores"] == {"proposed": 1, "validated": 1, "applied": 1}
    assert only_trace(braintrust, bad)["scores"]["applied"] == 0
    assert "Works." in only_trace(braintrust, good)["comments"]
    assert "AKIA" not in json.dumps(only_trace(braintrust, bad))


def test_a_decision_that_is_changed_is_fed_back_again(
    rows: Rows, run: Run, gemini: Gemini, braintrust: str
) -> None:
    gemini.play({"text": FENCED}, {"text": FENCED})
    step = rows.running(**BEYOND_MENDING)
    run(WORKFLOW, step)
    decide(rows, step, "rejected", "No.")
    run(("sweep",), {}, **SWEEPING)
    rows.ask_again(step.error_id)
    rows.set(step.error_id, regeneration_status="running")
    run(WORKFLOW, step.model_copy(update={"run": 2}))
    assert only_trace(braintrust, step)["scores"]["applied"] == 0
    decide(rows, step, "applied", "Yes.")
    assert run(("sweep",), {}, **SWEEPING).steps[0]["feedback"] == 1
    assert only_trace(braintrust, step)["scores"]["applied"] == 1


def test_without_a_key_nothing_is_sent(
    rows: Rows, run: Run, gemini: Gemini, backend: Backend
) -> None:
    gemini.play({"text": FENCED})
    step = rows.running()
    [done] = run(WORKFLOW, step, key="", url=backend.url).steps
    assert done["status"] == "proposed"
    assert backend.requests == []
    assert rows.row(step.error_id)["regeneration_trace"] is None


@pytest.mark.parametrize("mode", ["hang", "500", "refuse"])
def test_a_braintrust_that_fails_costs_a_regeneration_little_and_is_counted(
    rows: Rows, run: Run, gemini: Gemini, mode: str
) -> None:
    gemini.play({"text": FENCED})
    cold, usual, slow = (rows.running() for _ in range(3))
    ran = run(("regenerate",), cold, usual, {"mode": mode}, slow)
    assert [answered["outcome"] for answered in ran.steps] == ["candidate"] * 3
    assert ran.seconds[2] - ran.seconds[1] < 1.5 + 0.5  # half a second for a busy machine
    assert ran.output.count('"trace_batches_lost":[1.0]') == 1
    assert rows.calls(slow.error_id)[0]["candidate_code"] is not None


@pytest.mark.parametrize("seconds", [3600, 0.9], ids=["hangs", "takes 0.9 s for every request"])
def test_a_braintrust_that_was_never_up_does_not_hold_up_a_first_regeneration(
    rows: Rows, run: Run, gemini: Gemini, seconds: float
) -> None:
    gemini.play({"text": FENCED})
    first, second = rows.running(), rows.running()
    ran = run(("regenerate",), {"mode": "hang", "seconds": seconds}, first, second)
    assert [answered["outcome"] for answered in ran.steps] == ["candidate"] * 2
    assert max(ran.waited) < 1.5 + 0.3
    assert '"trace_batches_lost":[1.0]' in ran.output


def test_a_tracer_never_raises_and_never_hides_what_the_block_raises(
    environment: dict[str, str],
) -> None:
    code = """
        import pytest
        from uuid import uuid4
        from filtermend.tracing import Place, Tracer
        tracer = Tracer("ai-trader", "key")
        root = Place(uuid4(), ("root",))
        for place in (root, root.below(""), root.below("x" * 10_000)):
            with tracer.span(place, "task", input={"value": object()}) as node:
                node.log(metrics={"text": "no number"}, scores={"much": 7})
                node.log(output=object())
            with pytest.raises(KeyError), tracer.span(place, "task"):
                raise KeyError
            tracer.end(place, "task", scores={"much": 7})
        tracer.feedback(root, {"applied": 9}, None)
        assert not tracer.flush()
    """
    nowhere = {
        "BRAINTRUST_API_URL": "http://127.0.0.1:9",
        "BRAINTRUST_APP_URL": "http://127.0.0.1:9",
    }
    lines = "\n".join(line[8:] for line in code.splitlines())
    done = subprocess.run(
        [sys.executable, "-c", lines],
        env=environment | nowhere,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
