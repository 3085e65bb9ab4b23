"""Regenerate: claim a turn, ask Gemini, settle the answer, find the code in it.

The order is what makes it safe: the call is written down with its worst-case cost before it
is made, and the answer is stored with its cost before it is read. A crash anywhere in
between is resumed from the ledger and pays for no answer twice.
"""

import random
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from filtermend import gemini
from filtermend.answers import read_answer
from filtermend.claim import Case, Claimed, claim, end, load_case
from filtermend.context import FilterContext, build_context
from filtermend.database import Connection, Database
from filtermend.faults import AnswerLost, GeminiUnavailable
from filtermend.models import ANSWERED, CallOutcome, CallRow, Outcome, Status, Step
from filtermend.outcomes import report_end
from filtermend.prices import price_table
from filtermend.prompt import PromptTemplate, Question, build_question
from filtermend.rules.cost import Price, cost, price_of, worst_case
from filtermend.rules.turn import throttle_count, throttle_wait
from filtermend.settings import GeminiSettings, LimitSettings
from filtermend.store import budget, errors, ledger
from filtermend.telemetry import count, count_by_type, dollars, logger, seconds
from filtermend.tracing import ROOT_SPAN, Node, Tracer

JITTER = 0.25
"""Up to so much of a wait for the quota is added to it by chance."""
SPARE_SECONDS = 3.0
"""Kept of the function's time to settle an answer that comes at the last moment."""


@dataclass(frozen=True)
class Turn:
    """One turn, ready to be asked."""

    case: Case
    question: Question
    template: PromptTemplate
    price: Price
    remaining_seconds: float


@dataclass(frozen=True)
class Regenerator:
    """Everything a regeneration uses.

    Attributes:
        contract: gives the filter contract's text for the prompt.
        template: gives the prompt's template.
    """

    db: Database
    model: GeminiSettings
    api_key: str
    limits: LimitSettings
    tracer: Tracer
    contract: Callable[[], str]
    template: Callable[[], PromptTemplate]

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
        case = self.db.transact(lambda conn: load_case(conn, step, self.limits))
        taken = case if isinstance(case, Step) else self._turn(case, remaining_seconds)
        report_end(taken, [] if isinstance(case, Step) else case.calls)
        return taken

    def _turn(self, case: Case, remaining_seconds: float) -> Step:
        context = build_context(case.error, case.trader)
        for note in context.notes:
            logger.warning(note)
        price = price_of(self.model.gemini_model, datetime.now(UTC).date(), price_table())
        if price is None or not context.failed_code:
            return self._stop(case, priced=price is not None)
        template = self.template()
        question = build_question(template, context, self.contract(), case.earlier())
        turn = Turn(case, question, template, price, remaining_seconds)
        with self._span(turn, context) as node:
            taken = self._take(turn, node)
            return taken if isinstance(taken, Step) else self._read(case, taken, node)

    def _take(self, turn: Turn, node: Node) -> CallRow | Step:
        """The turn's settled call, asked for now or found in the ledger."""
        new_call = self._new_call(turn, node)
        taken = self.db.transact(lambda conn: claim(conn, turn.case, self.limits, new_call))
        if not isinstance(taken, Claimed):
            return taken
        self._began(turn.case, taken)
        return self._ask(turn, taken, node)

    def _stop(self, case: Case, *, priced: bool) -> Step:
        model = self.model.gemini_model
        if priced:
            reason = "The error has no filter code: there is nothing to repair."
        else:
            count("unpriced_calls")
            logger.error("no price for the model: no call is made", extra={"model": model})
            reason = f"The model {model} has no price: automatic repairs wait until it has one."
        return self._end(case, Status.STOPPED, reason)

    def _end(self, case: Case, status: Status, reason: str) -> Step:
        return self.db.transact(lambda conn: end(conn, case.step, case.error, status, reason))

    def _new_call(self, turn: Turn, node: Node) -> Callable[[int], ledger.NewCall]:
        limit = gemini.output_limit(self.model)
        case = turn.case
        return lambda number: ledger.NewCall(
            error_id=case.error.id,
            user_id=case.error.user_id,
            run=case.step.run,
            attempt=case.attempt,
            turn=case.turn,
            call=number,
            model=self.model.gemini_model,
            prompt_version=turn.template.version,
            prompt_source=turn.template.source,
            reserved_usd=worst_case(turn.question.size, limit, turn.price),
            lease_seconds=turn.remaining_seconds,
            trace_id=node.trace_id,
        )

    def _began(self, case: Case, claimed: Claimed) -> None:
        if not claimed.begins_attempt:
            return
        count_by_type("filter_regeneration_attempts_total", case.error.error_type)
        if case.attempt == 1 and case.step.run == 1:
            seconds("filter_regeneration_trigger_latency_seconds", case.error.age_seconds)

    def _ask(self, turn: Turn, claimed: Claimed, node: Node) -> CallRow | Step:
        case = turn.case
        timeout = min(self.model.gemini_timeout_seconds, turn.remaining_seconds - SPARE_SECONDS)
        asked = time.monotonic()

        def fail(outcome: CallOutcome, detail: str) -> None:
            latency_ms = round((time.monotonic() - asked) * 1000)
            self._fail(case, claimed, outcome, detail, latency_ms)

        try:
            answer = gemini.ask(
                turn.question, self.model, self.api_key, timeout_seconds=max(1, timeout)
            )
        except GeminiUnavailable as fault:
            fail(CallOutcome.FAILED, str(fault))
            raise
        except AnswerLost as fault:
            fail(CallOutcome.UNKNOWN, str(fault))
            raise
        match answer:
            case gemini.Throttled(wait):
                fail(CallOutcome.THROTTLED, f"429, {wait} s")
                return self._hold(case, wait)
            case gemini.Refused(code, status):
                fail(CallOutcome.FAILED, f"{code} {status}")
                return self._refused(case, code, status)
            case gemini.Answer():
                return self._settle(turn, claimed, answer, node)

    def _hold(self, case: Case, asked_seconds: int) -> Step:
        """Wait for the quota, longer each time and not all runs at the same moment."""
        here = [c for c in case.calls if (c.attempt, c.turn) == (case.attempt, case.turn)]
        wait = throttle_wait(asked_seconds, throttle_count(here) + 1)
        jitter = random.uniform(0, JITTER * wait)  # noqa: S311  spreads load, guards nothing
        return case.next_step(Outcome.HOLD, wait + round(jitter))

    def _fail(
        self, case: Case, claimed: Claimed, outcome: CallOutcome, detail: str, latency_ms: int
    ) -> None:
        """Close a call that brought no answer; only an unknown one keeps its reservation."""
        logger.warning("no answer from Gemini", extra={"outcome": outcome.value, "detail": detail})

        def work(conn: Connection) -> None:
            closed = ledger.settle_failure(conn, claimed.call_id, outcome, detail, latency_ms)
            if closed and outcome is not CallOutcome.UNKNOWN:
                self._spend(conn, case, claimed, Decimal(0))

        self.db.transact(work)

    def _refused(self, case: Case, code: int, status: str) -> Step:
        count("model_errors")
        logger.error("Gemini refuses the call", extra={"code": code, "status": status})
        model = self.model.gemini_model
        return self._end(
            case,
            Status.STOPPED,
            f"The model {model} refuses to be called ({code} {status}): an operator must mend the "
            "key or the model's name, then ask for a new run.",
        )

    def _settle(self, turn: Turn, claimed: Claimed, answer: gemini.Answer, node: Node) -> CallRow:
        spent = cost(answer.usage, turn.price)

        def work(conn: Connection) -> CallRow:
            first = ledger.settle_answer(
                conn,
                claimed.call_id,
                answer=answer.text,
                finish_reason=answer.finish_reason,
                model_version=answer.model_version,
                usage=answer.usage,
                cost_usd=spent,
                latency_ms=answer.latency_ms,
            )
            if first:
                self._spend(conn, turn.case, claimed, spent)
            return ledger.find_call(conn, claimed.call_id)

        settled = self.db.transact(work)
        dollars("filter_regeneration_llm_cost_usd", float(spent))
        node.log(
            metrics={
                "prompt_tokens": answer.usage.input,
                "completion_tokens": answer.usage.output,
                "completion_reasoning_tokens": answer.usage.thinking,
                "estimated_cost": float(spent),
            },
            metadata={"finish_reason": answer.finish_reason, "model": answer.model_version},
        )
        return settled

    def _spend(self, conn: Connection, case: Case, claimed: Claimed, spent: Decimal) -> None:
        budget.settle(
            conn,
            case.error.user_id,
            claimed.day,
            reserved=claimed.reserved,
            spent=spent,
            default_limit=self.limits.daily_cost_limit_usd,
        )

    def _read(self, case: Case, call: CallRow, node: Node) -> Step:
        """Find the candidate in a settled answer; a turn that was read before is not read again."""
        outcome = call.outcome
        if outcome is None:
            reading = read_answer(call.answer or "", call.finish_reason or "")
            outcome = reading.outcome
            self.db.transact(
                lambda conn: ledger.record_reading(
                    conn, call.id, reading.outcome, reading.code, reading.diagnostics
                )
            )
            node.log(output={"outcome": outcome.value, "code": reading.code})
        if outcome is CallOutcome.CANDIDATE:
            return case.next_step(Outcome.CANDIDATE)
        if outcome in ANSWERED:
            return case.next_step(Outcome.NO_CANDIDATE)
        return case.next_step(Outcome.HOLD, 1)  # came after its lease: another call was made

    @contextmanager
    def _span(self, turn: Turn, context: FilterContext) -> Generator[Node]:
        """The turn's span, below the error's root span, which the first turn opens."""
        case = turn.case
        root = case.error.regeneration_trace
        if self.tracer.enabled and root is None:
            root = self._open_trace(case, context)
        with self.tracer.span(
            f"attempt {case.attempt} turn {case.turn}",
            root,
            type="llm",
            input=[{"role": said.role, "content": said.text} for said in turn.question.turns],
            metadata={"model": self.model.gemini_model, "run": case.step.run},
        ) as node:
            yield node

    def _open_trace(self, case: Case, context: FilterContext) -> str:
        with self.tracer.span(
            ROOT_SPAN,
            None,
            type="task",
            input=context.model_dump(exclude={"notes"}),
            metadata={
                "error_id": str(case.error.id),
                "trader_id": str(case.error.trader_id),
                "user_id": str(case.error.user_id),
            },
        ) as root:
            parent = root.parent
        self.db.transact(lambda conn: errors.keep_trace(conn, case.error.id, parent))
        return parent
