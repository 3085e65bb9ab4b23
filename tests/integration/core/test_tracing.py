"""One trace per error across processes, and a Braintrust that fails without being noticed."""

import subprocess
import sys

import pytest
from integration.core.endpoints import FENCED, Backend, Gemini
from integration.core.rows import Rows
from integration.core.traced import WORKFLOW, Run, traces_of


def test_an_error_has_one_trace_across_all_processes(
    rows: Rows, run: Run, gemini: Gemini, braintrust: str
) -> None:
    usage = {"prompt_token_count": 1000, "candidates_token_count": 200}
    gemini.play({"text": "```go\nreturn nonsense\n```"}, {"text": FENCED, "usage": usage})
    step = rows.running(filter_code_snapshot="return mystery(1)", error_type="compilation")
    [regenerated] = run(("regenerate",), step).steps
    [validated] = run(("validate",), regenerated).steps
    [decided] = run(("propose",), validated).steps
    assert decided["outcome"] == "feedback"
    [done] = run(WORKFLOW, decided).steps
    assert done["status"] == "proposed"
    [trace] = traces_of(braintrust, step)
    [root] = trace["spans"]
    assert root["name"] == "filter-code-regeneration"
    assert root["metadata"]["error_id"] == str(step.error_id)
    assert root["input"]["error_message"] == rows.row(step.error_id)["error_message"]
    below = [span["name"] for span in root["children"]]
    first = ["attempt 1 turn 1", "validate", "decision"]
    assert below == [*first, "attempt 1 turn 2", "validate", "replay", "decision"]
    turn = root["children"][3]
    assert (turn["type"], turn["output"]["outcome"]) == ("llm", "candidate")
    assert (turn["metrics"]["prompt_tokens"], turn["metrics"]["completion_tokens"]) == (1000, 200)
    assert turn["metrics"]["estimated_cost"] == pytest.approx(0.0018)
    assert [s["scores"] for s in root["children"][4:6]] == [{"validated": 1}, {"replayed": 1}]
    assert root["children"][6]["output"]["status"] == "proposed"
    assert all(span["ended"] for span in (root, *root["children"]))
    ids = {call["trace_id"] for call in rows.calls(step.error_id)}
    assert ids == {trace["root_span_id"]}


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


def test_an_unreadable_trace_on_the_row_costs_the_spans_and_nothing_else(
    rows: Rows, run: Run, gemini: Gemini
) -> None:
    gemini.play({"text": FENCED})
    step = rows.running()
    rows.set(step.error_id, regeneration_trace="rubbish")
    ran = run(WORKFLOW, step)
    assert ran.steps[0]["status"] == "proposed"
    assert '"a span is lost"' in ran.output


def test_a_tracer_never_raises_and_never_hides_what_the_block_raises(
    environment: dict[str, str],
) -> None:
    code = """
        import pytest
        from filtermend.tracing import Tracer
        tracer = Tracer("ai-trader", "key")
        for parent in (None, "", "rubbish", "x" * 10_000):
            with tracer.span("span", parent, input={"value": object()}) as node:
                node.log(metrics={"text": "no number"}, scores={"much": 7})
                node.log(output=object())
        for parent in (None, "rubbish"):
            with pytest.raises(KeyError), tracer.span("span", parent):
                raise KeyError
        tracer.flush()
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
