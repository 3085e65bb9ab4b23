"""Validate: ask the Go backend about a candidate, replay it, write the verdict down."""

from dataclasses import dataclass

from filtermend.context import failed_code, strategy_of
from filtermend.database import Connection, Database
from filtermend.ending import ended, superseded
from filtermend.error_trace import ErrorTrace
from filtermend.examination import Examination, examine
from filtermend.faults import ValidatorUnavailable
from filtermend.go_source import letters
from filtermend.models import CallOutcome, CallRow, Diagnostic, ErrorRow, Outcome, Step
from filtermend.rules.openings import restore_opening
from filtermend.store import errors, ledger
from filtermend.telemetry import count
from filtermend.tracing import Tracer
from filtermend.validator import MarketData, Validator

REPEATED = "This is the code that failed before, unchanged: change what is wrong in it."


@dataclass(frozen=True)
class _Candidate:
    """A candidate, the code it replaces, and the codes that are known not to do."""

    error: ErrorRow
    market_data: MarketData
    call: CallRow
    code: str
    failed_code: str
    strategy: str
    refused: list[str]


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
        candidate = self.db.transact(lambda conn: _load(conn, step))
        if isinstance(candidate, Step):
            return candidate
        if candidate.call.valid is None:
            try:
                self._judge(candidate)
            except ValidatorUnavailable:
                count("validator_unavailable")
                raise
        return step.model_copy(update={"outcome": Outcome.VALIDATED})

    def _judge(self, candidate: _Candidate) -> None:
        call, trace = candidate.call, ErrorTrace(self.tracer, candidate.error)
        with trace.validation(call, candidate.code) as node:
            examined = examine(
                self.validator,
                candidate.code,
                candidate.market_data,
                replaces=candidate.failed_code,
                strategy=candidate.strategy,
            )
            objections = _objections(candidate, examined)
            accepted = examined.valid and not objections
            node.log(output=examined.model_dump(), scores={"validated": float(accepted)})
        trace.replayed(call, examined)
        self.db.transact(
            lambda conn: ledger.record_verdict(
                conn,
                call.id,
                valid=accepted,
                normalized_code=examined.code,
                replayed=examined.replayed,
                diagnostics=objections + examined.diagnostics,
            )
        )


def _objections(candidate: _Candidate, examined: Examination) -> list[Diagnostic]:
    """What is wrong with a candidate that works: it changes nothing, or it gives up."""
    code = examined.code or candidate.code
    if letters(code) in map(letters, candidate.refused):
        return [Diagnostic(message=REPEATED, source="answer")]
    return examined.intent


def _load(conn: Connection, step: Step) -> _Candidate | Step:
    failure = errors.find_failure(conn, step.error_id)
    if failure is None:
        return step.model_copy(update={"outcome": Outcome.ENDED})
    error, trader = failure.error, failure.trader
    if superseded(error, step):
        return ended(step, error)
    candidates = [
        call for call in ledger.calls_of(conn, error) if call.outcome is CallOutcome.CANDIDATE
    ]
    place = (step.attempt, step.turn)
    here = [call for call in candidates if (call.attempt, call.turn) == place]
    if not here or here[-1].candidate_code is None:
        raise LookupError(
            f"no candidate for run {step.run} attempt {step.attempt} turn {step.turn}"
        )
    call = here[-1]
    failed = failed_code(error, trader)
    strategy = strategy_of(trader) if trader else ""
    earlier = [c.code for c in candidates if (c.attempt, c.turn) < place and c.code]
    return _Candidate(
        error=error,
        market_data=failure.market_data,
        call=call,
        code=restore_opening(here[-1].candidate_code, failed),
        failed_code=failed,
        strategy=strategy,
        refused=[failed, *earlier],
    )
