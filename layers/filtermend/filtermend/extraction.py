"""Go code out of whatever a model really answers.

Models fence their answer once, several times, with another language's tag, not at all, or
forget to close it; they write Windows line ends, and a whole function or file where a body
was asked for. What comes back is the filter's body; whether it is right is the validator's.
"""

import re
import textwrap
from dataclasses import dataclass

_FENCE = re.compile(
    r"^[ \t]*(?P<mark>```+|~~~+)[ \t]*(?P<tag>[\w+#.-]*)[^\n]*\n(?P<code>.*?)"
    r"(?:^[ \t]*(?P=mark)[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)
_GO_TAGS = {"go", "golang", "yaegi"}
_EVALUATE = re.compile(r"\bfunc\s+(?:\(\s*\w*\s*\*?\w+\s*\)\s*)?(?:evaluate|Evaluate)\s*\(")
_ANY_FUNCTION = re.compile(r"^func\s+\w+\s*\([^)]*\)\s*bool\s*", re.MULTILINE)
_GO_STATEMENT = re.compile(
    r"^\s*(?:return\b|if\s.+\{\s*$|for\s.*\{\s*$|\w+(?:\s*,\s*\w+)*\s*:=|var\s+\w+|"
    r"switch\b.*\{\s*$|\}\s*(?:else\b.*)?$|func\s+\w+\(|package\s+\w+)",
    re.MULTILINE,
)
_RETURN = re.compile(r"\breturn\b")
_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\n])*"|`[^`]*`|\'(?:\\.|[^\'\\\n])+\'|[{}]', re.DOTALL
)


@dataclass(frozen=True)
class Extracted:
    """The code found; `complete` is False when its end is missing (an unclosed block)."""

    code: str
    complete: bool


def extract_code(answer: str) -> Extracted | None:
    """The filter's body from a model's answer, or None when the answer has no Go code.

    Of several fenced blocks the one that is most like a filter is taken: tagged as Go, with a
    return statement, the longest, the last.
    """
    text = answer.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    blocks = [m for m in _FENCE.finditer(text) if m["code"].strip()]
    if blocks:
        best = max(blocks, key=lambda m: (_likeness(m), m.start()))
        if not _GO_STATEMENT.search(best["code"]):
            return None
        return _body(best["code"])
    return _unfenced(text)


def _likeness(block: re.Match[str]) -> tuple[bool, bool, int]:
    code = block["code"]
    return bool(_RETURN.search(code)), block["tag"].lower() in _GO_TAGS, len(code.strip())


def _unfenced(text: str) -> Extracted | None:
    """Code without a fence: from the first line that is Go to the last that can be."""
    if not _RETURN.search(text):
        return None
    lines = text.split("\n")
    code_lines = [n for n, line in enumerate(lines) if _GO_STATEMENT.match(line)]
    if not code_lines or not any(re.match(r"\s*return\b\s*[\w!(]", line) for line in lines):
        return None
    return _body("\n".join(lines[code_lines[0] : code_lines[-1] + 1]))


def _body(code: str) -> Extracted | None:
    """The body of `evaluate` where a whole function or file was given, else the code itself."""
    match = _EVALUATE.search(code) or _ANY_FUNCTION.search(code)
    if match is None:
        return _extracted(_dedent(code), _depth(code) <= 0)
    opening = _opening_brace(code, match.end())
    if opening is None:
        return None
    end = _closing_brace(code, opening)
    return _extracted(_dedent(code[opening + 1 : end]), end is not None)


def _extracted(code: str, complete: bool) -> Extracted | None:
    return Extracted(code, complete) if code else None


def _opening_brace(code: str, start: int) -> int | None:
    return next((m.start() for m in _TOKEN.finditer(code, start) if m[0] == "{"), None)


def _closing_brace(code: str, opening: int) -> int | None:
    depth = 0
    for token in _TOKEN.finditer(code, opening):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if depth == 0:
            return token.start()
    return None


def _depth(code: str) -> int:
    return sum({"{": 1, "}": -1}.get(token[0], 0) for token in _TOKEN.finditer(code))


def _dedent(code: str) -> str:
    """Without the indentation that all lines share, blank lines around and space at line ends."""
    return textwrap.dedent("\n".join(line.rstrip() for line in code.split("\n"))).strip("\n")
