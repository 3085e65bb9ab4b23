"""What came of one case, and the file that keeps it: appended line by line, read again later."""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.options import CannotEvaluate

type Configuration = dict[str, str]
"""Hashes and names of all that a result depends on, but for its case."""


class Scores(BaseModel):
    """How good a fix is.

    Attributes:
        extracted: some answer had code in it.
        validates: it compiles in the screener.
        replays: it raises no error on any fixture.
        behaves: it answers as the reference does on every fixture.
        kept: the reference's changed lines by the fix's, at most 1; None where there is no fix.
    """

    model_config = ConfigDict(frozen=True)

    extracted: bool = False
    validates: bool = False
    replays: bool = False
    behaves: bool = False
    kept: float | None = None


class After(BaseModel):
    """What there was after so many attempts; costs and seconds are those until then."""

    model_config = ConfigDict(frozen=True)

    scores: Scores
    cost_usd: float
    seconds: float


class Result(BaseModel):
    """One case, tried once, to its end.

    Attributes:
        digest: of the case as it was then.
        source: of the final fix: `model`, `mechanical`, or `none` without one.
        turns: answers there were, mechanical fixes included.
        after: one for each attempt that is allowed, also where fewer were needed.
        fault: the stage that broke down and why; such a case is tried again by the next start.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    digest: str
    trial: int
    defect: str
    error_type: str
    difficulty: str
    source: str
    status: str
    reason: str
    attempts: int
    turns: int
    scores: Scores
    seconds: float
    cost_usd: float
    final_code: str | None
    after: list[After]
    model_versions: list[str] = []
    prompt_versions: list[str] = []
    fault: str | None = None

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from the others of an eval."""
        return self.id, self.trial


class Journal:
    """The results of one configuration so far; `open` reads them, `add` appends one."""

    def __init__(self, path: Path, known: list[Result]) -> None:
        self._path = path
        self._known = {(*result.key, result.digest): result for result in known}

    @classmethod
    def open(cls, path: Path, configuration: Configuration, *, restart: bool) -> "Journal":
        """Go on with the results in a file, or begin it.

        Raises:
            CannotEvaluate: they were made with another configuration; says what differs.
        """
        text = path.read_text("utf-8") if path.exists() else ""
        lines = text.splitlines()
        if lines and not restart:
            differing = _differences(lines[0], configuration)
            if differing:
                raise CannotEvaluate(
                    f"{path} has results of another configuration (other: {', '.join(differing)}). "
                    "RESTART=1 forgets them and starts afresh; REPORT= names another file."
                )
            if not text.endswith("\n"):  # the last line was broken off
                with path.open("a", encoding="utf-8") as file:
                    file.write("\n")
            return cls(path, [result for line in lines[1:] for result in _read(line)])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"configuration": configuration}) + "\n")
        return cls(path, [])

    def find(self, case_id: str, trial: int, digest: str) -> Result | None:
        """The finished result of a case that has not changed since."""
        found = self._known.get((case_id, trial, digest))
        return None if found is None or found.fault else found

    def add(self, result: Result) -> None:
        """Append it."""
        self._known[(*result.key, result.digest)] = result
        with self._path.open("a", encoding="utf-8") as file:
            file.write(result.model_dump_json() + "\n")


def _differences(first_line: str, configuration: Configuration) -> list[str]:
    try:
        stored = json.loads(first_line)["configuration"]
    except (ValueError, KeyError, TypeError):
        return ["the file's form"]
    return sorted(
        name
        for name in stored.keys() | configuration.keys()
        if stored.get(name) != configuration.get(name)
    )


def _read(line: str) -> list[Result]:
    """The line's result; none from a line that was broken off."""
    try:
        return [Result.model_validate_json(line)]
    except ValidationError:
        return []
