"""The first lines of a filter, which models leave out when they repeat the rest."""

import re

_DECLARATION = re.compile(
    r"(?:(?:var|const)\s+)?(?P<names>\w+(?:\s*,\s*\w+)*)\s*(?::=|=(?!=))\s*\S.*"
)
_OPEN = re.compile(r"[({\[,]$")


def restore_opening(candidate: str, failed_code: str) -> str:
    """The candidate with what the failed code declares at its beginning, where that is missing.

    A declaration on one line, before anything else, of a name that the candidate uses and does
    not declare, can only have been left out.
    """
    missing = []
    for line in failed_code.strip().split("\n"):
        if not line.strip() or line.strip().startswith("//"):
            continue
        declaration = _DECLARATION.fullmatch(line.strip())
        if line[0].isspace() or declaration is None or _OPEN.search(line.rstrip()):
            break
        names = re.split(r"\s*,\s*", declaration["names"])
        if any(_uses(candidate, name) for name in names) and not any(
            _declares(candidate, name) for name in names
        ):
            missing.append(line)
    return "\n".join([*missing, candidate])


def _uses(code: str, name: str) -> bool:
    return name != "_" and re.search(rf"(?<![\w.\"]){name}\b(?!\")", code) is not None


def _declares(code: str, name: str) -> bool:
    return re.search(rf"\b{name}\b[\w\s,]*:=|\b(?:var|const|func)\s+{name}\b", code) is not None
