"""The prompt: a mustache template of three parts, filled with the facts of one error.

The template is `prompts/regenerate-filter-go.md`. Its parts are a system instruction (the same for
every error, so that a provider can cache it), the user's message, and the message that follows a
candidate which did not pass. What goes into it is data from strangers, between tags: secrets are
masked, and nothing in it closes a tag.
"""

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Literal

import chevron
from chevron.tokenizer import tokenize

from filtermend.context import LONGEST_CODE, FilterContext, excerpt
from filtermend.examination import Examination
from filtermend.marks import mark
from filtermend.models import CallRow, Diagnostic, Value, describe, describe_changes
from filtermend.rules.masking import mask_all
from filtermend.rules.missing_data import read_missing_data

LONGEST_DIAGNOSTICS = 3_000
LONGEST_CHANGES = 3_000
SLUG = "regenerate-filter-go"
"""The prompt's name in Braintrust."""
PARTS = ("system", "user", "feedback")
NEEDED = {
    "system": {"filter_contract"},
    "user": {"original_strategy", "failed_code", "error_type", "error_message", "diagnosis"},
    "feedback": {"diagnostics"},
}
"""What a template has to show; the other variables are its own choice."""
KNOWN = {
    "system": {"filter_contract"},
    "user": {
        *FilterContext.model_fields, "diagnosis", "missing_data", "changes", "execution_context",
        "execution_context.trigger_interval", "execution_context.symbols_processed",
        "execution_context.execution_duration_ms",
    },
    "feedback": {"diagnostics"},
}  # fmt: skip
_PART = re.compile(r"^<!-- (system|user|feedback) -->\n", re.MULTILINE)
_CLOSING_TAG = re.compile(r"</(\w+)>")


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


def check_template(template: PromptTemplate) -> None:
    """Refuse a template that would spoil code, or that shows not all a model needs.

    Raises:
        ValueError: naming the part, the variable and what to do.
    """
    for part in PARTS:
        tokens = list(tokenize(getattr(template, part)))  # type: ignore[no-untyped-call]
        names = {name for kind, name in tokens if kind not in ("literal", "end", "comment")}
        for kind, name in tokens:
            if kind == "variable":
                raise ValueError(f"{part}: write {_tag(name)}, else && becomes &amp;&amp;")
        for name in sorted(NEEDED[part] - names):
            raise ValueError(f"{part} lacks {_tag(name)}")
        for name in sorted(names - KNOWN[part]):
            raise ValueError(f"{part} has {_tag(name)}, which is none of its variables")


def _tag(name: str) -> str:
    return "{{{" + name + "}}}"


def build_question(
    template: PromptTemplate,
    context: FilterContext,
    contract: str,
    earlier: CallRow | None = None,
    examined: Examination | None = None,
) -> Question:
    """Fill the template; after an earlier candidate, ask about that one, in a new conversation.

    Models repeat what they said before in the same one.

    Args:
        template: the three parts.
        context: the error's facts.
        contract: what a filter may use.
        earlier: the last call that was answered, if any.
        examined: what the backend found in the failed code; the model gets the code with the
            certain changes made.
    """
    system = _render(template.system, {"filter_contract": contract.strip()})
    variables = _variables(context) | _findings(context, examined)
    if earlier is None or not earlier.diagnostics:
        return Question(system, (Turn("user", _render(template.user, variables)),))
    if earlier.code is not None and _is_worth_mending(earlier):
        variables |= _wrong(excerpt(earlier.code, LONGEST_CODE), earlier.diagnostics)
        notes = ""
    else:
        notes = _told(earlier.diagnostics)
    user = _render(template.user, variables)
    feedback = _render(template.feedback, {"diagnostics": notes})
    return Question(system, (Turn("user", f"{user}\n\n{feedback}"),))


def _variables(context: FilterContext) -> dict[str, object]:
    values: dict[str, object] = context.model_dump(exclude={"notes"})
    execution = ("trigger_interval", "symbols_processed", "execution_duration_ms")
    values["execution_context"] = {name: values.pop(name) for name in execution}
    said = context.error_type != "compilation"
    values["missing_data"] = " ".join(read_missing_data(context.original_strategy).words * said)
    return values


def _findings(context: FilterContext, examined: Examination | None) -> dict[str, object]:
    if examined is None:
        return {"diagnosis": "", "changes": ""}
    mended = examined.code if examined.changes else None
    code = excerpt(mended, LONGEST_CODE) if mended else context.failed_code
    found = _wrong(code, examined.diagnostics)
    return found | {"changes": excerpt(describe_changes(examined.changes), LONGEST_CHANGES)}


def _wrong(code: str, diagnostics: list[Diagnostic]) -> dict[str, object]:
    """A masked code with its marks, and what is wrong with it."""
    found = [Diagnostic.model_validate(mask_all(d.model_dump())) for d in diagnostics]
    return {"failed_code": mark(code, found), "diagnosis": _told(found)}


def _told(diagnostics: list[Diagnostic]) -> str:
    return excerpt("\n".join(map(describe, diagnostics)), LONGEST_DIAGNOSTICS)


def _is_worth_mending(earlier: CallRow) -> bool:
    """A candidate that gave up, or repeated what failed, is no better start than the filter."""
    return not any(d.source in ("intent", "answer") for d in earlier.diagnostics or [])


def _render(template: str, variables: dict[str, object]) -> str:
    """Fill a template with values that close none of its tags."""
    tags = "|".join(_CLOSING_TAG.findall(template)) or "(?!)"  # none: nothing is escaped
    closing = re.compile(rf"<(?=\s*/\s*(?:{tags})\b)", re.IGNORECASE)

    def inert(values: dict[str, object]) -> dict[str, object]:
        return {
            name: inert(value) if isinstance(value, dict) else closing.sub("&lt;", str(value))
            for name, value in values.items()
        }

    return str(chevron.render(template, inert(variables)))  # type: ignore[no-untyped-call]
