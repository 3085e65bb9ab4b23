"""What can be said of Go source without parsing it: it may be broken, or no Go at all.

The text comes from a model: no pattern here takes more than linear time.
"""

import re
import textwrap

_COMMENT_OR_LITERAL = re.compile(
    r"(?P<comment>//[^\n]*+|/\*.*?\*/)"
    r'|(?P<literal>"(?:[^"\\\n]|\\[^\n])*+"|\'(?:[^\'\\\n]|\\[^\n])*+\'|`[^`]*+`)'
    r"|[\"'][^\n]*+|(?:`|/\*).*+",
    re.DOTALL,
)
_BRACKET = re.compile(r"([][(){}])")
_STEP = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
_FUNCTION = re.compile(
    r"\bfunc[ \t]++(?:\([^()]{0,200}\)[ \t]*+)?(?P<name>\w++)[ \t]*+"
    r"\([^()]{0,400}\)(?P<result>[^{}\n]{0,80}+)\{"
)
_RETURN = r"return\b(?!.*\w[ \t]++\w)(?!.*[.,:?][ \t]*$)[ \t(!]"
"""Two words in a row, or a full stop: "return to the mean" is English."""
_STATEMENT = re.compile(
    rf"[ \t]*+(?:{_RETURN}|return\b.*\bfunc\(|(?:if|for|switch)\b.*\{{[ \t]*$"
    r"|\w++(?:[ \t]*+,[ \t]*+\w++)*+[ \t]*+:=|(?:var|const)[ \t]++\w|func[ \t]++\w++\("
    r"|package[ \t]++\w++$|\}(?:[ \t]*+else\b.*)?$)"
)
_LAST = re.compile(rf"\s*+(?:{_RETURN}.*[\w)\]}}]$|(?:select|switch)\b.*\}}$|.*\belse \{{\}}$)")
_GOES_ON = re.compile(r"([*/%&|^<>=!,.(\[{]|(?<!\+)\+|(?<!-)-)[ \t]*+(?:\n\s*+|$)")


def filter_body(code: str) -> str:
    """The body of the filter's function where a function or a file is given, else the code.

    Of several functions `evaluate` is taken, else one that returns a bool; the last of its kind.
    """
    while True:
        code = textwrap.dedent("\n".join(line.rstrip() for line in code.split("\n"))).strip("\n")
        skeleton = _skeleton(code)
        functions = [match for match in _FUNCTION.finditer(skeleton) if any(_rank(match))]
        if not functions or re.search(r"^return\b", _outline(skeleton) or "", re.MULTILINE):
            return code
        opening = max(functions, key=lambda match: (_rank(match), match.start())).end()
        code = code[opening : _closing_brace(skeleton, opening)]


def letters(code: str) -> str:
    """The code without comments and white space: two that differ in these only are the same."""
    kept = _COMMENT_OR_LITERAL.sub(lambda match: "" if match["comment"] else match[0], code)
    return "".join(kept.split())


def has_statement(code: str) -> bool:
    """Any line begins a Go statement."""
    return any(map(_STATEMENT.match, _skeleton(code).split("\n")))


def is_balanced(code: str) -> bool:
    """Every bracket, literal and comment is closed."""
    return _outline(_skeleton(code)) is not None


def ends_in_return(code: str) -> bool:
    """The code is whole: its last statement returns, or is a block that can."""
    outline = _outline(_skeleton(code)) or ""
    last = re.split(r"[\n;]", _GOES_ON.sub(r"\1 ", outline.rstrip()))[-1]
    return _LAST.match(last) is not None


def statements_in(text: str) -> str:
    """From the first line that begins a Go statement to the end of the last one."""
    kept, end, depth, goes_on = list[str](), 0, 0, False
    for line in text.split("\n"):
        skeleton = _skeleton(line)
        is_code = goes_on or _STATEMENT.match(skeleton) is not None
        if is_code or kept:
            kept.append(line)
        if is_code:
            end = len(kept)
            depth = max(0, depth + sum(_STEP.get(character, 0) for character in skeleton))
            goes_on = depth > 0 or _GOES_ON.search(skeleton) is not None
    return "\n".join(kept[:end])


def _rank(function: re.Match[str]) -> tuple[bool, bool]:
    return function["name"].lower() == "evaluate", "bool" in function["result"]


def _closing_brace(skeleton: str, start: int) -> int | None:
    depth = 1
    for bracket in _BRACKET.finditer(skeleton, start):
        depth += _STEP[bracket[0]] if bracket[0] in "{}" else 0
        if depth == 0:
            return bracket.start()
    return None


def _skeleton(code: str) -> str:
    """The syntax alone, as long as the code: comments blank, literals zeros, unclosed ones open."""

    def blank(match: re.Match[str]) -> str:
        filling = " " if match["comment"] else "0" if match["literal"] else "("
        return "\n".join(filling * len(line) for line in match[0].split("\n"))

    return _COMMENT_OR_LITERAL.sub(blank, code)


def _outline(skeleton: str) -> str | None:
    """What stands outside of all brackets, or None when one is not closed."""
    depth, outside = 0, list[str]()
    for piece in _BRACKET.split(skeleton):
        step = _STEP.get(piece, 0)
        if depth + min(step, 0) == 0:
            outside.append(piece)
        depth += step
        if depth < 0:
            return None
    return None if depth else "".join(outside)
