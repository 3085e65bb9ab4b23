"""Reading Gemini's responses, as google-genai's own types give them, and its refusals."""

from typing import Any

import pytest
from google.genai import errors, types
from hypothesis import given
from hypothesis import strategies as st

from filtermend.faults import GeminiUnavailable
from filtermend.gemini import (
    DEFAULT_RETRY_SECONDS,
    LONGEST_RETRY_SECONDS,
    Answer,
    Refused,
    Throttled,
    _config,
    _read,
    _refusal,
    _retry_seconds,
    output_limit,
)
from filtermend.prompt import Question, Turn
from filtermend.rules.cost import Usage
from filtermend.rules.sampling import Sampling
from filtermend.settings import GeminiSettings


def read(body: dict[str, Any]) -> Answer:
    return _read(types.GenerateContentResponse.model_validate(body), 12)


def candidate(*parts: dict[str, Any], reason: str | None = "STOP") -> dict[str, Any]:
    content = {"role": "model", "parts": list(parts)}
    return {"candidates": [{"content": content, "finishReason": reason}]}


def test_an_answer_is_read_whole() -> None:
    body = candidate({"text": "return true"}) | {
        "modelVersion": "gemini-3.8-flash-001",
        "usageMetadata": {
            "promptTokenCount": 900,
            "candidatesTokenCount": 80,
            "thoughtsTokenCount": 300,
            "cachedContentTokenCount": 512,
            "totalTokenCount": 1280,
        },
    }
    assert read(body) == Answer(
        text="return true",
        finish_reason="STOP",
        model_version="gemini-3.8-flash-001",
        usage=Usage(input=900, output=80, thinking=300, cached=512),
        latency_ms=12,
    )


def test_the_parts_of_an_answer_are_joined_without_the_thoughts() -> None:
    parts = [{"text": "I think", "thought": True}, {"text": "```go\n"}, {"text": "return x\n```"}]
    assert read(candidate(*parts)).text == "```go\nreturn x\n```"


def test_a_part_that_is_no_text_is_skipped() -> None:
    call = {"functionCall": {"name": "f", "args": {}}}
    assert read(candidate(call, {"text": "return x"})).text == "return x"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"candidates": []},
        {"candidates": [{}]},
        {"candidates": [{"content": {}}]},
        {"candidates": [{"content": {"parts": []}}]},
    ],
)
def test_an_empty_response_is_an_empty_answer(body: dict[str, Any]) -> None:
    answer = read(body)
    assert (answer.text, answer.finish_reason) == ("", "OTHER")
    assert answer.usage == Usage()


def test_an_answer_at_the_token_limit_is_truncated() -> None:
    answer = read(candidate({"text": "return"}, reason="MAX_TOKENS"))
    assert (answer.finish_reason, answer.text) == ("MAX_TOKENS", "return")


def test_thinking_up_to_the_limit_leaves_no_content() -> None:
    answer = read({"candidates": [{"finishReason": "MAX_TOKENS"}]})
    assert (answer.text, answer.finish_reason) == ("", "MAX_TOKENS")


@pytest.mark.parametrize(
    "reason", ["SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR"]
)
def test_a_blocked_answer_says_by_what(reason: str) -> None:
    answer = read({"candidates": [{"finishReason": reason}]})
    assert answer.finish_reason == reason


@pytest.mark.parametrize(
    "reason", ["SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "JAILBREAK"]
)
def test_a_blocked_question_says_by_what(reason: str) -> None:
    answer = read({"promptFeedback": {"blockReason": reason}})
    assert (answer.finish_reason, answer.text) == (reason, "")


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_finish_reason_not_known_yet_is_kept() -> None:
    answer = read(candidate({"text": "return x"}, reason="BORED"))
    assert (answer.finish_reason, answer.text) == ("BORED", "return x")


def test_what_postgres_cannot_hold_is_dropped() -> None:
    assert read(candidate({"text": "return\x00 x"})).text == "return x"


@given(st.lists(st.text()))
def test_any_text_is_joined_and_can_be_stored(texts: list[str]) -> None:
    answer = read(candidate(*({"text": text} for text in texts)))
    assert answer.text == "".join(texts).replace("\x00", "")
    answer.text.encode()


# --- refusals --------------------------------------------------------------------------------


def api_error(code: int, details: object = None, status: str = "X") -> errors.APIError:
    body = {"error": {"code": code, "status": status, "message": "m", "details": details}}
    return errors.APIError(code, body)


def retry_info(delay: object) -> list[dict[str, object]]:
    return [
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure"},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay},
    ]


@pytest.mark.parametrize(
    ("delay", "seconds"),
    [
        ("7s", 7),
        ("7.2s", 8),
        ("0s", 1),
        ("0.4s", 1),
        ("-3s", 1),
        ("86400s", LONGEST_RETRY_SECONDS),
        (9, 9),
        ("soon", DEFAULT_RETRY_SECONDS),
        ("", DEFAULT_RETRY_SECONDS),
        (None, DEFAULT_RETRY_SECONDS),
        ("nan", 1),
        ("infs", LONGEST_RETRY_SECONDS),
    ],
)
def test_a_throttled_call_says_how_long_to_wait(delay: object, seconds: int) -> None:
    assert _refusal(api_error(429, retry_info(delay))) == Throttled(seconds)


@pytest.mark.parametrize("details", [None, [], {}, "text", [None], ["x"], [[]]])
def test_a_throttled_call_without_a_delay_waits_the_default(details: object) -> None:
    assert _refusal(api_error(429, details)) == Throttled(DEFAULT_RETRY_SECONDS)


@pytest.mark.parametrize("code", [500, 502, 503, 504, 408])
def test_a_fault_on_gemini_s_side_is_raised_for_a_retry(code: int) -> None:
    with pytest.raises(GeminiUnavailable, match=f"{code} UNAVAILABLE"):
        _refusal(api_error(code, status="UNAVAILABLE"))


@pytest.mark.parametrize("code", [400, 401, 403, 404])
def test_a_wrong_key_model_or_setting_is_refused(code: int) -> None:
    assert _refusal(api_error(code, status="DENIED")) == Refused(code, "DENIED")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["error", "details", "retryDelay"]), inner)
    ),
    max_leaves=8,
)


@given(JSON)
def test_any_details_give_a_wait_within_bounds(details: object) -> None:
    assert 1 <= _retry_seconds(details) <= LONGEST_RETRY_SECONDS


# --- the question ----------------------------------------------------------------------------

QUESTION = Question("the system", (Turn("user", "hello"),))


def test_the_limit_has_room_for_thinking_beside_the_answer() -> None:
    settings = GeminiSettings(gemini_max_output_tokens=4096, gemini_thinking_budget=1024)
    assert output_limit(settings) == 5120
    config = _config(QUESTION, Sampling(0.5, 7), settings, 57.5)
    assert config.max_output_tokens == 5120
    assert (config.temperature, config.seed) == (0.5, 7)
    assert config.system_instruction == "the system"
    assert isinstance(config.thinking_config, types.ThinkingConfig)
    assert config.thinking_config.thinking_budget == 1024
    assert isinstance(config.http_options, types.HttpOptions)
    assert config.http_options.timeout == 57_500


def test_a_model_that_does_not_think_is_not_told_to() -> None:
    settings = GeminiSettings(gemini_thinking_budget=0)
    assert _config(QUESTION, Sampling(0.5, 7), settings, 1).thinking_config is None
