"""Go code out of whatever a model really answers.

Models fence their answer once, several times, with another language's tag, not at all, or
forget to close it; they write Windows line ends, and a whole function or file where a body
was asked for. What comes back is the filter's body; whether it is right is the validator's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from filtermend.go_source import (
    ends_in_return,
    filter_body,
    has_statement,
    is_balanced,
    statements_in,
)

_FENCE = re.compile(r"(?P<before>[^`~]*+)(?P<mark>`{3,}+|~{3,}+)[ \t]*+(?P<tag>\w*+)[^`]*+")
_GO_TAGS = {"go", "golang", "yaegi"}
_MORE_THAN_A_WORD = re.compile(r"[!<>=(\[{]|\b(?:true|false)\b")


@dataclass(frozen=True)
class Extracted:
    """The code found; `complete` is False when the answer broke off before its end."""

    code: str
    complete: bool


@dataclass(frozen=True)
class _Block:
    tag: str
    code: str
    closed: bool


def extract_code(answer: str) -> Extracted | None:
    """The filter's body from a model's answer, or None when the answer has no Go code.

    Of several fenced blocks one that ends in a return statement goes before one that does not,
    then one tagged as Go before others; of those left, the last that is at least half as long
    as the longest: a snippet is shorter than the filter it explains, a revision comes later.
    """
    text = answer.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    blocks = list(_blocks(text))
    best = _best(blocks) if blocks else _unfenced(text)
    if not has_statement(best.code):
        return None
    complete = ends_in_return(best.code) or (best.closed and is_balanced(best.code))
    return Extracted(best.code, complete)


def _blocks(text: str) -> Iterator[_Block]:
    """The fenced blocks that are not empty, unwrapped."""
    for tag, code, closed in _fenced(text):
        if code.strip():
            yield _Block(tag, filter_body(code), closed)


def _fenced(text: str) -> Iterator[tuple[str, str, bool]]:
    """Tag and content, and whether the mark that ends it is there, wherever in a line it stands."""
    mark, tag, lines = "", "", list[str]()
    for line in text.split("\n"):
        ends = bool(mark) and mark in line
        if ends:
            yield tag, "\n".join([*lines, line.partition(mark)[0]]), True
            mark = ""
        fence = None if mark else _FENCE.fullmatch(line)
        if fence and (fence["tag"].lower() in _GO_TAGS or not (ends or _is_prose(fence["before"]))):
            mark, tag, lines = fence["mark"], fence["tag"].lower(), []
        elif mark:
            lines.append(line)
    if mark:
        yield tag, "\n".join(lines), False


def _is_prose(text: str) -> bool:
    """More than an indentation or the number of a list's item."""
    return any(character.isalpha() for character in text)


def _best(blocks: list[_Block]) -> _Block:
    ranks = [(ends_in_return(block.code), block.tag in _GO_TAGS) for block in blocks]
    top = max(ranks)
    first = [block for block, rank in zip(blocks, ranks, strict=True) if rank == top]
    longest = max(len(block.code) for block in first)
    return [block for block in first if 2 * len(block.code) >= longest][-1]


def _unfenced(text: str) -> _Block:
    """Code without a fence; a line of prose that could be a statement is not enough."""
    code = statements_in(text)
    is_go = "return" in code and _MORE_THAN_A_WORD.search(code) is not None
    return _Block("", filter_body(code) if is_go else "", closed=False)
