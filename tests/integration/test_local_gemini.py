"""The Gemini-protocol endpoint, asked by the real SDK over real HTTP."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from google import genai
from google.genai import errors, types

from filtermend.faults import GeminiUnavailable
from filtermend.gemini import NotReached, Refused, look_up
from filtermend.settings import GeminiSettings
from local.gemini import llama
from local.gemini.app import create_app
from local.gemini.llama import LocalBackend
from local.gemini.script import Script
from local.gemini.scripted import ScriptedBackend
from local.gemini.serving import serving
from local.weights import WeightsError

http = httpx.Client(verify=False)  # noqa: S501 - plain HTTP only; certificates take 0.1 s to load
ROOT = Path(__file__).parents[2]
MODEL = "gemini-3.8-flash"
ANSWER = "```go\nreturn len(data.Klines) > 0\n```"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving(create_app(ScriptedBackend(Script()))) as url:
        yield url


@pytest.fixture
def endpoint(server: str) -> str:
    http.put(f"{server}/_control/script", json={}).raise_for_status()
    http.delete(f"{server}/_control/calls").raise_for_status()
    return server


def play(endpoint: str, *answers: dict[str, Any], match: str = "") -> None:
    script = {"scenarios": [{"match": match, "answers": answers}]}
    http.put(f"{endpoint}/_control/script", json=script).raise_for_status()


def calls(endpoint: str, query: str = "") -> list[dict[str, Any]]:
    listing: list[dict[str, Any]] = http.get(f"{endpoint}/_control/calls{query}").json()["calls"]
    return listing


@cache
def developer(endpoint: str, version: str = "v1") -> genai.Client:
    options = types.HttpOptions(base_url=endpoint, api_version=version, timeout=5000)
    return genai.Client(api_key="test-key", http_options=options)


@cache
def vertex(endpoint: str) -> genai.Client:
    options = types.HttpOptions(base_url=endpoint, api_version="v1beta", timeout=5000)
    return genai.Client(
        vertexai=True, api_key="test-key", project="p", location="us-central1", http_options=options
    )


def ask(client: genai.Client, prompt: str = "mend this") -> types.GenerateContentResponse:
    return client.models.generate_content(model=MODEL, contents=prompt)


@pytest.mark.parametrize("make", [developer, vertex])
def test_answers_both_clients_with_text_usage_and_ids(endpoint: str, make: Any) -> None:
    play(endpoint, {"text": ANSWER})
    answer = ask(make(endpoint))
    assert answer.text == ANSWER
    assert answer.model_version == MODEL
    assert answer.response_id
    assert answer.candidates
    assert answer.candidates[0].finish_reason == types.FinishReason.STOP
    usage = answer.usage_metadata
    assert usage is not None
    assert (usage.prompt_token_count, usage.candidates_token_count) == (3, 10)
    assert usage.total_token_count == 13
    assert usage.thoughts_token_count is None
    assert usage.cached_content_token_count is None


def test_vertex_express_and_beta_version(endpoint: str) -> None:
    play(endpoint, {"text": "ok"})
    options = types.HttpOptions(base_url=endpoint, timeout=5000)
    assert ask(genai.Client(vertexai=True, api_key="k", http_options=options)).text == "ok"
    assert ask(developer(endpoint, version="v1beta")).text == "ok"


def test_reads_everything_the_client_may_send(endpoint: str) -> None:
    play(endpoint, {"text": "ok"}, match="be brief\nfirst\nsecond\nthird")
    config = types.GenerateContentConfig(
        system_instruction="be brief",
        temperature=0.3,
        top_p=0.9,
        max_output_tokens=5120,
        stop_sequences=["END"],
        seed=7,
        thinking_config=types.ThinkingConfig(thinking_budget=1024),
    )
    contents: list[types.Content] = [
        types.Content(role="user", parts=[types.Part(text="first")]),
        types.Content(role="model", parts=[types.Part(text="second")]),
        types.Content(role="user", parts=[types.Part(text="third")]),
    ]
    client = developer(endpoint)
    answer = client.models.generate_content(model=MODEL, contents=contents, config=config)
    assert answer.text == "ok"


def test_reads_snake_case_keys(endpoint: str) -> None:
    play(endpoint, {"text": "ok"}, match="be brief")
    body = {
        "contents": [{"parts": [{"text": "x"}]}],
        "system_instruction": {"parts": [{"text": "be brief"}]},
        "generation_config": {"max_output_tokens": 5, "thinkingConfig": {"thinking_budget": 1}},
    }
    url = f"{endpoint}/v1beta/models/{MODEL}:generateContent"
    answer = http.post(url, params={"key": "k"}, json=body)
    assert answer.json()["candidates"][0]["content"]["parts"] == [{"text": "ok"}]


def test_describes_a_model(endpoint: str) -> None:
    client = developer(endpoint)
    model = client.models.get(model=MODEL)
    assert model.name == f"models/{MODEL}"


def test_answers_of_a_scenario_come_in_order_and_the_last_repeats(endpoint: str) -> None:
    play(endpoint, {"text": "one"}, {"text": "two"})
    client = developer(endpoint)
    assert [ask(client).text for _ in range(3)] == ["one", "two", "two"]


def test_the_first_matching_scenario_wins_and_an_added_one_comes_first(endpoint: str) -> None:
    script = {
        "scenarios": [
            {"match": "alpha", "answers": [{"text": "a"}]},
            {"match": "beta", "answers": [{"text": "b"}]},
        ],
        "default": {"text": "other"},
    }
    http.put(f"{endpoint}/_control/script", json=script).raise_for_status()
    client = developer(endpoint)
    assert [ask(client, p).text for p in ("alpha beta", "beta", "gamma")] == ["a", "b", "other"]
    added = {"match": "alpha", "answers": [{"text": "new"}]}
    assert http.post(f"{endpoint}/_control/scenarios", json=added).json() == {"scenarios": 3}
    assert ask(client, "alpha").text == "new"
    http.delete(f"{endpoint}/_control/scenarios").raise_for_status()
    assert ask(client, "alpha").text == "other"


def test_a_prompt_that_matches_nothing_is_an_error(endpoint: str) -> None:
    with pytest.raises(errors.ClientError, match="No scenario"):
        ask(developer(endpoint))


def test_throttled_says_for_how_long(endpoint: str) -> None:
    play(endpoint, {"status": 429, "retry_after_seconds": 7})
    with pytest.raises(errors.ClientError) as caught:
        ask(developer(endpoint))
    assert (caught.value.code, caught.value.status) == (429, "RESOURCE_EXHAUSTED")
    detail = caught.value.details["error"]["details"][0]
    assert detail["@type"] == "type.googleapis.com/google.rpc.RetryInfo"
    assert detail["retryDelay"] == "7s"


@pytest.mark.parametrize(
    ("status", "kind", "name"),
    [
        (401, errors.ClientError, "UNAUTHENTICATED"),
        (404, errors.ClientError, "NOT_FOUND"),
        (503, errors.ServerError, "UNAVAILABLE"),
        (500, errors.ServerError, "INTERNAL"),
    ],
)
def test_scripted_error_status(
    endpoint: str, status: int, kind: type[errors.APIError], name: str
) -> None:
    play(endpoint, {"status": status})
    with pytest.raises(kind) as caught:
        ask(developer(endpoint))
    assert (caught.value.code, caught.value.status) == (status, name)


@pytest.mark.parametrize("reason", ["MAX_TOKENS", "SAFETY"])
def test_finish_reason_without_text(endpoint: str, reason: str) -> None:
    play(endpoint, {"finish_reason": reason})
    answer = ask(developer(endpoint))
    assert answer.text is None
    assert answer.candidates
    assert answer.candidates[0].finish_reason == reason


def test_cut_text_keeps_its_finish_reason(endpoint: str) -> None:
    play(endpoint, {"text": "```go\nif", "finish_reason": "MAX_TOKENS"})
    answer = ask(developer(endpoint))
    assert answer.text == "```go\nif"
    assert answer.candidates
    assert answer.candidates[0].finish_reason == types.FinishReason.MAX_TOKENS


def test_empty_answer(endpoint: str) -> None:
    play(endpoint, {"empty": True})
    assert ask(developer(endpoint)).text is None


def test_blocked_prompt_has_no_candidates(endpoint: str) -> None:
    play(endpoint, {"block_reason": "SAFETY"})
    answer = ask(developer(endpoint))
    assert answer.text is None
    assert not answer.candidates
    assert answer.prompt_feedback is not None
    assert answer.prompt_feedback.block_reason == types.BlockedReason.SAFETY


def test_malformed_body(endpoint: str) -> None:
    play(endpoint, {"malformed": True})
    with pytest.raises(json.JSONDecodeError):
        ask(developer(endpoint))


def test_dropped_connection(endpoint: str) -> None:
    play(endpoint, {"drop_connection": True}, {"text": "back"})
    client = developer(endpoint)
    with pytest.raises(httpx2.RemoteProtocolError):
        ask(client)
    assert ask(client).text == "back"


def test_delay_beyond_the_timeout(endpoint: str) -> None:
    play(endpoint, {"delay_ms": 1000, "text": "late"})
    options = types.HttpOptions(base_url=endpoint, timeout=200)
    with pytest.raises(httpx2.ReadTimeout):
        ask(genai.Client(api_key="k", http_options=options))


def test_usage_can_be_scripted(endpoint: str) -> None:
    usage = {"thoughtsTokenCount": 50, "cached_content_token_count": 2, "promptTokenCount": None}
    play(endpoint, {"text": "four", "usage": usage, "model_version": "gemini-renamed"})
    answer = ask(developer(endpoint))
    got = answer.usage_metadata
    assert got is not None
    assert (got.prompt_token_count, got.candidates_token_count) == (None, 1)
    assert (got.thoughts_token_count, got.cached_content_token_count) == (50, 2)
    assert got.total_token_count == 51
    assert answer.model_version == "gemini-renamed"


def test_calls_are_listed_with_the_prompt_on_demand(endpoint: str) -> None:
    play(endpoint, {"text": "ok"}, {"status": 503}, match="mend")
    client = developer(endpoint)
    ask(client, "mend 1")
    with pytest.raises(errors.ServerError):
        ask(client, "mend 2")
    listed = calls(endpoint)
    assert [call["status"] for call in listed] == [200, 503]
    assert {call["scenario"] for call in listed} == {"mend"}
    assert listed[0]["model"] == MODEL
    assert listed[0]["prompt_chars"] == 6
    assert "prompt" not in listed[0]
    assert calls(endpoint, "?full=1")[1]["prompt"] == "mend 2"
    http.delete(f"{endpoint}/_control/calls").raise_for_status()
    assert calls(endpoint) == []


def test_a_call_whose_client_hung_up_is_listed_as_such(endpoint: str) -> None:
    play(endpoint, {"delay_ms": 5000, "text": "late"})
    options = types.HttpOptions(base_url=endpoint, timeout=100)
    client = genai.Client(api_key="k", http_options=options)
    with pytest.raises(httpx2.ReadTimeout):
        ask(client)
    until(lambda: calls(endpoint)[0]["status"] is not None)
    assert calls(endpoint)[0]["status"] == 499


def test_warming_uses_up_no_scripted_answer(endpoint: str) -> None:
    play(endpoint, {"text": "one"}, {"text": "two"})
    body = {
        "systemInstruction": {"parts": [{"text": "12345678"}]},
        "contents": [{"parts": [{"text": "x"}]}],
    }
    warmed = http.post(f"{endpoint}/_control/warm", json=body)
    assert warmed.json()["promptTokenCount"] == 3
    client = developer(endpoint)
    assert ask(client).text == "one"
    assert len(calls(endpoint)) == 1


def test_a_call_without_credentials_is_refused(endpoint: str) -> None:
    answer = http.post(f"{endpoint}/v1/models/{MODEL}:generateContent", json={})
    assert answer.status_code == 401
    error = answer.json()["error"]
    assert (error["code"], error["status"]) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    "credential",
    [{"headers": {"authorization": "Bearer t"}}, {"headers": {"x-goog-api-key": "k"}}],
)
def test_bearer_token_and_key_header_are_credentials(
    endpoint: str, credential: dict[str, Any]
) -> None:
    play(endpoint, {"text": "ok"})
    body = {"contents": [{"parts": [{"text": "x"}]}]}
    url = f"{endpoint}/v1/models/{MODEL}:generateContent"
    assert http.post(url, json=body, **credential).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        "no json",
        "[]",
        "{}",
        '{"contents": []}',
        '{"contents": [{"parts": []}]}',
        '{"contents": [{"role": "assistant", "parts": [{"text": "x"}]}]}',
        '{"contents": [{"parts": [{"text": "x"}]}], "temprature": 1}',
        '{"contents": [{"parts": [{"text": "x"}]}], "generationConfig": {"temperature": 3}}',
        '{"contents": [{"parts": [{"text": "x"}]}], "generationConfig": {"maxOutputTokens": 0}}',
    ],
)
def test_a_wrong_body_is_named(endpoint: str, body: str) -> None:
    url = f"{endpoint}/v1/models/{MODEL}:generateContent"
    answer = http.post(url, content=body, headers={"x-goog-api-key": "k"})
    assert answer.status_code == 400
    assert answer.json()["error"]["status"] == "INVALID_ARGUMENT"


def test_unknown_paths_and_methods_have_gemini_errors(endpoint: str) -> None:
    key = {"x-goog-api-key": "k"}
    assert http.get(f"{endpoint}/v9/models/x", headers=key).json()["error"]["code"] == 404
    url = f"{endpoint}/v1/models/x:embedContent"
    assert http.post(url, headers=key).json()["error"]["code"] == 405


@pytest.mark.parametrize("make", [developer, vertex])
def test_tokens_are_counted_without_a_question(endpoint: str, make: Any) -> None:
    counted = make(endpoint).models.count_tokens(model=MODEL, contents="eight ch")
    assert counted.total_tokens == 2
    assert calls(endpoint) == []


@pytest.fixture
def guarded(endpoint: str) -> Iterator[str]:
    """It takes one key, and knows one model."""
    access = f"{endpoint}/_control/access"
    http.put(access, json={"keys": ["test-key"], "models": [MODEL]}).raise_for_status()
    yield endpoint
    http.put(access, json={}).raise_for_status()


def google_cloud(url: str, api: str, **values: str) -> GeminiSettings:
    known = {"gemini_api": api, "gemini_project": "p", "gemini_base_url": url}
    return GeminiSettings.model_validate(known | values)


@pytest.mark.parametrize("api", ["developer", "vertex", "firebase"])
def test_a_wrong_key_and_an_unknown_model_are_refused_as_google_does(
    guarded: str, api: str
) -> None:
    right = google_cloud(guarded, api, gemini_model=MODEL)
    other = google_cloud(guarded, api, gemini_model="gemini-0")
    assert look_up(right, "test-key", timeout_seconds=5) is None
    wrong_key = Refused(400, "INVALID_ARGUMENT", "API_KEY_INVALID")
    assert look_up(right, "another", timeout_seconds=5) == wrong_key
    assert look_up(other, "test-key", timeout_seconds=5) == Refused(404, "NOT_FOUND")


def test_a_question_is_refused_for_the_same_reasons(guarded: str) -> None:
    play(guarded, {"text": ANSWER})
    assert ask(developer(guarded)).text == ANSWER
    http.put(f"{guarded}/_control/access", json={"keys": ["another"]}).raise_for_status()
    with pytest.raises(errors.ClientError, match="API key not valid"):
        ask(developer(guarded))


def test_an_endpoint_that_is_not_there_or_hangs_is_told_apart() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(GeminiUnavailable, match="ReadTimeout"):
            look_up(google_cloud(url, "developer"), "k", timeout_seconds=0.2)
    with pytest.raises(NotReached):
        look_up(google_cloud(url, "developer"), "k", timeout_seconds=5)


def test_a_wrong_script_is_named(endpoint: str) -> None:
    answer = http.put(f"{endpoint}/_control/script", json={"scenarios": [{"match": "x"}]})
    assert answer.status_code == 400
    assert "answers" in answer.json()["error"]["message"]


class FakeEngine:
    """Stands in for llama.cpp: answers "a b" to everything, and endlessly to "endless"."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.stopped = threading.Event()

    def handle_chat_completions(
        self, request: dict[str, Any], callback: Callable[[dict[str, Any]], bool]
    ) -> None:
        self.asked.append(request)
        prompt = request["messages"][-1]["content"]
        if prompt == "too long":
            callback({"error": {"code": 400, "message": "exceeds the context", "type": "x"}})
            return
        while prompt == "endless":
            if callback({"choices": [{"delta": {"content": "x"}}]}):
                self.stopped.set()
                return
            time.sleep(0.01)
        for text in ("a", " b"):
            callback({"choices": [{"finish_reason": None, "delta": {"content": text}}]})
        reason = "length" if request["max_tokens"] < 2 else "stop"
        callback({"choices": [{"finish_reason": reason, "delta": {}}]})
        counts = {"prompt_tokens": 10, "completion_tokens": 2}
        cached = {"prompt_tokens_details": {"cached_tokens": 8 if len(self.asked) > 1 else 0}}
        callback({"choices": [], "usage": counts | cached})


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    fake = FakeEngine()
    monkeypatch.setattr(llama, "ensure_weights", lambda: Path("weights"))
    monkeypatch.setattr(llama, "load_engine", lambda *_: fake)
    return fake


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_ready(url: str) -> bool:
    return http.get(f"{url}/health").status_code == 200


def test_local_backend_passes_the_settings_on(engine: FakeEngine) -> None:
    config = types.GenerateContentConfig(
        system_instruction="be brief", temperature=0.3, max_output_tokens=50, stop_sequences=["Z"]
    )
    with serving(create_app(LocalBackend())) as url:
        until(lambda: is_ready(url))
        client = developer(url)
        answer = client.models.generate_content(model=MODEL, contents="mend", config=config)
        again = client.models.generate_content(model=MODEL, contents="mend", config=config)
    assert answer.text == "a b"
    assert answer.model_version == llama.MODEL_VERSION
    assert answer.usage_metadata is not None
    assert again.usage_metadata is not None
    assert answer.usage_metadata.cached_content_token_count is None
    assert again.usage_metadata.cached_content_token_count == 8
    question = engine.asked[1]
    assert [turn["content"] for turn in question["messages"]] == ["be brief", "mend"]
    assert (question["temperature"], question["max_tokens"]) == (0.3, 50)
    assert (question["stop"], question["seed"]) == (["Z"], 42)


def test_local_backend_goes_back_to_the_warmed_beginning(engine: FakeEngine) -> None:
    warm = {"contents": [{"parts": [{"text": "contract: "}]}]}
    with serving(create_app(LocalBackend())) as url:
        until(lambda: is_ready(url))
        http.post(f"{url}/_control/warm", json=warm).raise_for_status()
        client = developer(url)
        ask(client, "contract: x")
        ask(client, "something else")
    read = [asked["messages"][-1]["content"] for asked in engine.asked]
    assert read == ["contract: ", "contract: ", "contract: x", "", "something else"]


def test_local_backend_says_max_tokens_and_too_long(engine: FakeEngine) -> None:
    config = types.GenerateContentConfig(max_output_tokens=1)
    with serving(create_app(LocalBackend())) as url:
        until(lambda: is_ready(url))
        client = developer(url)
        cut = client.models.generate_content(model=MODEL, contents="x", config=config)
        assert cut.candidates
        assert cut.candidates[0].finish_reason == types.FinishReason.MAX_TOKENS
        with pytest.raises(errors.ClientError, match="exceeds the context"):
            ask(client, "too long")


def test_local_backend_stops_when_its_client_has_gone(engine: FakeEngine) -> None:
    with serving(create_app(LocalBackend())) as url:
        until(lambda: is_ready(url))
        options = types.HttpOptions(base_url=url, timeout=200)
        client = genai.Client(api_key="k", http_options=options)
        with pytest.raises(httpx2.ReadTimeout):
            ask(client, "endless")
        assert engine.stopped.wait(5)
        patient = developer(url)
        assert ask(patient).text == "a b"


def test_local_backend_is_unavailable_while_it_loads_or_when_it_cannot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loading = threading.Event()

    def fail() -> Path:
        loading.wait(5)
        raise WeightsError("no weights to be had")

    monkeypatch.setattr(llama, "ensure_weights", fail)
    with serving(create_app(LocalBackend())) as url:
        assert http.get(f"{url}/health").json()["status"] == "loading"
        client = developer(url)
        with pytest.raises(errors.ServerError) as caught:
            ask(client)
        assert caught.value.status == "UNAVAILABLE"
        loading.set()
        until(lambda: http.get(f"{url}/health").json()["status"] == "failed")
        assert http.get(f"{url}/health").json()["detail"] == "no weights to be had"


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "local.gemini", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_command_serves_a_script_logs_a_line_per_request_and_stops(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text('{"default": {"text": "from file", "delay_ms": 0}}')
    with started("--port", "0", "--backend", "scripted", "--script", str(script)) as process:
        assert process.stderr is not None
        url = process.stderr.readline().split()[-1]
        assert http.get(f"{url}/health").json()["status"] == "ready"
        assert ask(developer(url)).text == "from file"
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=5)
        assert time.monotonic() - asked < 1
        lines = process.stderr.read().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("gemini: GET '/health' 200 ")
    assert "generateContent' 200 " in lines[1]


def test_command_says_that_the_port_is_in_use() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with started("--port", str(port)) as process:
            _, said = process.communicate(timeout=10)
    assert process.returncode == 2
    sentence = f"gemini: Port {port} on 127.0.0.1 is in use; choose another with --port."
    assert said.splitlines() == [sentence]
