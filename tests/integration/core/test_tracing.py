"""One trace per error across processes, and a Braintrust that fails without being noticed.

The SDK keeps its login and its queue in globals, so every use of it is in a process of its own;
that also is what the functions of one workflow are.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from integration.core.endpoints import FENCED, Backend, Gemini
from integration.core.rows import Rows

from filtermend.models import Step
from local.braintrust.app import create_app
from local.braintrust.store import Store
from local.gemini.serving import serving

ROOT = Path(__file__).parents[3]
PROCESS = Path(__file__).with_name("lambda_process.py")
WORKFLOW = ("regenerate", "validate", "propose")


class Ran(NamedTuple):
    """What a process answered to each step, and what it logged and counted."""

    steps: list[dict[str, Any]]
    seconds: list[float]
    waited: list[float]
    output: str


Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def braintrust_server() -> Iterator[str]:
    with serving(create_app(Store())) as url:
        yield url


@pytest.fixture
def braintrust(braintrust_server: str) -> Iterator[str]:
    yield braintrust_server
    httpx.put(f"{braintrust_server}/_control/fault", json={"mode": "ok"}).raise_for_status()


@pytest.fixture
def run(
    rows: Rows, gemini: Gemini, screener: str, braintrust: str, environment: dict[str, str]
) -> Run:
    """Run these steps through these functions in a process of their own."""

    def new(
        functions: tuple[str, ...],
        *steps: Step | dict[str, Any],
        key: str = "bt-key",
        url: str = "",
    ) -> Ran:
        secret = {
            "database_url": rows.dsn,
            "gemini_api_key": "AIza-test-key",
            "braintrust_api_key": key,
        }
        settings = {
            "SECRET": json.dumps(secret),
            "GEMINI_MODEL": "scripted",
            "GEMINI_BASE_URL": gemini.url,
            "GO_BACKEND_URL": screener,
            "BRAINTRUST_API_URL": url or braintrust,
            "BRAINTRUST_APP_URL": url or braintrust,
        }
        given = [s.model_dump(mode="json") if isinstance(s, Step) else s for s in steps]
        done = subprocess.run(
            [sys.executable, PROCESS, *functions],
            input="\n".join(map(json.dumps, given)),
            env=environment | settings,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        answers = json.loads(done.stdout.splitlines()[-1])
        columns = ([answer[name] for answer in answers] for name in ("step", "seconds", "waited"))
        return Ran(*columns, done.stdout)

    return new


def traces_of(url: str, step: Step) -> list[dict[str, Any]]:
    """Every root span on the endpoint that has the error's id, or a span below one that has."""
    listed = httpx.get(f"{url}/traces").json()
    found = [httpx.get(f"{url}/traces/{trace['root_span_id']}").json() for trace in listed]
    return [t for t in found if str(step.error_id) in json.dumps(t)]


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
