"""What `make eval` is asked to do: its variables, read and checked."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evals.ablation import STEPS
from local.folder import ROOT, Folder
from local.services import StackError
from local.stack import Options as StackOptions
from local.weights import cache_folder

HERE = Path(__file__).parent
MOST_ATTEMPTS = 3
SPLITS = ("dev", "test", "all")


class CannotEvaluate(Exception):
    """An eval cannot be run as it was asked for; the message says what to do."""


@dataclass(frozen=True)
class Options:
    """How the eval is run.

    Attributes:
        report: where the report goes; the results lie beside it, see `results`.
        limit: so many cases, by class; None: all.
        answers: where the local model's answers are kept; None: nowhere.
        script: what the scripted model answers; None: each case's reference.
        without: steps of the pipeline that are left out, see `ablation`.
        restart: forget results that were made with another configuration.
    """

    model: str
    cases: Path
    fixtures: Path
    report: Path
    folder: Folder
    limit: int | None = None
    trials: int = 1
    split: str = "all"
    attempts: int = MOST_ATTEMPTS
    seed: int = 1
    answers: Path | None = None
    script: Path | None = None
    without: tuple[str, ...] = ()
    restart: bool = False

    @property
    def results(self) -> Path:
        """One line per finished case, appended as they come."""
        return self.report.with_suffix(".results.jsonl")

    @classmethod
    def from_environment(cls) -> "Options":
        """Read MODEL, CASES, FIXTURES, REPORT and the others below.

        Raises:
            CannotEvaluate: naming the variable that cannot be used, and what it may be.
        """
        given, model = os.environ, _model()
        cases = _path(given, "CASES") or HERE / "cases.json"
        folder = Folder(Folder.chosen().path / "eval")
        return cls(
            model=model,
            cases=cases,
            fixtures=_path(given, "FIXTURES") or HERE / "fixtures.json",
            report=_path(given, "REPORT") or folder.path / f"{cases.stem}-{model}.json",
            folder=folder,
            limit=_number(given, "LIMIT", 1, None) if given.get("LIMIT") else None,
            trials=_number(given, "TRIALS", 1, 100, 1),
            split=_choice(given, "SPLIT", SPLITS, "all"),
            attempts=_number(given, "ATTEMPTS", 1, MOST_ATTEMPTS, MOST_ATTEMPTS),
            seed=_number(given, "SEED", 0, None, 1),
            answers=_answers(given.get("CACHE", "")),
            script=_path(given, "SCRIPT"),
            without=_steps(given.get("WITHOUT", "")),
            restart=_choice(given, "RESTART", ("0", "1"), "0") == "1",
        )


def _model() -> str:
    """As everywhere else: MODEL, else gemini where there is a key, else the local model."""
    try:
        return StackOptions.from_environment().model
    except StackError as error:
        raise CannotEvaluate(str(error)) from None


def _path(given: Mapping[str, str], name: str) -> Path | None:
    """A path, from the project's folder, where `make` runs."""
    value = given.get(name)
    return (ROOT / Path(value).expanduser()).resolve() if value else None


def _number(
    given: Mapping[str, str], name: str, least: int, most: int | None, default: int | None = None
) -> int:
    value = given.get(name) or str(default)
    allowed = f"{least} or more" if most is None else f"from {least} to {most}"
    try:
        number = int(value)
    except ValueError:
        raise CannotEvaluate(f"{name} is {value!r}: give a whole number, {allowed}") from None
    if number < least or (most is not None and number > most):
        raise CannotEvaluate(f"{name} is {value}: give a number {allowed}")
    return number


def _choice(given: Mapping[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    value = given.get(name) or default
    if value not in choices:
        raise CannotEvaluate(f"{name} is {value!r}: take one of {', '.join(choices)}")
    return value


def _steps(value: str) -> tuple[str, ...]:
    """WITHOUT: names with commas between them."""
    steps = tuple(sorted({name.strip() for name in value.split(",") if name.strip()}))
    for step in steps:
        if step not in STEPS:
            raise CannotEvaluate(f"WITHOUT has {step!r}: take any of {', '.join(STEPS)}")
    return steps


def _answers(value: str) -> Path | None:
    """CACHE: 0 keeps no answers, 1 or nothing keeps them beside the weights, else a folder."""
    if value == "0":
        return None
    return cache_folder() / "answers" if value in ("", "1") else Path(value).expanduser().resolve()
