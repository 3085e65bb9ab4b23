"""The prompt: a mustache template of three parts, filled with the facts of one error.

The template is `prompts/regenerate-filter-go.md`. Its parts are a system instruction (the same for
every error, so that a provider can cache it), the user's message, and the message that follows a
candidate which did not pass.
"""

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Literal

import chevron

from filtermend.context import FilterContext, cap
from filtermend.models import CallRow, Diagnostic, Value

LONGEST_DIAGNOSTICS = 3_000
_PART = re.compile(r"^<!-- (system|user|feedback) -->\n", re.MULTILINE)


class PromptTemplate(Value):
    """The three parts as mustache, and where they come from."""

    system: str
    user: str
    feedback: str
    version: str
    source: Literal["bundled", "braintrust"]


@dataclass(frozen=True)
class Turn:
    """One message of a conversation."""

    role: Literal["user", "model"]
    text: str


@dataclass(frozen=True)
class Question:
    """What Gemini is asked: the system instruction and the conversation so far."""

    system: str
    turns: tuple[Turn, ...]

    @property
    def size(self) -> int:
        """The bytes of text that are sent."""
        return sum(len(text.encode()) for text in (self.system, *(t.text for t in self.turns)))


@cache
def bundled_template() -> PromptTemplate:
    """The template shipped with the package; its version is a hash of its text."""
    text = files("filtermend").joinpath("prompts/regenerate-filter-go.md").read_text("utf-8")
    return parse_template(text)


def parse_template(text: str) -> PromptTemplate:
    """Split a prompt file at its part marks.

    Raises:
        ValueError: naming the part that is missing or there twice.
    """
    pieces = _PART.split(text)
    names, bodies = pieces[1::2], pieces[2::2]
    if sorted(names) != ["feedback", "system", "user"]:
        raise ValueError(f"a prompt has the parts system, user and feedback once each, not {names}")
    parts = dict(zip(names, (body.strip() for body in bodies), strict=True))
    version = sha256(text.encode()).hexdigest()[:12]
    return PromptTemplate(**parts, version=version, source="bundled")


def build_question(
    template: PromptTemplate, context: FilterContext, contract: str, earlier: CallRow | None
) -> Question:
    """Fill the template; after an earlier candidate, show it and what was wrong with it."""
    user = Turn("user", _render(template.user, _variables(context)))
    system = _render(template.system, {"filter_contract": contract.strip()})
    if earlier is None or not earlier.diagnostics:
        return Question(system, (user,))
    feedback = Turn("user", _render(template.feedback, _feedback_variables(earlier.diagnostics)))
    if earlier.code is None:
        return Question(system, (Turn("user", f"{user.text}\n\n{feedback.text}"),))
    said = Turn("model", f"```go\n{earlier.code}\n```")
    return Question(system, (user, said, feedback))


def _variables(context: FilterContext) -> dict[str, object]:
    values: dict[str, object] = context.model_dump(exclude={"notes"})
    execution = ("trigger_interval", "symbols_processed", "execution_duration_ms")
    values["execution_context"] = {name: values.pop(name) for name in execution}
    return values


def _feedback_variables(diagnostics: list[Diagnostic]) -> dict[str, object]:
    text = "\n".join(describe(diagnostic) for diagnostic in diagnostics)
    return {"diagnostics": cap(text, LONGEST_DIAGNOSTICS)}


def describe(diagnostic: Diagnostic) -> str:
    """A diagnostic as a person would tell it: place, message, the line, and what helps."""
    place = f"line {diagnostic.line}: " if diagnostic.line else ""
    lines = [f"- {place}{diagnostic.message}"]
    if diagnostic.source_line:
        lines.append(f"    {diagnostic.source_line.strip()}")
    if diagnostic.hint:
        lines.append(f"  {diagnostic.hint}")
    return "\n".join(lines)


def _render(template: str, variables: dict[str, object]) -> str:
    return str(chevron.render(template, variables))  # type: ignore[no-untyped-call]
