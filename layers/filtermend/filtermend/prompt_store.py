"""The adapter to Braintrust's prompts: the newest one, or the one that was shipped.

Braintrust may be slow, down, or hold a prompt that cannot be used: then the last good one serves,
and it is asked again later. A regeneration waits for it `LOAD_SECONDS` at most.
"""

import time
from collections.abc import Callable
from http import HTTPStatus

import httpx
from pydantic import BaseModel, ValidationError

from filtermend.prompt import PARTS, SLUG, PromptTemplate, bundled_template, check_template
from filtermend.settings import TracingSettings
from filtermend.telemetry import count, logger

LOAD_SECONDS = 0.5
_TIMEOUT = httpx.Timeout(0.3, connect=0.2)
"""Together `LOAD_SECONDS`."""
TIME_TO_LIVE_SECONDS = 300
"""How long a prompt serves before Braintrust is asked again, in good times and in bad."""


class _Message(BaseModel):
    content: str


class _Chat(BaseModel):
    messages: list[_Message]


class _Data(BaseModel):
    prompt: _Chat


class _Prompt(BaseModel):
    version: str
    prompt_data: _Data


class PromptStore:
    """The template that serves now.

    Args:
        settings: the Braintrust project, and its address.
        api_key: its key; "" for the shipped prompt only.
    """

    def __init__(self, settings: TracingSettings, api_key: str) -> None:
        self._settings = settings
        self._api_key = api_key
        self._serving = bundled_template()
        self._until = 0.0

    def template(self, now: Callable[[], float] = time.monotonic) -> PromptTemplate:
        """The newest usable template, at most `TIME_TO_LIVE_SECONDS` old."""
        if self._api_key and now() >= self._until:
            self._until = now() + TIME_TO_LIVE_SECONDS
            try:
                self._serving = newest_prompt(self._settings, self._api_key) or bundled_template()
            except (httpx.HTTPError, ValueError) as error:
                count("prompt_fallbacks")
                extra = {"cause": type(error).__name__, "serving": self._serving.version}
                if isinstance(error, ValueError) and not isinstance(error, ValidationError):
                    extra["detail"] = str(error)
                logger.warning("Braintrust's prompt cannot be used", extra=extra)
        return self._serving


def newest_prompt(
    settings: TracingSettings, api_key: str, timeout: httpx.Timeout = _TIMEOUT
) -> PromptTemplate | None:
    """The newest prompt in Braintrust; None where there is none.

    Raises:
        httpx.HTTPError, ValueError: it cannot be had, or not be used.
    """
    response = httpx.get(
        f"{settings.braintrust_api_url}/v1/prompt",
        params={"project_name": settings.braintrust_project, "slug": SLUG, "limit": 1},
        headers={"Authorization": f"Bearer {api_key}"},
        timeout=timeout,
    )
    if response.status_code == HTTPStatus.NOT_FOUND:
        return None
    found = response.raise_for_status().json().get("objects") or []
    return read_prompt(found[0]) if found else None


def read_prompt(row: dict[str, object]) -> PromptTemplate:
    """A prompt of Braintrust's as a template: three messages, one for each part.

    Raises:
        ValueError: it has not these three, or `check_template` refuses it.
    """
    prompt = _Prompt.model_validate({"version": row.get("_xact_id"), **row})
    texts = [message.content.strip() for message in prompt.prompt_data.prompt.messages]
    if len(texts) != len(PARTS):
        raise ValueError(f"a prompt has the messages {', '.join(PARTS)}, not {len(texts)} of them")
    parts = dict(zip(PARTS, texts, strict=True))
    template = PromptTemplate(**parts, version=prompt.version, source="braintrust")
    check_template(template)
    return template
