"""When certain changes are the fix, and no model is asked."""

import re

from filtermend.examination import Examination
from filtermend.models import Diagnostic

_KINDS = {
    "bounds": r"out of range|out of bounds",
    "nil map": r"nil map",
    "nil": r"nil pointer|zero Value",
    "division": r"divide by zero",
    "loop": r"timed out|took too long",
    "recursion": r"recursed|stack overflow|stack exceeds",
}
"""What a run can fail by, in Go's words and in yaegi's."""


def is_the_fix(error_type: str, error_text: str, examined: Examination) -> bool:
    """True when the certain changes mend the failed code, and mend what the error is about.

    A filter that did not compile compiles now, and runs. One that failed while it ran failed in
    the same way when it was replayed, or was changed where it can: what fails in another way may
    have another mistake than the one that was mended.

    Args:
        error_type: compilation, runtime or panic.
        error_text: the error's message and stack trace.
        examined: the failed code, before and after.
    """
    if not (examined.changes and examined.good):
        return False
    if error_type == "compilation":
        return not examined.compiled_before
    return examined.replayed is True and _repeated(error_text, examined.before)


def _repeated(error_text: str, before: list[Diagnostic]) -> bool:
    """The replay of the failed code failed as the error says; an unknown failure is any.

    Where nothing failed, the changes were made for the error's own words.
    """
    replays = [d.message for d in before if d.source == "replay"]
    kind = _kind(error_text)
    return not replays or any(kind in (None, _kind(message)) for message in replays)


def _kind(text: str) -> str | None:
    return next((kind for kind, words in _KINDS.items() if re.search(words, text)), None)
