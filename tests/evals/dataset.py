"""Cases and fixtures as they are read from files of the documented form."""

import hashlib
import json
from collections import defaultdict
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from evals.options import CannotEvaluate

FORM = (
    "a case is {id, class, error_type, error_message, stack_trace, strategy, indicators, "
    "timeframes, failed_code, reference_code} and may have difficulty and split"
)


class EvalCase(BaseModel):
    """A filter that failed, how it failed, and a filter that does what was meant.

    `split` and `difficulty` are this project's own; a case of another file may lack them, and a
    case without a split belongs to every split.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str = Field(min_length=1)
    defect: str = Field(alias="class", min_length=1)
    error_type: Literal["compilation", "runtime", "panic"]
    error_message: str
    stack_trace: str | None
    strategy: str
    indicators: JsonValue
    timeframes: list[str]
    failed_code: str = Field(min_length=1)
    reference_code: str = Field(min_length=1)
    difficulty: str = "unknown"
    split: str | None = None

    @property
    def digest(self) -> str:
        """A hash of all that a result for this case depends on."""
        facts = self.model_dump_json(exclude={"split", "difficulty", "defect"})
        return hashlib.sha256(facts.encode()).hexdigest()[:16]


def read_cases(path: Path) -> list[EvalCase]:
    """The cases of a file.

    Raises:
        CannotEvaluate: no such file, no list of cases, a field that is missing or wrong (which,
            and in which case), or two cases of one id.
    """
    content = read_json(path, "CASES")
    if not isinstance(content, list) or not content:
        raise CannotEvaluate(f"{path} is not a list of cases: {FORM}")
    cases = [_case(path, number, one) for number, one in enumerate(content, start=1)]
    known: set[str] = set()
    for case in cases:
        if case.id in known:
            raise CannotEvaluate(f"{path} has two cases with the id {case.id!r}: rename one")
        known.add(case.id)
    return cases


def read_fixtures(path: Path) -> dict[str, str]:
    """The markets of a file by name, each as JSON text.

    Raises:
        CannotEvaluate: no such file, or something else than an object of MarketData.
    """
    content = read_json(path, "FIXTURES")
    try:
        markets = TypeAdapter(dict[str, dict[str, JsonValue]]).validate_python(content)
    except ValidationError:
        markets = {}
    if not markets:
        raise CannotEvaluate(f"{path} is not a JSON object {{name: MarketData}} with any market")
    return {name: json.dumps(market) for name, market in markets.items()}


def choose(cases: list[EvalCase], split: str, limit: int | None) -> list[EvalCase]:
    """The cases of a split, or `limit` of them with each class's share kept, in the file's order.

    The choice depends on nothing but the ids, and a larger limit keeps what a smaller one has
    wherever the shares allow it.

    Raises:
        CannotEvaluate: the split has no case.
    """
    taken = [case for case in cases if split == "all" or case.split in (None, split)]
    if not taken:
        raise CannotEvaluate(f"no case has the split {split!r}: take SPLIT=all")
    if limit is None or limit >= len(taken):
        return taken
    by_class: dict[str, list[EvalCase]] = defaultdict(list)
    for case in taken:
        by_class[case.defect].append(case)
    sizes = {name: len(members) for name, members in by_class.items()}
    chosen = {
        case.id
        for name, share in shares(sizes, limit).items()
        for case in sorted(by_class[name], key=lambda case: _hash(case.id))[:share]
    }
    return [case for case in taken if case.id in chosen]


def shares(sizes: dict[str, int], limit: int) -> dict[str, int]:
    """Split `limit` by size; what rounding leaves goes to the largest remainders."""
    total = sum(sizes.values())
    exact = {name: limit * size / total for name, size in sizes.items()}
    given = {name: int(share) for name, share in exact.items()}
    by_remainder = sorted(sizes, key=lambda name: (given[name] - exact[name], _hash(name)))
    for name in by_remainder[: limit - sum(given.values())]:
        given[name] += 1
    return given


def _case(path: Path, number: int, value: Any) -> EvalCase:
    try:
        return EvalCase.model_validate(value)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        name = value.get("id") if isinstance(value, dict) else None
        which = f"case {number}" + (f" ({name})" if isinstance(name, str) and name else "")
        field = ".".join(map(str, fault["loc"]))
        if fault["type"] == "missing":
            problem = f"lacks the field {field!r}: add it"
        elif field:
            problem = f"has a wrong {field!r} ({fault['msg']}): correct it"
        else:
            problem = "is not a JSON object"
        raise CannotEvaluate(f"{path}: {which} {problem}; {FORM}") from None


def read_json(path: Path, variable: str) -> Any:
    """The content of the file that a variable names.

    Raises:
        CannotEvaluate: there is none, or it is no JSON.
    """
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise CannotEvaluate(f"there is no file {path}: name one with {variable}=") from None
    except (OSError, ValueError) as error:
        raise CannotEvaluate(f"{variable}: {path} cannot be read as JSON: {error}") from None


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
