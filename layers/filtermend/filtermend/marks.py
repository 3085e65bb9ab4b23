"""Marks at the lines that fail: what is wrong stands where it is wrong."""

import re
from collections.abc import Sequence

from filtermend.models import Diagnostic

MOST_MARKS = 5
LONGEST_MARK = 100
_MARK = "  // <<< "
_MARKED = re.compile(r"[ \t]*// <<<[^\n]*")


def mark(code: str, diagnostics: Sequence[Diagnostic]) -> str:
    """The code with a comment at each line that a diagnostic is about, the first five of them."""
    lines = code.split("\n")
    marked: set[int] = set()
    for diagnostic in diagnostics:
        at = diagnostic.line - 1
        if 0 <= at < len(lines) and at not in marked and len(marked) < MOST_MARKS:
            marked.add(at)
            said = diagnostic.message.split("\n")[0].rpartition(": ")[2]
            lines[at] += _MARK + said[:LONGEST_MARK]
    return "\n".join(lines)


def unmark(code: str) -> str:
    """The code without such comments, which models copy."""
    return _MARKED.sub("", code)
