"""The local backend: llama.cpp on the assembled weights, one question at a time.

One slot with prompt caching: the beginning that a prompt shares with the one before is not read
again, so a stable system prompt costs its reading time once.
"""

import asyncio
import importlib
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, Field

from local.gemini.anchors import Anchor, Anchors
from local.gemini.backend import Call, State
from local.gemini.errors import GeminiError
from local.gemini.protocol import Completion, GenerateContentRequest, Usage
from local.weights import WeightsError, ensure_weights, qwen

MODEL_VERSION = "qwen2.5-coder-1.5b-instruct-q4_k_m"
CONTEXT_TOKENS = 8192
DEFAULT_SEED = 42
DEFAULT_MAX_OUTPUT_TOKENS = 1024
READ_AT_ONCE_TOKENS = 256  # about 5 s on two cores: how soon a question can be given up
STREAMED = {
    "cache_prompt": True,
    "stream": True,
    "stream_options": {"include_usage": True},
    "return_progress": True,
}


class Engine(Protocol):
    """llama.cpp's server, in this process. A callback that returns true stops the answer."""

    def handle_chat_completions(
        self, request: dict[str, Any], callback: Callable[[dict[str, Any]], bool]
    ) -> None:
        """Answer in the shape of OpenAI's chat completions, chunk by chunk."""


class _Delta(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    finish_reason: str | None = None
    delta: _Delta = Field(default_factory=_Delta)


class _PromptDetails(BaseModel):
    cached_tokens: int = 0


class _Counts(BaseModel):
    prompt_tokens: int
    completion_tokens: int
    prompt_tokens_details: _PromptDetails = Field(default_factory=_PromptDetails)


class _Error(BaseModel):
    code: int
    message: str


class _Chunk(BaseModel):
    choices: list[_Choice] = Field(default_factory=list)
    usage: _Counts | None = None
    error: _Error | None = None


def load_engine(weights: Path, threads: int) -> Engine:
    """Read the weights into memory, about 2 s. Raises RuntimeError when llama.cpp cannot."""
    llama: Any = importlib.import_module("xllamacpp")
    params = llama.CommonParams()
    params.model.path = str(weights)
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = 1
    params.n_batch = READ_AT_ONCE_TOKENS
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.cache_prompt = True
    params.cache_ram_mib = 0  # older prompts would come back and change the answers
    params.fit_params = False  # costs 4 s at start to find out what n_ctx says already
    params.verbosity = 0
    engine: Engine = llama.Server(params)
    return engine


class LocalBackend:
    """A small real model. Fetches its weights and loads in the background."""

    name = "local"

    def __init__(self, threads: int = 2) -> None:
        self._threads = threads
        # One worker: it loads first, then answers the questions in the order they came.
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="llama")
        self._engine: Engine | None = None
        self._anchors = Anchors()
        self._state: tuple[State, str] = ("loading", "not started")

    def start(self) -> None:
        """Begin to load; `state` tells how it went."""
        self._state = ("loading", "fetching the weights where needed, then loading them")
        self._worker.submit(self._load)

    def state(self) -> tuple[State, str]:
        """Loading, ready or failed, and what that means."""
        return self._state

    def _load(self) -> None:
        try:
            self._engine = load_engine(ensure_weights(), self._threads)
        except (WeightsError, OSError, RuntimeError, ImportError) as error:
            self._state = ("failed", str(error))
            print(f"gemini: the model could not be loaded: {error}", file=sys.stderr, flush=True)
        else:
            self._state = ("ready", MODEL_VERSION)

    async def generate(self, request: GenerateContentRequest, _call: Call) -> Completion:
        """Answer when it is this question's turn.

        Raises GeminiError: 503 while loading, 400 when the prompt is longer than the context.
        A cancelled question leaves the queue, or stops after the tokens it is reading or writing.
        """
        beginning = reading_request(self._anchors.of(request))
        return await self._ask([beginning, chat_request(request)])

    async def warm(self, request: GenerateContentRequest) -> Usage:
        """Read a beginning that questions will share; they go back to it from now on."""
        anchor = self._anchors.add(request)
        return (await self._ask([reading_request(anchor)])).usage

    def determinants(self, request: GenerateContentRequest) -> dict[str, Any]:
        """Weights, program, prompt, sampling and seed, and where reading the prompt begins."""
        return {
            "weights": qwen().sha256,
            "program": version("xllamacpp"),
            "context": [CONTEXT_TOKENS, READ_AT_ONCE_TOKENS],
            "beginning": reading_request(self._anchors.of(request)),
            "question": chat_request(request),
        }

    async def _ask(self, requests: list[dict[str, Any]]) -> Completion:
        engine = self._engine
        if engine is None:
            raise GeminiError(503, f"The local model is not ready: {self._state[1]}.")
        given_up = threading.Event()
        answer = self._worker.submit(_answer, engine, requests, given_up)
        try:
            return await asyncio.wrap_future(answer)
        finally:
            given_up.set()


def reading_request(anchor: Anchor) -> dict[str, Any]:
    """Only read: one token is the least that llama.cpp answers."""
    return {"messages": anchor.messages(), "max_tokens": 1, "seed": DEFAULT_SEED, **STREAMED}


def chat_request(request: GenerateContentRequest) -> dict[str, Any]:
    """The question as llama.cpp takes it. Without a seed it is always the same one."""
    config = request.generation_config
    roles = {"model": "assistant", "system": "system"}
    turns = [
        {"role": roles.get(content.role or "user", "user"), "content": content.text}
        for content in request.contents
    ]
    if request.system_instruction is not None:
        turns.insert(0, {"role": "system", "content": request.system_instruction.text})
    settings = {
        "temperature": config.temperature,
        "top_p": config.top_p,
        "top_k": None if config.top_k is None else int(config.top_k),
        "presence_penalty": config.presence_penalty,
        "frequency_penalty": config.frequency_penalty,
        "stop": config.stop_sequences or None,
    }
    return {
        "messages": turns,
        "max_tokens": config.max_output_tokens or DEFAULT_MAX_OUTPUT_TOKENS,
        "seed": DEFAULT_SEED if config.seed is None else config.seed,
        **STREAMED,
        **{key: value for key, value in settings.items() if value is not None},
    }


def _answer(
    engine: Engine, requests: list[dict[str, Any]], given_up: threading.Event
) -> Completion:
    """Runs in the worker; returns the last request's answer.

    Streams only so that it can stop when nobody waits any more.
    """
    chunks: list[_Chunk] = []

    def take(chunk: dict[str, Any]) -> bool:
        chunks.append(_Chunk.model_validate(chunk))
        return given_up.is_set()

    cached = []
    for request in requests:
        chunks.clear()
        engine.handle_chat_completions(request, take)
        completion = completion_of(chunks)
        cached.append(completion.usage.cached_content_token_count or 0)
    # What the first request had to read was not cached when the question came.
    usage = completion.usage.model_copy(update={"cached_content_token_count": min(cached) or None})
    return completion.model_copy(update={"usage": usage})


def completion_of(chunks: list[_Chunk]) -> Completion:
    """The chunks as one answer. Raises GeminiError for an error among them."""
    error = next((chunk.error for chunk in chunks if chunk.error is not None), None)
    if error is not None:
        raise GeminiError(error.code, error.message)
    choices = [choice for chunk in chunks for choice in chunk.choices]
    text = "".join(choice.delta.content or "" for choice in choices)
    reasons = [choice.finish_reason for choice in choices if choice.finish_reason]
    counts = next((chunk.usage for chunk in chunks if chunk.usage is not None), None)
    if counts is None:
        raise GeminiError(499, "The question was given up.")
    return Completion(
        text=text,
        finish_reason="MAX_TOKENS" if reasons == ["length"] else "STOP",
        usage=Usage(
            prompt_token_count=counts.prompt_tokens,
            candidates_token_count=counts.completion_tokens,
            cached_content_token_count=counts.prompt_tokens_details.cached_tokens,
            total_token_count=counts.prompt_tokens + counts.completion_tokens,
        ),
        model_version=MODEL_VERSION,
    )
