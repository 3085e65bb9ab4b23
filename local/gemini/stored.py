"""Answers that were given before, from a folder: the same question is computed once.

An answer is found by everything that it depends on (weights, prompt, sampling, seed), so that a
deterministic backend gives the same one as it would compute. How long it took when it was new is
kept with it and noted in the call, so that measurements stay truthful.

The local model is such a backend. Looked at with llama.cpp on the real weights, at temperature 1:
one prompt with one seed gave the same answer at first, asked again, after other prompts and another
system instruction in between, after a longer prompt with the same beginning, in a new process that
had answered something else before, and with one thread instead of two. Another seed or another
temperature gave another answer; at temperature 0 the seed did not matter. So the request's
temperature and seed reach the sampler, and what the prompt cache holds does not show (see
`anchors`).
"""

import hashlib
import json
import time
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from local.folder import write_private
from local.gemini.backend import Backend, Call, State
from local.gemini.protocol import Completion, GenerateContentRequest, Usage


class Deterministic(Backend, Protocol):
    """A backend whose answer follows from values that it can name."""

    def determinants(self, request: GenerateContentRequest) -> dict[str, Any]:
        """Everything that the answer to this request depends on, as JSON values."""


class StoredAnswer(BaseModel):
    """One file: the answer, and the seconds it took when it was new."""

    completion: Completion
    seconds: float


class StoredAnswers:
    """Asks `backend` what is not in `folder` yet, and keeps what it says."""

    def __init__(self, backend: Deterministic, folder: Path) -> None:
        self._backend = backend
        self._folder = folder
        self.name = backend.name

    def start(self) -> None:
        """Begin to load the backend."""
        self._backend.start()

    def state(self) -> tuple[State, str]:
        """The backend's."""
        return self._backend.state()

    async def generate(self, request: GenerateContentRequest, call: Call) -> Completion:
        """The stored answer, else the backend's."""
        path = self._path(request)
        stored = _read(path)
        if stored is not None:
            call.stored_ms = round(stored.seconds * 1000)
            return stored.completion
        started = time.monotonic()
        completion = await self._backend.generate(request, call)
        fresh = StoredAnswer(completion=completion, seconds=time.monotonic() - started)
        write_private(path, fresh.model_dump_json())
        return completion

    async def warm(self, request: GenerateContentRequest) -> Usage:
        """Read a beginning; answers to what begins like it are others from then on."""
        return await self._backend.warm(request)

    def _path(self, request: GenerateContentRequest) -> Path:
        text = json.dumps(self._backend.determinants(request), sort_keys=True)
        key = hashlib.sha256(text.encode()).hexdigest()
        return self._folder / key[:2] / f"{key}.json"


def _read(path: Path) -> StoredAnswer | None:
    """What is stored; None where nothing is, or nothing readable."""
    try:
        return StoredAnswer.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
