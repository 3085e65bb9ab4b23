"""Asking Gemini once: the call on the ledger before it is made, the answer before it is read.

The order is what makes it safe: the call is written down with its worst-case cost before it
is made, and the answer is stored with its cost before it is read. A crash anywhere in
between is resumed from the ledger and pays for no answer twice.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from filtermend import gemini
from filtermend.claim import Case, Claimed, claim
from filtermend.database import Connection, Database
from filtermend.ending import end
from filtermend.error_trace import ErrorTrace
from filtermend.faults import AnswerLost, DatabaseUnavailable, GeminiUnavailable
from filtermend.models import CallOutcome, CallRow, Outcome, Status, Step
from filtermend.prompt import PromptTemplate, Question
from filtermend.rules.cost import Price, cost, worst_case
from filtermend.rules.sampling import Sampling
from filtermend.rules.turn import throttle_count, throttle_wait
from filtermend.settings import GeminiSettings, LimitSettings
from filtermend.store import budget, errors, ledger
from filtermend.telemetry import count, dollars, logger

JITTER = 0.25
"""Up to so much of a wait for the quota is added to it by chance."""
KEY_REFUSED = {400, 401, 403}
"""Answers to a key that is not valid (any more); Gemini says 400 to one that it does not know."""
SETTLE_PAUSES = (0.5, 1.0, 2.0)
"""Between tries to store an answer: the only retry that is not the state machine's."""
SPARE_SECONDS = 3.0
"""Kept of the function's time to settle an answer that comes at the last moment."""


@dataclass(frozen=True)
class Turn:
    """One turn, ready to be asked."""

    case: Case
    question: Question
    template: PromptTemplate
    sampling: Sampling
    price: Price
    remaining_seconds: float


@dataclass(frozen=True)
class Asker:
    """What a call to Gemini uses.

    Attributes:
        trace: where the call is drawn.
        began: is told of each call that was claimed.
        rotated: whether the secret has another key by now.
    """

    db: Database
    model: GeminiSettings
    api_key: str
    limits: LimitSettings
    trace: ErrorTrace
    began: Callable[[Case, Claimed], None]
    rotated: Callable[[], bool]

    def take(self, turn: Turn) -> CallRow | Step:
        """The turn's settled call, asked for now or found in the ledger.

        Returns:
            The call, or the step that says to hold on or that the run ended.

        Raises:
            GeminiUnavailable, AnswerLost, DatabaseUnavailable: to be retried with this step.
        """
        new_call = self._new_call(turn)
        taken = self.db.transact(lambda conn: claim(conn, turn.case, self.limits, new_call))
        if isinstance(taken, CallRow):
            self._draw(turn, taken)
        if not isinstance(taken, Claimed):
            return taken
        self.began(turn.case, taken)
        if not self.db.transact(lambda conn: ledger.mark_sent(conn, taken.call_id)):
            return turn.case.next_step(Outcome.HOLD, 1)  # given up before it was sent
        return self._ask(turn, taken)

    def _draw(self, turn: Turn, call: CallRow) -> None:
        self.trace.called(call, turn.question, turn.sampling)

    def _new_call(self, turn: Turn) -> Callable[[int], ledger.NewCall]:
        limit = gemini.output_limit(self.model)
        case = turn.case
        return lambda number: ledger.NewCall(
            error_id=case.error.id,
            user_id=case.error.user_id,
            run=case.step.run,
            attempt=case.attempt,
            turn=case.turn,
            call=number,
            source="model",
            model=self.model.gemini_model,
            prompt_version=turn.template.version,
            prompt_source=turn.template.source,
            reserved_usd=worst_case(turn.question.size, limit, turn.price),
            lease_seconds=turn.remaining_seconds,
            trace_id=self.trace.id,
        )

    def _ask(self, turn: Turn, claimed: Claimed) -> CallRow | Step:
        case = turn.case
        timeout = min(self.model.gemini_timeout_seconds, turn.remaining_seconds - SPARE_SECONDS)
        asked = time.monotonic()

        def fail(outcome: CallOutcome, detail: str) -> None:
            latency_ms = round((time.monotonic() - asked) * 1000)
            self._draw(turn, self._fail(case, claimed, outcome, detail, latency_ms))

        try:
            answer = gemini.ask(
                turn.question,
                turn.sampling,
                self.model,
                self.api_key,
                timeout_seconds=max(1, timeout),
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
                return self._settle(turn, claimed, answer)

    def _hold(self, case: Case, asked_seconds: int) -> Step:
        """Wait for the quota, longer each time and not all runs at the same moment."""
        here = [c for c in case.calls if (c.attempt, c.turn) == (case.attempt, case.turn)]
        wait = throttle_wait(asked_seconds, throttle_count(here) + 1)
        jitter = random.uniform(0, JITTER * wait)  # noqa: S311  spreads load, guards nothing
        return case.next_step(Outcome.HOLD, wait + round(jitter))

    def _fail(
        self, case: Case, claimed: Claimed, outcome: CallOutcome, detail: str, latency_ms: int
    ) -> CallRow:
        """Close a call that brought no answer; only an unknown one keeps its reservation."""
        logger.warning("no answer from Gemini", extra={"outcome": outcome.value, "detail": detail})

        def work(conn: Connection) -> CallRow:
            errors.find_error(conn, case.error.id, lock=True)  # the order in which a claim locks
            closed = ledger.settle_failure(conn, claimed.call_id, outcome, detail, latency_ms)
            if closed and outcome is not CallOutcome.UNKNOWN:
                errors.uncount_attempt(conn, case.error, case.attempt)
                self._spend(conn, case, claimed, Decimal(0))
            return ledger.find_call(conn, claimed.call_id)

        return self.db.transact(work)

    def _refused(self, case: Case, code: int, status: str) -> Step:
        if code in KEY_REFUSED and self.rotated():
            return case.next_step(Outcome.HOLD, 1)  # asked again, with the new key
        count("model_errors")
        logger.error("Gemini refuses the call", extra={"code": code, "status": status})
        model = self.model.gemini_model
        reason = (
            f"The model {model} refuses to be called ({code} {status}): an operator must mend the "
            "key or the model's name, then ask for a new run."
        )
        return self.db.transact(
            lambda conn: end(conn, case.step, case.error, Status.STOPPED, reason)
        )

    def _settle(self, turn: Turn, claimed: Claimed, answer: gemini.Answer) -> CallRow:
        spent = cost(answer.usage, turn.price)

        def work(conn: Connection) -> CallRow:
            settled = ledger.settle_answer(
                conn,
                claimed.call_id,
                answer=answer.text,
                finish_reason=answer.finish_reason,
                model_version=answer.model_version,
                usage=answer.usage,
                cost_usd=spent,
                latency_ms=answer.latency_ms,
            )
            if settled is None:
                return ledger.find_call(conn, claimed.call_id)
            self._spend(conn, turn.case, claimed, spent)
            return settled

        settled = self._stored(work)
        dollars("filter_regeneration_llm_cost_usd", float(spent))
        self._draw(turn, settled)
        return settled

    def _stored(self, work: Callable[[Connection], CallRow]) -> CallRow:
        """Store what was paid for, also when the database is away for a few seconds."""
        for pause in SETTLE_PAUSES:
            try:
                return self.db.transact(work)
            except DatabaseUnavailable as fault:
                logger.warning("an answer waits to be stored", extra={"cause": str(fault)})
                time.sleep(pause)
        return self.db.transact(work)

    def _spend(self, conn: Connection, case: Case, claimed: Claimed, spent: Decimal) -> None:
        budget.settle(
            conn,
            case.error.user_id,
            claimed.day,
            reserved=claimed.reserved,
            spent=spent,
            default_limit=self.limits.daily_cost_limit_usd,
        )
