"""The script of the scripted backend: which prompt gets which answers."""

from http import HTTPStatus
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from local.gemini.protocol import Usage


class Answer(BaseModel):
    """One fixed answer: a text, an error status, or one of the ways an answer goes wrong.

    `delay_ms` comes before any of them; `retry_after_seconds` belongs to a 429. `usage` replaces
    the estimated token counts it names; a null leaves that count out.
    """

    model_config = ConfigDict(extra="forbid")

    text: str | None = None
    finish_reason: str = "STOP"
    block_reason: str | None = None
    empty: bool = False
    status: Annotated[int, Field(ge=400, le=599)] | None = None
    message: str | None = None
    retry_after_seconds: Annotated[float, Field(ge=0)] | None = None
    malformed: bool = False
    drop_connection: bool = False
    delay_ms: Annotated[int, Field(ge=0, le=600_000)] = 0
    usage: Usage | None = None
    model_version: str | None = None

    @model_validator(mode="after")
    def _only_throttling_has_a_wait(self) -> Self:
        if self.retry_after_seconds is not None and self.status != HTTPStatus.TOO_MANY_REQUESTS:
            raise ValueError("retry_after_seconds goes with status 429")
        return self


class Scenario(BaseModel):
    """Answers, in order, for prompts that contain `match`; the last one repeats."""

    model_config = ConfigDict(extra="forbid")

    match: str
    answers: list[Answer] = Field(min_length=1)


class Script(BaseModel):
    """Scenarios, the first whose `match` occurs wins; `default` is for all other prompts."""

    model_config = ConfigDict(extra="forbid")

    scenarios: list[Scenario] = Field(default_factory=list)
    default: Answer | None = None
