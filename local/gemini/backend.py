"""What the endpoint needs from whatever answers the questions."""

import uuid
from datetime import UTC, datetime
from typing import Literal, Protocol

from pydantic import BaseModel, Field

from local.gemini.protocol import Completion, GenerateContentRequest, Usage

State = Literal["loading", "ready", "failed"]


class Call(BaseModel):
    """One `generateContent` as it was asked and answered, for whoever checks afterwards.

    `stored_ms` belongs to an answer that was found among the stored ones: how long it took when
    it was new.
    """

    time: datetime = Field(default_factory=lambda: datetime.now(UTC))
    response_id: str = Field(default_factory=lambda: uuid.uuid4().hex)
    model: str
    prompt_chars: int
    prompt: str
    scenario: str | None = None
    status: int | None = None
    duration_ms: int | None = None
    stored_ms: int | None = None


class BrokenAnswer(Exception):
    """The answer is to go out damaged: as text that is no JSON, or cut off half-way."""

    def __init__(self, kind: Literal["malformed", "dropped"]) -> None:
        super().__init__(kind)
        self.kind = kind


class Backend(Protocol):
    """Answers questions. Raises GeminiError or BrokenAnswer for anything but a completion."""

    name: str

    def start(self) -> None:
        """Begin to load what is needed; returns at once."""

    def state(self) -> tuple[State, str]:
        """Whether questions can be answered, and a sentence about it."""

    async def generate(self, request: GenerateContentRequest, call: Call) -> Completion:
        """Answer one question; may note in `call` how it came to the answer."""

    async def warm(self, request: GenerateContentRequest) -> Usage:
        """Read a prompt ahead of the questions that begin like it; returns what was counted."""
