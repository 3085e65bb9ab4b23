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
from filtermend.examination import Examination
from filtermend.models import CallRow, Change, Diagnostic, Value

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
    template: PromptTemplate,
    context: FilterContext,
    contract: str,
    earlier: CallRow | None = None,
    examined: Examination | None = None,
) -> Question:
    """Fill the template; after an earlier candidate, show it and what was wrong with it.

    Args:
        template: the three parts.
        context: the error's facts.
        contract: what a filter may use.
        earlier: the last call that was answered, if any.
        examined: what the backend found in the failed code; the model gets the code with the
            certain changes made.
    """
    user = Turn("user", _render(template.user, _variables(context) | _findings(examined)))
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


def _findings(examined: Examination | None) -> dict[str, object]:
    if examined is None:
        return {"diagnosis": "", "changes": ""}
    diagnosis = cap("\n".join(map(describe, examined.diagnostics)), LONGEST_DIAGNOSTICS)
    found: dict[str, object] = {
        "diagnosis": diagnosis,
        "changes": describe_changes(examined.changes),
    }
    return found | ({"failed_code": examined.code} if examined.changes else {})


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


def describe_changes(changes: list[Change]) -> str:
    """Changes as a list for a person, each with its line."""
    return "\n".join(f"- line {change.line}: {change.message}" for change in changes)


def _render(template: str, variables: dict[str, object]) -> str:
    return str(chevron.render(template, variables))  # type: ignore[no-untyped-call]
