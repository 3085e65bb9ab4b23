"""The part of Gemini's request and answer that this endpoint understands.

Keys are read in camelCase and in snake_case (the SDK mixes both) and written in camelCase.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Message(BaseModel):
    """Base of everything read: an unknown name is an error, as it is at Google."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Part(Message):
    """A piece of a turn. Only text is understood."""

    text: str
    thought: bool | None = None
    thought_signature: str | None = None


class Content(Message):
    """One turn of the conversation, or the system instruction."""

    role: Literal["user", "model", "system"] | None = None
    parts: list[Part] = Field(min_length=1)

    @property
    def text(self) -> str:
        """All parts as one text."""
        return "\n".join(part.text for part in self.parts)


class ThinkingConfig(Message):
    """Accepted and ignored: neither backend thinks."""

    thinking_budget: int | None = None
    thinking_level: str | None = None
    include_thoughts: bool | None = None


class GenerationConfig(Message):
    """Sampling settings; `max_output_tokens` and the penalties as in Gemini's reference."""

    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    top_k: float | None = Field(default=None, ge=1)
    max_output_tokens: int | None = Field(default=None, ge=1, le=65536)
    candidate_count: Literal[1] | None = None
    stop_sequences: list[str] = Field(default_factory=list, max_length=5)
    seed: int | None = None
    presence_penalty: float | None = Field(default=None, ge=-2, le=2)
    frequency_penalty: float | None = Field(default=None, ge=-2, le=2)
    response_mime_type: Literal["text/plain"] | None = None
    thinking_config: ThinkingConfig | None = None


class GenerateContentRequest(Message):
    """The body of `generateContent`."""

    contents: list[Content] = Field(min_length=1)
    system_instruction: Content | None = None
    generation_config: GenerationConfig = Field(default_factory=GenerationConfig)
    safety_settings: list[dict[str, Any]] | None = None
    labels: dict[str, str] | None = None

    @property
    def prompt(self) -> str:
        """System instruction and all turns as one text."""
        system = [self.system_instruction.text] if self.system_instruction else []
        return "\n".join([*system, *(content.text for content in self.contents)])


class CountTokensRequest(Message):
    """The body of `countTokens`."""

    contents: list[Content] = Field(min_length=1)

    @property
    def prompt(self) -> str:
        """All turns as one text."""
        return "\n".join(content.text for content in self.contents)


class Usage(BaseModel):
    """Token counts of an answer; one that is None is left out, as Gemini does."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")

    prompt_token_count: int | None = None
    candidates_token_count: int | None = None
    cached_content_token_count: int | None = None
    thoughts_token_count: int | None = None
    total_token_count: int | None = None


class Completion(BaseModel):
    """What a backend came up with for one question."""

    text: str | None
    finish_reason: str = "STOP"
    block_reason: str | None = None
    usage: Usage
    model_version: str

    def wire(self, response_id: str) -> dict[str, Any]:
        """The body of a 200. A blocked prompt has no candidates, an empty answer no parts."""
        body: dict[str, Any] = {
            "usageMetadata": self.usage.model_dump(by_alias=True, exclude_none=True),
            "modelVersion": self.model_version,
            "responseId": response_id,
        }
        if self.block_reason is not None:
            return {"promptFeedback": {"blockReason": self.block_reason}, **body}
        content: dict[str, Any] = {"role": "model"}
        if self.text:
            content["parts"] = [{"text": self.text}]
        candidate = {"content": content, "finishReason": self.finish_reason, "index": 0}
        return {"candidates": [candidate], **body}
