"""What an answer of the model amounts to: a candidate, or why there is none."""

from dataclasses import dataclass

from filtermend.extraction import extract_code
from filtermend.marks import unmark
from filtermend.models import CallOutcome, Diagnostic

_BLOCKED = {
    "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR", "OTHER",
    "JAILBREAK", "IMAGE_SAFETY",
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """The outcome, the candidate where there is one, and what to tell the model otherwise."""

    outcome: CallOutcome
    code: str | None
    diagnostics: list[Diagnostic]


def read_answer(text: str, finish_reason: str) -> Reading:
    """Find the candidate in an answer.

    An answer that was cut off, but whose code is complete all the same, is a candidate; one that
    breaks off inside the code is `truncated` or `blocked`, by its finish reason.
    """
    found = extract_code(text)
    broken_off = finish_reason == "MAX_TOKENS" or finish_reason in _BLOCKED
    if found is not None and (found.complete or not broken_off):
        return Reading(CallOutcome.CANDIDATE, unmark(found.code), [])
    if finish_reason == "MAX_TOKENS":
        return _without_code(
            CallOutcome.TRUNCATED, "The answer was cut off at its length limit: answer with less."
        )
    if finish_reason in _BLOCKED and (found is not None or not text.strip()):
        return _without_code(
            CallOutcome.BLOCKED, f"The model declined to answer ({finish_reason})."
        )
    return _without_code(CallOutcome.NO_CODE, "The answer had no Go code in it.")


def _without_code(outcome: CallOutcome, message: str) -> Reading:
    return Reading(outcome, None, [Diagnostic(message=message, source="answer")])
