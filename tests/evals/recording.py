"""What the screener says about a case: how the failed code fails, and that the reference does not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import batched
from typing import Any

from evals.case_files import Case, Refused
from evals.screener import Screener

BATCH = 4  # a filter that never ends costs a second per input, and a request may cost fifteen


@dataclass(frozen=True)
class Failure:
    """An error in the screener's words: the columns of an error row.

    Attributes:
        by_limit: a limit of the screener's ended it. Where it was then, and at times which limit
            came first, is chance.
    """

    error_type: str
    message: str
    stack_trace: str
    by_limit: bool = False


def record(screener: Screener, case: Case, fixtures: Mapping[str, str]) -> Failure:
    """Run a case and return how it fails.

    Args:
        fixtures: the markets by name, each as JSON.

    Raises:
        Refused: it does not fail, or differently than its folder says, or its reference fails.
    """
    failure = fails(screener, case, fixtures)
    if failure.error_type != case.error_type:
        raise Refused(
            f"{case.error_type}/{case.id}: failed_code fails with {failure.error_type!r} "
            f"({failure.message.splitlines()[0]}): move the file to {failure.error_type}/, or give "
            f"failed_code a defect of type {case.error_type!r}."
        )
    check_reference(screener, case, fixtures)
    return failure


def fails(screener: Screener, case: Case, fixtures: Mapping[str, str]) -> Failure:
    """How the failed code fails: when compiling, else on its fixture or the first on which it does."""
    diagnostics = screener.validate(case.file.failed_code)
    if diagnostics:
        return Failure("compilation", "\n".join(finding(one) for one in diagnostics), "")
    name = case.file.fixture
    if name is not None and name not in fixtures:
        raise Refused(f"{case.id}: no fixture is named {name!r}: see `python -m evals.fixtures`.")
    names = [name] if name is not None else list(fixtures)
    for result in results(screener, case.file.failed_code, [fixtures[one] for one in names]):
        if result["error"]:
            by_limit = result["error_type"] in {"timeout", "runtime"}
            return Failure(kind(result), result["error"], trace(result), by_limit)
    raise Refused(
        f"{case.error_type}/{case.id}: failed_code does not fail: it compiles and runs on "
        f"{names[0] if name is not None else 'every fixture'}: give it a defect, or remove it."
    )


def check_reference(screener: Screener, case: Case, fixtures: Mapping[str, str]) -> None:
    """See that the reference compiles, runs on every fixture, and tells them apart."""
    where = f"{case.error_type}/{case.id}: reference_code"
    diagnostics = screener.validate(case.file.reference_code)
    if diagnostics:
        raise Refused(f"{where} does not validate ({finding(diagnostics[0])}): correct it.")
    answers = set()
    ran = results(screener, case.file.reference_code, list(fixtures.values()))
    for name, result in zip(fixtures, ran, strict=True):
        if result["error"]:
            raise Refused(
                f"{where} fails on the fixture {name!r} (line {result['line']}: "
                f"{result['error']}): guard it, it has to run on all of them."
            )
        answers.add(result["matched"])
    if len(answers) == 1:
        raise Refused(
            f"{where} answers {str(answers.pop()).lower()} on all fixtures, so that no repair could "
            "be told from a wrong one: loosen or tighten the strategy's thresholds."
        )


def results(screener: Screener, code: str, markets: list[str]) -> Iterator[dict[str, Any]]:
    """The result on each market, asked for as they are needed."""
    for batch in batched(markets, BATCH, strict=False):
        yield from screener.replay(code, batch)


def kind(result: dict[str, Any]) -> str:
    """The error type of a row: a panic of Go's, or anything else that happens while running."""
    divided = "integer divide by zero" in result["error"]
    return "panic" if result["error_type"] == "panic" and not divided else "runtime"


def finding(diagnostic: dict[str, Any]) -> str:
    """`line:column: message`; the message alone when it is about the whole."""
    if not diagnostic["line"]:
        return str(diagnostic["message"])
    return f"{diagnostic['line']}:{diagnostic['column']}: {diagnostic['message']}"


def trace(result: dict[str, Any]) -> str:
    """A few lines of what the screener reports."""
    lines = [f"error: {result['error']}"]
    if result.get("native_error"):
        lines.append(f"native error: {result['native_error']}")
    if result.get("line"):
        lines.append(f"line: {result['line']}: {result['source_line'].strip()}")
    lines.append(f"symbol: {result['symbol']}")
    return "\n".join(lines)
