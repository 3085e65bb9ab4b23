"""Regenerate: take one turn of one error, with a certain fix or with a question to Gemini."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from filtermend.answers import read_answer
from filtermend.asking import Asker, Turn
from filtermend.claim import Case, Claimed, load_case
from filtermend.context import FilterContext, build_context, failed_code
from filtermend.database import Database
from filtermend.ending import Decided, end, report_end
from filtermend.error_trace import ErrorTrace
from filtermend.examination import Examination, diagnose
from filtermend.faults import ValidatorUnavailable
from filtermend.mechanical import take_mechanical
from filtermend.models import ANSWERED, CallOutcome, CallRow, Outcome, Status, Step
from filtermend.prompt import PromptTemplate, build_question
from filtermend.rules.cost import Price, price_of
from filtermend.rules.masking import unmask
from filtermend.rules.mending import is_the_fix
from filtermend.rules.sampling import sampling
from filtermend.settings import GeminiSettings, LimitSettings
from filtermend.store import ledger
from filtermend.telemetry import about, count, count_by_type, logger, seconds
from filtermend.tracing import Tracer
from filtermend.validator import Validator

LONGEST_ERROR = 5_000
STOP_HOLD_SECONDS = (30, 45)
"""How long a run holds while all are stopped; by chance, so that not all come at once."""
NO_CODE = "The error has no filter code: there is nothing to repair."


@dataclass(frozen=True)
class Regenerator:
    """Everything a regeneration uses.

    Attributes:
        backend: the Go backend, which examines the code that failed.
        contract: gives the filter contract's text for the prompt.
        template: gives the prompt's template.
        prices: gives the price table in force.
        stopped: whether an operator lets no question be asked now.
        rotated: whether the secret has another key for the model by now.
    """

    db: Database
    model: GeminiSettings
    api_key: str
    backend: Validator
    limits: LimitSettings
    tracer: Tracer
    contract: Callable[[], str]
    template: Callable[[], PromptTemplate]
    prices: Callable[[], list[Price]]
    stopped: Callable[[], bool]
    rotated: Callable[[], bool]

    def run(self, step: Step, remaining_seconds: float) -> Step:
        """Take one turn of one error.

        Args:
            step: names the error and run, and after the first turn the attempt and turn.
            remaining_seconds: what the function has left; the call's lease.

        Returns:
            The step with outcome `candidate`, `no_candidate`, `hold` or `ended`.

        Raises:
            GeminiUnavailable, AnswerLost, DatabaseUnavailable: to be retried with this step.
        """
        if self.stopped():
            count("held_runs")
            wait = random.randint(*STOP_HOLD_SECONDS)  # noqa: S311  spreads load, guards nothing
            return step.model_copy(update={"outcome": Outcome.HOLD, "wait_seconds": wait})
        case = self.db.transact(lambda conn: load_case(conn, step, self.limits))
        if isinstance(case, Decided):
            self._report(step, case)
            return case.step
        with about(step.error_id, attempt=case.attempt, turn=case.turn):
            taken = self._turn(case, remaining_seconds)
            if taken.ended_here:
                calls = self.db.transact(lambda conn: ledger.calls_of(conn, case.error))
                self._report(case.next_step(Outcome.ENDED), Decided(taken, case.error, calls))
        return taken

    def _report(self, asked: Step, decided: Decided) -> None:
        """The end of a run that ends before anything was proposed."""
        if decided.error is not None and decided.step.ended_here:
            trace = ErrorTrace(self.tracer, decided.error)
            trace.decided(asked, decided)
            report_end(decided)

    def _turn(self, case: Case, remaining_seconds: float) -> Step:
        context = build_context(case.error, case.trader)
        for note in context.notes:
            logger.warning(note)
        ErrorTrace(self.tracer, case.error).begin(case, context)
        if not context.failed_code:
            return self._end(case, Status.STOPPED, NO_CODE)
        examined = self._examine(case, context)
        if examined is not None and self._is_mechanical(case, examined):
            return self._mend(case, examined)
        price = price_of(self.model.gemini_model, datetime.now(UTC).date(), self.prices())
        if price is None:
            return self._unpriced(case)
        trace = ErrorTrace(self.tracer, case.error)
        with trace.prompt(case) as node:
            template = self.template()
            question = build_question(template, context, self.contract(), case.earlier(), examined)
            trace.prompted(node, template, question)
        chosen = sampling(self.model, case.attempt, case.turn)
        turn = Turn(case, question, template, chosen, price, remaining_seconds)
        asker = Asker(self.db, self.model, self.api_key, self.limits, trace, _began, self.rotated)
        taken = asker.take(turn)
        return taken if isinstance(taken, Step) else self._read(case, taken)

    def _examine(self, case: Case, context: FilterContext) -> Examination | None:
        """What is wrong with the failed code; None when the backend cannot say now."""
        try:
            return diagnose(
                self.backend,
                failed_code(case.error, case.trader),
                case.market_data,
                error=_words_of(case),
                strategy=context.original_strategy,
            )
        except ValidatorUnavailable as fault:
            logger.warning("asking without a diagnosis", extra={"cause": str(fault)})
            return None

    def _is_mechanical(self, case: Case, examined: Examination) -> bool:
        """The first turn may do without a model, unless one was asked in it before."""
        return (
            (case.attempt, case.turn) == (1, 1)
            and all(call.source == "mechanical" for call in case.calls)
            and is_the_fix(case.error.error_type, _words_of(case), examined)
        )

    def _mend(self, case: Case, examined: Examination) -> Step:
        """The certain changes are this turn's candidate."""
        trace = ErrorTrace(self.tracer, case.error)
        with trace.mend(case, examined):
            taken = take_mechanical(self.db, case, self.limits, examined, trace.id)
        if isinstance(taken, Claimed):
            _began(case, taken)
            return case.next_step(Outcome.CANDIDATE)
        return taken if isinstance(taken, Step) else self._read(case, taken)

    def _unpriced(self, case: Case) -> Step:
        model = self.model.gemini_model
        count("unpriced_calls")
        logger.error("no price for the model: no call is made", extra={"model": model})
        reason = f"The model {model} has no price: automatic repairs wait until it has one."
        return self._end(case, Status.STOPPED, reason)

    def _end(self, case: Case, status: Status, reason: str) -> Step:
        return self.db.transact(lambda conn: end(conn, case.step, case.error, status, reason))

    def _read(self, case: Case, call: CallRow) -> Step:
        """Find the candidate in a settled answer; a turn that was read before is not read again.

        The model was shown the code with its secrets masked: the candidate has them again.
        """
        outcome = call.outcome
        if outcome is None:
            reading = read_answer(call.answer or "", call.finish_reason or "")
            outcome = reading.outcome
            code = reading.code and unmask(reading.code, failed_code(case.error, case.trader))
            self.db.transact(
                lambda conn: ledger.record_reading(
                    conn, call.id, reading.outcome, code, reading.diagnostics
                )
            )
        if outcome is CallOutcome.CANDIDATE:
            return case.next_step(Outcome.CANDIDATE)
        if outcome in ANSWERED:
            return case.next_step(Outcome.NO_CANDIDATE)
        return case.next_step(Outcome.HOLD, 1)  # came after its lease: another call was made


def _words_of(case: Case) -> str:
    """What is said of the error: message and stack trace, as far as anyone reads."""
    return f"{case.error.error_message}\n{case.error.stack_trace or ''}"[:LONGEST_ERROR]


def _began(case: Case, claimed: Claimed) -> None:
    """Count an attempt when it begins, and how soon the first one began after the error."""
    if not claimed.begins_attempt:
        return
    count_by_type("filter_regeneration_attempts_total", case.error.error_type)
    if case.attempt == 1 and case.step.run == 1:
        seconds("filter_regeneration_trigger_latency_seconds", case.error.age_seconds)
