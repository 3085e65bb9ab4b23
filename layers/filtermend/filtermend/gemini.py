"""The adapter to Gemini, through google-genai: one question, one answer, no retries.

Retries belong to the state machine. What can be expected comes back as a value (`Answer`,
`Throttled`, `Refused`); what cannot is raised, and says whether it may have been billed.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus

import httpx
import httpx2
from google import genai
from google.genai import errors, types

from filtermend.faults import AnswerLost, GeminiUnavailable
from filtermend.models import storable
from filtermend.prompt import Question
from filtermend.rules.cost import Usage
from filtermend.rules.sampling import Sampling
from filtermend.settings import GeminiSettings

DEFAULT_RETRY_SECONDS = 5
LONGEST_RETRY_SECONDS = 600
_FIREBASE_URL = "https://firebasevertexai.googleapis.com"
_NOT_CONNECTED = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx.ConnectError,
    httpx.ConnectTimeout,
)


@dataclass(frozen=True)
class Answer:
    """What the model said; `text` is empty for a blocked or an empty answer."""

    text: str
    finish_reason: str
    model_version: str | None
    usage: Usage
    latency_ms: int


@dataclass(frozen=True)
class Throttled:
    """429: ask again in so many seconds; not billed."""

    seconds: int


@dataclass(frozen=True)
class Refused:
    """400, 401, 403 or 404: the key, the model or the settings are wrong; not billed.

    `reason` is Google's own name for it, where it gives one: a wrong key is a 400 with
    `API_KEY_INVALID`.
    """

    code: int
    status: str
    reason: str = ""


class NotReached(GeminiUnavailable):
    """There is no connection to Gemini at all."""


def output_limit(settings: GeminiSettings) -> int:
    """Tokens an answer may have at most: Gemini counts thinking as part of it."""
    return settings.gemini_max_output_tokens + settings.gemini_thinking_budget


def ask(
    question: Question,
    sampling: Sampling,
    settings: GeminiSettings,
    api_key: str,
    *,
    timeout_seconds: float,
) -> Answer | Throttled | Refused:
    """Ask once.

    Raises:
        GeminiUnavailable: no connection, or 5xx; nothing was billed.
        AnswerLost: the question was sent and no readable answer came back in time.
    """
    started = time.monotonic()
    client = _client(settings, api_key)  # held: one that nobody holds is closed under its own call
    try:
        response = client.models.generate_content(
            model=settings.gemini_model,
            contents=[
                types.Content(role=turn.role, parts=[types.Part(text=turn.text)])
                for turn in question.turns
            ],
            config=_config(question, sampling, settings, timeout_seconds),
        )
    except errors.APIError as error:
        return _refusal(error)
    except _NOT_CONNECTED as error:
        raise NotReached(type(error).__name__) from error
    except (httpx2.HTTPError, httpx.HTTPError, ValueError) as error:
        raise AnswerLost(type(error).__name__) from error
    return _read(response, round((time.monotonic() - started) * 1000))


def look_up(
    settings: GeminiSettings, api_key: str, *, timeout_seconds: float
) -> Throttled | Refused | None:
    """Whether Gemini knows the model and takes the key: a count of tokens, which costs nothing.

    Returns:
        None when all is well.

    Raises:
        NotReached: no connection.
        GeminiUnavailable: 5xx, or no readable answer in time.
    """
    client = _client(settings, api_key)
    options = types.HttpOptions(timeout=round(timeout_seconds * 1000))
    try:
        client.models.count_tokens(
            model=settings.gemini_model,
            contents="return true",
            config=types.CountTokensConfig(http_options=options),
        )
    except errors.APIError as error:
        return _refusal(error)
    except _NOT_CONNECTED as error:
        raise NotReached(type(error).__name__) from error
    except (httpx2.HTTPError, httpx.HTTPError, ValueError) as error:
        raise GeminiUnavailable(type(error).__name__) from error
    return None


def address(settings: GeminiSettings) -> str:
    """Where Gemini is asked."""
    if settings.gemini_base_url:
        return settings.gemini_base_url
    location = settings.gemini_location
    region = "" if location == "global" else f"{location}-"
    return {
        "developer": "https://generativelanguage.googleapis.com",
        "vertex": f"https://{region}aiplatform.googleapis.com",
        "firebase": _FIREBASE_URL,
    }[settings.gemini_api]


@cache
def _client(settings: GeminiSettings, api_key: str) -> genai.Client:
    """One client per process and key, and a connection per question.

    A kept connection may have been closed by the other side, while the function was frozen or just
    now: a question sent on it is one that may have been billed.
    """
    options = types.HttpOptions(
        base_url=settings.gemini_base_url,
        client_args={"limits": httpx2.Limits(max_keepalive_connections=0)},
    )
    if settings.gemini_api == "developer":
        return genai.Client(api_key=api_key, http_options=options)
    if settings.gemini_api == "firebase":
        options.base_url = settings.gemini_base_url or _FIREBASE_URL
        options.api_version = "v1beta"
    return genai.Client(
        vertexai=True,
        api_key=api_key,
        project=settings.gemini_project,
        location=settings.gemini_location,
        http_options=options,
    )


def _config(
    question: Question, sampling: Sampling, settings: GeminiSettings, timeout_seconds: float
) -> types.GenerateContentConfig:
    thinking = settings.gemini_thinking_budget
    return types.GenerateContentConfig(
        system_instruction=question.system,
        temperature=sampling.temperature,
        seed=sampling.seed,
        max_output_tokens=output_limit(settings),
        thinking_config=types.ThinkingConfig(thinking_budget=thinking) if thinking else None,
        http_options=types.HttpOptions(timeout=round(timeout_seconds * 1000)),
    )


def _read(response: types.GenerateContentResponse, latency_ms: int) -> Answer:
    candidate = response.candidates[0] if response.candidates else None
    reason = candidate.finish_reason if candidate else None
    feedback = response.prompt_feedback
    blocked_prompt = feedback.block_reason if feedback else None
    parts = (candidate.content.parts or []) if candidate and candidate.content else []
    usage = response.usage_metadata or types.GenerateContentResponseUsageMetadata()
    return Answer(
        text=storable("".join(part.text for part in parts if part.text and not part.thought)),
        finish_reason=str((blocked_prompt or reason or types.FinishReason.OTHER).value),
        model_version=response.model_version,
        usage=Usage(
            input=usage.prompt_token_count or 0,
            output=usage.candidates_token_count or 0,
            thinking=usage.thoughts_token_count or 0,
            cached=usage.cached_content_token_count or 0,
        ),
        latency_ms=latency_ms,
    )


def _refusal(error: errors.APIError) -> Throttled | Refused:
    code = error.code or 0
    if code == HTTPStatus.TOO_MANY_REQUESTS:
        return Throttled(_retry_seconds(error.details))
    if code >= HTTPStatus.INTERNAL_SERVER_ERROR or code in (0, HTTPStatus.REQUEST_TIMEOUT):
        raise GeminiUnavailable(f"{code} {error.status or ''}".strip()) from error
    reasons = (str(item["reason"]) for item in _items(error.details) if "reason" in item)
    return Refused(code, error.status or "", next(reasons, ""))


def _items(details: object) -> Iterator[dict[str, object]]:
    """The error details of Google's APIs: RetryInfo, ErrorInfo and others."""
    body = details.get("error", details) if isinstance(details, dict) else {}
    items = body.get("details", []) if isinstance(body, dict) else []
    return (item for item in (items if isinstance(items, list) else []) if isinstance(item, dict))


def _retry_seconds(details: object) -> int:
    """The delay in Gemini's RetryInfo ("7s"), rounded up; 5 s where it names none."""
    for item in _items(details):
        delay = str(item.get("retryDelay", ""))
        try:
            return math.ceil(min(LONGEST_RETRY_SECONDS, max(1, float(delay.removesuffix("s")))))
        except ValueError:
            continue
    return DEFAULT_RETRY_SECONDS
