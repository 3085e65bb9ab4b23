"""Validate: ask the Go backend about a candidate, replay it, write the verdict down."""

from dataclasses import dataclass

from filtermend.claim import ended, superseded
from filtermend.database import Connection, Database
from filtermend.faults import ValidatorUnavailable
from filtermend.models import CallOutcome, CallRow, Diagnostic, Outcome, Step
from filtermend.store import errors, ledger
from filtermend.telemetry import count
from filtermend.tracing import Tracer
from filtermend.validator import ReplayResult, Validator, Verdict


@dataclass(frozen=True)
class Validation:
    """Everything a validation uses."""

    db: Database
    validator: Validator
    tracer: Tracer

    def run(self, step: Step) -> Step:
        """Validate the candidate of a turn; a verdict that is there already stays.

        Raises:
            ValidatorUnavailable, DatabaseUnavailable: to be retried; no attempt is used up.
        """
        loaded = self.db.transact(lambda conn: _load(conn, step))
        if isinstance(loaded, Step):
            return loaded
        call, parent = loaded
        if call.valid is None and call.candidate_code is not None:
            try:
                self._judge(call, call.candidate_code, parent)
            except ValidatorUnavailable:
                count("validator_unavailable")
                raise
        return step.model_copy(update={"outcome": Outcome.VALIDATED})

    def _judge(self, call: CallRow, candidate: str, parent: str | None) -> None:
        with self.tracer.span("validate", parent, type="tool", input={"code": candidate}) as node:
            verdict = self.validator.validate(candidate)
            node.log(output=verdict.model_dump(), scores={"validated": float(verdict.valid)})
        replayed, findings = self._replay(call, candidate, verdict, parent)
        self.db.transact(
            lambda conn: ledger.record_verdict(
                conn,
                call.id,
                valid=verdict.valid,
                normalized_code=verdict.normalized_code,
                replayed=replayed,
                diagnostics=verdict.diagnostics + findings,
            )
        )

    def _replay(
        self, call: CallRow, candidate: str, verdict: Verdict, parent: str | None
    ) -> tuple[bool | None, list[Diagnostic]]:
        """Run a valid candidate on the input that failed, or on the screener's sample set."""
        if not verdict.valid:
            return None, []
        code = verdict.normalized_code or candidate
        market_data = self.db.transact(lambda conn: errors.execution_input(conn, call.error_id))
        with self.tracer.span("replay", parent, type="tool") as node:
            results = self.validator.replay(code, market_data)
            if results is None:
                return None, []
            findings = [_finding(result, code) for result in results if result.error]
            node.log(
                output=[result.model_dump() for result in results],
                scores={"replayed": float(not findings)},
            )
        return not findings, findings


def _load(conn: Connection, step: Step) -> tuple[CallRow, str | None] | Step:
    error = errors.find_error(conn, step.error_id)
    if error is None or superseded(error, step):
        return ended(step, error) if error else step.model_copy(update={"outcome": Outcome.ENDED})
    calls = [
        call
        for call in ledger.calls_of(conn, error)
        if (call.attempt, call.turn) == (step.attempt, step.turn)
        and call.outcome is CallOutcome.CANDIDATE
    ]
    if not calls:
        raise LookupError(
            f"no candidate for run {step.run} attempt {step.attempt} turn {step.turn}"
        )
    return calls[-1], error.regeneration_trace


def _finding(result: ReplayResult, code: str) -> Diagnostic:
    """A failed replay, told like a diagnostic."""
    lines = code.split("\n")
    source_line = lines[result.line - 1] if 0 < result.line <= len(lines) else ""
    where = f" with the market data of {result.symbol}" if result.symbol else ""
    return Diagnostic(
        message=f"compiles, but fails when it is run{where}: {result.native_error or result.error}",
        line=result.line,
        source_line=source_line,
        source="replay",
    )
