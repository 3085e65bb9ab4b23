"""The script of the scripted backend: which prompt gets which answers."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from local.gemini.protocol import Usage


class Answer(BaseModel):
    """One fixed answer: a text, an error status, or one of the ways an answer goes wrong.

    `delay_ms` comes before any of them. `usage` replaces the estimated token counts it names;
    a null leaves that count out.
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
