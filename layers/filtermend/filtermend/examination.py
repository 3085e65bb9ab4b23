"""What the Go backend finds in a code: does it compile, does it run, what is certain to mend it."""

from pydantic import Field

from filtermend.models import Change, Diagnostic, Value
from filtermend.rules.missing_data import MissingData, read_missing_data
from filtermend.validator import MarketData, Mended, ReplayResult, Report, Validator


class Examination(Value):
    """A code as it came, and as it is after the certain changes.

    Attributes:
        code: the body alone; None where a plain backend does not give it back.
        changes: the certain changes that were made to it; none from a plain backend.
        valid: it compiles.
        replayed: it raised nothing when it was run; None: it was not run.
        diagnostics: what is wrong with `code`.
        before: what was wrong with the code as it came.
        compiled_before: the code as it came compiles.
        intent: what a good `code` has lost of the one that it replaces.
    """

    code: str | None
    changes: list[Change]
    valid: bool
    replayed: bool | None
    diagnostics: list[Diagnostic]
    before: list[Diagnostic]
    compiled_before: bool
    intent: list[Diagnostic] = Field(default_factory=list)

    @property
    def good(self) -> bool:
        """It compiles, and raised nothing where it was run."""
        return self.valid and self.replayed is not False


OPEN = "The strategy says what counts when data is missing: do that here."
"""Instead of a hint that would decide it."""
DIAGNOSIS_SECONDS = 3.0
"""How long a question to the model may be held up by a diagnosis; it usually takes 20 ms."""


def diagnose(
    backend: Validator, code: str, market_data: MarketData, *, error: str, strategy: str
) -> Examination | None:
    """Examine a code that failed; None when the backend cannot mend and would say too little.

    Args:
        backend: the Go backend.
        code: the filter that failed.
        market_data: what it failed on; None where that was not kept.
        error: the error's message and stack trace.
        strategy: the trader's words; when they speak of missing data, that is not decided here.

    Raises:
        ValidatorUnavailable: the backend gave no answer in time.
    """
    missing = read_missing_data(strategy)
    mended = backend.mend(
        code,
        market_data,
        missing,
        error=error,
        strategy=strategy,
        timeout_seconds=DIAGNOSIS_SECONDS,
    )
    return None if mended is None else _mended(mended, code, missing)


def examine(
    backend: Validator, code: str, market_data: MarketData, *, replaces: str, strategy: str
) -> Examination:
    """Validate a candidate, run it, and make the changes that are certain to mend it.

    Args:
        backend: the Go backend; a plain one validates only.
        code: a filter as a person or a model wrote it.
        market_data: what to run it on; None for the screener's sample set.
        replaces: the filter that failed, whose intent it has to keep.
        strategy: as above.

    Raises:
        ValidatorUnavailable: the backend gave no answer.
    """
    missing = read_missing_data(strategy)
    mended = backend.mend(code, market_data, missing, strategy=strategy)
    if mended is None:
        return _validated(backend, code, market_data, missing)
    examined = _mended(mended, code, missing)
    if not examined.good:
        return examined
    lost = backend.validate(mended.code, replaces=replaces).intent
    intent = [found.model_copy(update={"source": "intent"}) for found in lost]
    return examined.model_copy(update={"intent": intent})


def _mended(mended: Mended, code: str, missing: MissingData) -> Examination:
    replayed, findings = _replayed(mended, mended.code, missing)
    _, findings_before = _replayed(mended.before, code, missing)
    return Examination(
        code=mended.code,
        changes=mended.changes,
        valid=mended.valid,
        replayed=replayed,
        diagnostics=mended.diagnostics + findings,
        before=mended.before.diagnostics + findings_before,
        compiled_before=mended.before.valid,
    )


def _validated(
    backend: Validator, code: str, market_data: MarketData, missing: MissingData
) -> Examination:
    verdict = backend.validate(code)
    body = verdict.normalized_code
    results = backend.replay(body or code, market_data) if verdict.valid else None
    report = Report(valid=verdict.valid, diagnostics=verdict.diagnostics, results=results)
    replayed, findings = _replayed(report, body or code, missing)
    diagnostics = report.diagnostics + findings
    return Examination(
        code=body,
        changes=[],
        valid=verdict.valid,
        replayed=replayed,
        diagnostics=diagnostics,
        before=diagnostics,
        compiled_before=verdict.valid,
    )


def _replayed(
    report: Report, code: str, missing: MissingData
) -> tuple[bool | None, list[Diagnostic]]:
    if not report.valid or report.results is None:
        return None, []
    failures: dict[tuple[int, str], ReplayResult] = {}  # one for each way to fail
    for result in report.results:
        if result.error:
            failures.setdefault((result.line, result.native_error or result.error), result)
    return not failures, [_finding(result, code, missing) for result in failures.values()]


def _finding(result: ReplayResult, code: str, missing: MissingData) -> Diagnostic:
    """A failed replay, told like a diagnostic; what counts then may be the strategy's to say."""
    lines = code.split("\n")
    source_line = lines[result.line - 1] if 0 < result.line <= len(lines) else ""
    where = f" with the market data of {result.symbol}" if result.symbol else ""
    return Diagnostic(
        message=f"compiles, but fails when it is run{where}: {result.native_error or result.error}",
        line=result.line,
        source_line=source_line,
        hint=f"{OPEN} {result.without}".strip() if missing.is_said else result.hint,
        source="replay",
    )
