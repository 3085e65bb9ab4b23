"""The Braintrust-protocol endpoint, used by the real SDK over real HTTP.

The SDK keeps its login and its queue in globals and reads its settings at import, so every use of
it runs in a process of its own; that also is what the functions of one workflow are.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.braintrust.app import create_app
from local.braintrust.rows import merge
from local.braintrust.store import Store
from local.braintrust.traces import span_of, trees, walk
from local.gemini.serving import serving

ROOT = Path(__file__).parents[2]
http = httpx.Client(verify=False)  # noqa: S501 - plain HTTP only; certificates take 0.1 s to load
AUTH = {"Authorization": "Bearer test-key"}
PROMPT = {
    "project_name": "ai-trader",
    "slug": "regenerate-filter-go",
    "name": "Regenerate a Go filter",
    "prompt_data": {
        "prompt": {"type": "chat", "messages": [{"role": "user", "content": "Mend {{{code}}}"}]},
        "options": {"model": "gemini-3.8-flash"},
    },
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving(create_app(Store())) as url:
        yield url


@pytest.fixture
def endpoint(server: str) -> Iterator[str]:
    yield server
    http.put(f"{server}/_control/fault", json={"mode": "ok"}).raise_for_status()


def sdk(endpoint: str, code: str, *arguments: str, cache: Path | None = None) -> str:
    """Runs code with the SDK pointed at the endpoint; returns what it printed."""
    environment = {
        **os.environ,
        "BRAINTRUST_API_KEY": "test-key",
        "BRAINTRUST_APP_URL": endpoint,
        "BRAINTRUST_API_URL": endpoint,
        "BRAINTRUST_NUM_RETRIES": "0",
        "BRAINTRUST_DISABLE_ATEXIT_FLUSH": "1",
    }
    if cache is not None:
        environment["BRAINTRUST_PROMPT_CACHE_DIR"] = str(cache)
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


LOG_A_TRACE = """
    import braintrust
    logger = braintrust.init_logger(project="ai-trader", set_current=True)
    with braintrust.start_span(name="regenerate", type="task", input={"error_id": "e-1"}) as root:
        with root.start_span(name="attempt 1") as attempt:
            with attempt.start_span(name="gemini", type="llm") as turn:
                turn.log(output="return <b>true</b> \\x1b[31m", metrics={"tokens": 12})
        print(root.export())
        print(root.root_span_id)
        root.log(output={"outcome": "valid"}, tags=["go"])
    braintrust.flush()
"""
CONTINUE_IT = """
    import sys, braintrust
    braintrust.init_logger(project="ai-trader")
    with braintrust.start_span(name="validate", parent=sys.argv[1]) as span:
        span.log(input="code", error="does not compile", metadata={"line": 3})
    braintrust.flush()
"""


@pytest.fixture(scope="module")
def traced(server: str) -> str:
    """One trace, logged by two processes; its root span id."""
    exported, root = sdk(server, LOG_A_TRACE).splitlines()
    sdk(server, CONTINUE_IT, exported)
    return root


def test_nested_spans_of_two_processes_are_one_tree(endpoint: str, traced: str) -> None:
    tree = http.get(f"{endpoint}/traces/{traced}").json()
    (top,) = tree["spans"]
    assert top["name"] == "regenerate"
    assert top["input"] == {"error_id": "e-1"}
    assert top["output"] == {"outcome": "valid"}
    assert top["tags"] == ["go"]
    assert top["ended"] >= top["started"]
    assert [child["name"] for child in top["children"]] == ["attempt 1", "validate"]
    turn = top["children"][0]["children"][0]
    assert (turn["name"], turn["type"], turn["metrics"]["tokens"]) == ("gemini", "llm", 12)
    assert top["children"][1]["error"] == "does not compile"


def test_the_trace_is_listed(endpoint: str, traced: str) -> None:
    listed = {trace["root_span_id"]: trace for trace in http.get(f"{endpoint}/traces").json()}
    trace = listed[traced]
    assert (trace["name"], trace["spans"], trace["failed"]) == ("regenerate", 4, True)
    assert trace["started"].endswith("Z")


def test_text_is_indented_and_free_of_control_characters(endpoint: str, traced: str) -> None:
    text = http.get(f"{endpoint}/traces/{traced}.txt").text
    assert text.startswith("regenerate [task]  ")
    assert "\n    gemini [llm]  " in text
    assert "\\x1b[31m" in text
    assert "\x1b" not in text


def test_pages_are_escaped_and_forbid_scripts(endpoint: str, traced: str) -> None:
    page = http.get(f"{endpoint}/traces/{traced}/view")
    assert "return &lt;b&gt;true&lt;/b&gt;" in page.text
    assert "<b>" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert traced in http.get(f"{endpoint}/").text


@pytest.mark.parametrize("suffix", ["", ".txt", "/view"])
def test_an_unknown_trace_is_not_found(endpoint: str, suffix: str) -> None:
    assert http.get(f"{endpoint}/traces/nobody{suffix}").status_code == 404


def test_hostile_rows_are_shown_harmlessly(endpoint: str) -> None:
    root = "x'><script>alert(1)</script>"
    row = {
        "id": "1",
        "project_id": "p",
        "span_id": root,
        "root_span_id": root,
        "span_parents": ["2", root],
        "span_attributes": {"name": "<img src=x>\ud800"},
        "metrics": {"start": 1e300, "end": "soon"},
        "input": "\ud800",
    }
    odd = {"id": [], "span_id": "s", "root_span_id": "s", "span_parents": 5, "metrics": 1}
    twice = {**odd, "_is_merge": True, "_merge_paths": [3, ["a"]], "scores": []}
    body = json.dumps({"rows": [row, odd, twice]})
    http.post(f"{endpoint}/logs3", content=body, headers=AUTH).raise_for_status()
    index = http.get(f"{endpoint}/").text
    assert "<script" not in index
    assert "<img" not in index
    assert http.get(f"{endpoint}/traces").status_code == 200


PROMPTS = """
    import json, sys, braintrust, requests
    endpoint, stored = sys.argv[1:]

    def load(version=None):
        prompt = braintrust.load_prompt(
            project="ai-trader", slug="regenerate-filter-go", version=version
        )
        try:
            print(prompt.build(code="a && b")["messages"][0]["content"])
            return prompt.version
        except ValueError as error:
            print(error)

    load()
    requests.put(f"{endpoint}/_control/prompt", json=json.loads(stored))
    first = load()
    project = braintrust.projects.create("ai-trader")
    project.prompts.create(
        name="Regenerate a Go filter", slug="regenerate-filter-go",
        model="gemini-3.8-flash", if_exists="replace",
        messages=[{"role": "user", "content": "Now {{{code}}}"}],
    )
    project.publish()
    load()
    load(first)
"""


def test_prompt_is_missing_then_found_then_replaced_and_versions_stay(tmp_path: Path) -> None:
    with serving(create_app(Store())) as endpoint:
        said = sdk(endpoint, PROMPTS, endpoint, json.dumps(PROMPT), cache=tmp_path)
    assert said.splitlines() == [
        "Prompt regenerate-filter-go not found in project ai-trader.",
        "Mend a && b",
        "Now a && b",
        "Mend a && b",
    ]


def test_eval_runs_and_is_summarized(endpoint: str) -> None:
    code = """
        import braintrust
        def right(input, output, expected):
            return 1.0 if output == expected else 0.0
        result = braintrust.Eval(
            "ai-trader", experiment_name="repairs",
            data=lambda: [{"input": 1, "expected": 2}, {"input": 2, "expected": 4}],
            task=lambda input: input + 1, scores=[right],
        )
        print(result.summary.scores["right"].score, result.summary.experiment_name)
    """
    assert sdk(endpoint, code).splitlines()[-1] == "0.5 repairs"


def test_sdk_needs_a_key(endpoint: str) -> None:
    assert http.post(f"{endpoint}/api/apikey/login").status_code == 401
    assert http.post(f"{endpoint}/logs3", json={"rows": []}).status_code == 401


@pytest.mark.parametrize("body", ["no json", "[]", '{"rows": 1}', '{"rows": ["x"]}'])
def test_a_wrong_body_is_named(endpoint: str, body: str) -> None:
    answer = http.post(f"{endpoint}/logs3", content=body, headers=AUTH)
    assert answer.status_code == 400
    assert answer.json()["error"]


def fault(endpoint: str, **settings: Any) -> None:
    http.put(f"{endpoint}/_control/fault", json=settings).raise_for_status()


def test_fault_500(endpoint: str) -> None:
    fault(endpoint, mode="500")
    assert http.get(f"{endpoint}/version").status_code == 500
    assert http.get(f"{endpoint}/traces").status_code == 200
    fault(endpoint, mode="ok")
    assert http.get(f"{endpoint}/version").status_code == 200


def test_fault_hang_answers_after_its_seconds(endpoint: str) -> None:
    fault(endpoint, mode="hang")
    with pytest.raises(httpx.ReadTimeout):
        http.get(f"{endpoint}/version", timeout=0.3)
    fault(endpoint, mode="hang", seconds=0.2)
    asked = time.monotonic()
    assert http.get(f"{endpoint}/version").status_code == 200
    assert time.monotonic() - asked >= 0.2


def test_fault_refuse_gives_no_answer(endpoint: str) -> None:
    fault(endpoint, mode="refuse")
    with pytest.raises(httpx.TransportError):
        http.get(f"{endpoint}/version")


def test_merge_keeps_position_unites_tags_and_respects_merge_paths() -> None:
    first = {"id": "1", "span_parents": ["0"], "tags": ["a"], "metadata": {"x": {"k": 1}, "y": 1}}
    second = {
        "id": "1",
        "span_parents": ["9"],
        "tags": ["a", "b"],
        "metadata": {"x": {"l": 2}},
        "_is_merge": True,
        "_merge_paths": [["metadata", "x"]],
    }
    merged = merge(first, second)
    assert merged["span_parents"] == ["0"]
    assert merged["tags"] == ["a", "b"]
    assert merged["metadata"] == {"x": {"l": 2}, "y": 1}
    assert merge(first, {"id": "1", "output": 2}) == {"id": "1", "output": 2}


def row(span_id: str, *parents: str) -> dict[str, Any]:
    return {"id": span_id, "span_id": span_id, "root_span_id": "r", "span_parents": list(parents)}


def test_orphans_and_circles_stand_at_the_top() -> None:
    tops = trees([row("a", "gone"), row("b", "c"), row("c", "b"), {"id": "feedback"}])
    assert span_of({"id": "feedback"}) is None
    assert sorted(span.span_id for _, span in walk(tops)) == ["a", "b", "c"]


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "local.braintrust", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    return next(line.split()[-1] for line in process.stderr if "listening on" in line)


def stop(process: subprocess.Popen[str]) -> float:
    """Seconds until a SIGTERM was obeyed."""
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=5)
    return time.monotonic() - asked


def test_command_keeps_its_store_across_a_restart(tmp_path: Path) -> None:
    store = tmp_path / "store" / "traces.jsonl"
    with started("--port", "0", "--store", str(store)) as process:
        url = address(process)
        version = http.put(f"{url}/_control/prompt", json=PROMPT).json()["_xact_id"]
        rows = {"rows": [row("r")]}
        http.post(f"{url}/logs3", json=rows, headers=AUTH).raise_for_status()
    store.write_text(store.read_text() + '{"kind": "row", "bo')
    with started("--port", "0", "--store", str(store)) as process:
        url = address(process)
        asked = {"project_name": "ai-trader", "slug": "regenerate-filter-go"}
        found = http.get(f"{url}/v1/prompt", params=asked, headers=AUTH).json()["objects"]
        assert [prompt["_xact_id"] for prompt in found] == [version]
        assert http.get(f"{url}/traces/r").status_code == 200


def test_command_stops_fast_while_requests_hang() -> None:
    with started("--port", "0") as process:
        url = address(process)
        fault(url, mode="hang")
        with pytest.raises(httpx.ReadTimeout):
            http.get(f"{url}/version", timeout=0.1)
        assert stop(process) < 1


def test_command_says_that_the_port_is_in_use() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with started("--port", str(taken.getsockname()[1])) as process:
            _, said = process.communicate(timeout=10)
    assert process.returncode == 2
    assert "is in use; choose another with --port." in said
