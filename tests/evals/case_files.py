"""The case files: one TOML file each, cases/<error type>/<class>-<short name>.toml."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

CASES = Path(__file__).with_name("cases")
ERROR_TYPES = ("compilation", "runtime", "panic")
CASES_PER_CLASS = 2

type Timeframe = Literal["1m", "5m", "15m", "1h", "4h", "1d"]


class Refused(Exception):
    """A case that cannot be evaluation data; the message says which and what to do."""


class CaseFile(BaseModel):
    """What a case's author writes."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_min_length=1)

    defect: str = Field(alias="class", pattern=r"^[a-z][a-z0-9_]*$")
    difficulty: Literal["easy", "medium", "hard"]
    strategy: str
    indicators: list[str]
    timeframes: list[Timeframe] = Field(min_length=1)
    failed_code: str
    reference_code: str
    fixture: str | None = None


@dataclass(frozen=True)
class Case:
    """A case file, its id (the file's name) and its error type (the folder)."""

    id: str
    error_type: str
    file: CaseFile


def read(folder: Path = CASES, *, whole: bool = True) -> list[Case]:
    """All cases in the order of their ids, each well-formed.

    Args:
        whole: the set is meant to be complete, so that a class of one case is refused.

    Raises:
        Refused: a file that is not a case, ids that are not unique, a class with one case.
    """
    strays = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not _is_a_case(path.relative_to(folder))
    )
    if strays:
        raise Refused(
            f"{strays[0]}: a case is a file <error type>/<class>-<short name>.toml, where the "
            f"error type is one of {', '.join(ERROR_TYPES)}: move or remove it."
        )
    cases = [_case(path) for path in sorted(folder.glob("*/*.toml"), key=lambda path: path.stem)]
    for refusal in _refused_together(cases, whole=whole):
        raise refusal
    return cases


def _is_a_case(path: Path) -> bool:
    return len(path.parts) == 2 and path.parts[0] in ERROR_TYPES and path.suffix == ".toml"


def _case(path: Path) -> Case:
    name = f"{path.parent.name}/{path.name}"
    try:
        file = CaseFile.model_validate(tomllib.loads(path.read_text()))
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{name}: this is not TOML ({error}): put it right.") from error
    except ValidationError as error:
        raise Refused(f"{name}: {_sentence(error)}.") from error
    if not path.stem.replace("-", "_").startswith(f"{file.defect}_"):
        raise Refused(f"{name}: rename it to {file.defect}-<short name>.toml, after its class.")
    if file.failed_code.strip() == file.reference_code.strip():
        raise Refused(f"{name}: failed_code and reference_code are the same: repair the latter.")
    return Case(path.stem, path.parent.name, file)


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    match first["type"]:
        case "missing":
            return f"the key {key!r} is missing: add it"
        case "extra_forbidden":
            return f"unknown key {key!r}: remove it, or correct its spelling"
        case _:
            return f"the value of {key!r} is wrong ({first['msg']}): correct it"


def _refused_together(cases: list[Case], *, whole: bool) -> Iterator[Refused]:
    for case_id, count in Counter(case.id for case in cases).items():
        if count > 1:
            folders = ", ".join(sorted(case.error_type for case in cases if case.id == case_id))
            yield Refused(f"{case_id}: this name is in more than one folder ({folders}): rename.")
    for defect, count in Counter(case.file.defect for case in cases).items():
        if whole and count < CASES_PER_CLASS:
            only = next(case.id for case in cases if case.file.defect == defect)
            yield Refused(f"{only}: the only case of class {defect!r}: add another one.")
