"""The trace of an error: which spans it has, and what is in each.

    filter-code-regeneration
      attempt 1
        turn 1: prompt, call 1 (or mend), validate, replay, decision
        turn 2: …
      attempt 2 …

Regenerate, Validate and Propose write to it, minutes apart. A call's span is drawn from its row
of the ledger, so that one that was settled before a crash is in the trace as well.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from filtermend.models import (
    CallOutcome,
    CallRow,
    ErrorRow,
    Outcome,
    Status,
    Step,
    describe_changes,
)
from filtermend.rules.masking import mask
from filtermend.tracing import Node, Place, Tracer

if TYPE_CHECKING:
    from filtermend.claim import Case
    from filtermend.context import FilterContext
    from filtermend.ending import Decided
    from filtermend.examination import Examination
    from filtermend.prompt import PromptTemplate, Question
    from filtermend.rules.sampling import Sampling

ROOT_SPAN = "filter-code-regeneration"


@dataclass(frozen=True)
class ErrorTrace:
    """The spans of one error.

    Attributes:
        tracer: writes them.
        error: whose they are.
    """

    tracer: Tracer
    error: ErrorRow

    @property
    def id(self) -> str | None:
        """The trace's id in Braintrust, None without tracing."""
        return str(self.error.id) if self.tracer.enabled else None

    def root(self) -> Place:
        """The whole repair."""
        return Place(self.error.id, (ROOT_SPAN,))

    def attempt(self, attempt: int) -> Place:
        """One attempt; those after a person asked again are told from the earlier ones."""
        first = self.error.regeneration_first_run or 1
        again = f", from run {first}" if first > 1 else ""
        return self.root().below(f"attempt {attempt}{again}")

    def turn(self, attempt: int, turn: int) -> Place:
        """One question of an attempt and what became of its answer."""
        return self.attempt(attempt).below(f"turn {turn}")

    def begin(self, case: "Case", context: "FilterContext") -> None:
        """The repair, the attempt and the turn begin, or go on."""
        error = self.error
        self.tracer.begin(
            self.root(),
            "task",
            error.created_at,
            input=context.model_dump(exclude={"notes"}),
            metadata={
                "error_id": str(error.id),
                "trader_id": str(error.trader_id),
                "user_id": str(error.user_id),
                "error_type": error.error_type,
            },
        )
        calls = [call for call in case.calls if call.attempt == case.attempt]
        here = [call for call in calls if call.turn == case.turn]
        attempt = {"run": case.step.run, "attempt": case.attempt}
        self.tracer.begin(self.attempt(case.attempt), "task", _first(calls), metadata=attempt)
        self.tracer.begin(
            self.turn(case.attempt, case.turn),
            "task",
            _first(here),
            metadata=attempt | {"turn": case.turn},
        )

    @contextmanager
    def prompt(self, case: "Case") -> Generator[Node]:
        """The question is put together."""
        place = self.turn(case.attempt, case.turn).below("prompt")
        with self.tracer.span(place, "function") as node:
            yield node

    def prompted(self, node: Node, template: "PromptTemplate", question: "Question") -> None:
        """Which template it was made from, and how long it is."""
        node.log(
            metadata={"prompt_version": template.version, "prompt_source": template.source},
            output={"bytes": question.size},
        )

    def called(
        self, call: CallRow, question: "Question | None", sampling: "Sampling | None"
    ) -> None:
        """A question to the model that has ended, as the ledger has it."""
        event: dict[str, object] = {"metadata": _facts(call)}
        if question is not None:
            event["input"] = [{"role": turn.role, "content": turn.text} for turn in question.turns]
        if sampling is not None:
            event["metadata"] = _facts(call) | {
                "temperature": sampling.temperature,
                "seed": sampling.seed,
            }
        if call.answer is None:
            event["error"] = f"{call.outcome}: {call.finish_reason}"
        place = self.turn(call.attempt, call.turn).below(f"call {call.call}")
        node = self.tracer.begin(place, "llm", call.sent_at or call.started_at, **event)
        node.log(output=call.answer, metrics=_usage(call))
        node.end(call.finished_at)

    @contextmanager
    def mend(self, case: "Case", examined: "Examination") -> Generator[Node]:
        """The certain changes become a turn's candidate."""
        place = self.turn(case.attempt, case.turn).below("mend")
        mended = {"code": examined.code, "changes": describe_changes(examined.changes)}
        with self.tracer.span(place, "function", output=mended) as node:
            yield node

    @contextmanager
    def validation(self, call: CallRow, code: str) -> Generator[Node]:
        """The Go backend examines a candidate."""
        place = self.turn(call.attempt, call.turn).below("validate")
        with self.tracer.span(place, "tool", input={"code": code}) as node:
            yield node

    def replayed(self, call: CallRow, examined: "Examination") -> None:
        """How the candidate ran on market data."""
        if examined.replayed is None:
            return
        findings = [d.model_dump() for d in examined.diagnostics if d.source == "replay"]
        place = self.turn(call.attempt, call.turn).below("replay")
        scores = {"replayed": float(examined.replayed)}
        with self.tracer.span(place, "tool", output=findings, scores=scores):
            pass

    def decided(self, asked: Step, decided: "Decided") -> None:
        """What follows from a turn; what ended with it ends here, lost calls are drawn now.

        Args:
            asked: the step that names the turn; without an attempt when none was begun.
            decided: what followed.
        """
        if not self.tracer.enabled:
            return
        step = decided.step
        facts = step.model_dump(mode="json", include={"outcome", "status", "reason"})
        if asked.attempt is None:
            with self.tracer.span(self.root().below("decision"), "function", output=facts):
                pass
        else:
            for call in decided.calls:
                here = (call.attempt, call.turn) == (asked.attempt, asked.turn)
                if here and call.outcome is CallOutcome.UNKNOWN:
                    self.called(call, None, None)
            turn = self.turn(asked.attempt, asked.turn)
            with self.tracer.span(turn.below("decision"), "function", output=facts):
                pass
            self.tracer.end(turn, "task", output=facts)
            if step.outcome is not Outcome.FEEDBACK:
                self.tracer.end(self.attempt(asked.attempt), "task", output=facts)
        if step.outcome is Outcome.ENDED:
            scores = {"proposed": float(step.success), "validated": float(step.code_validated)}
            self.tracer.end(self.root(), "task", output=facts, scores=scores)

    def judged(self) -> None:
        """What the user made of the fix, as feedback on the whole."""
        applied = self.error.regeneration_status is Status.APPLIED
        words = mask(self.error.regeneration_reason or "") or None
        self.tracer.feedback(self.root(), {"applied": float(applied)}, words)


def _first(calls: list[CallRow]) -> datetime | None:
    return min((call.started_at for call in calls), default=None)


def _facts(call: CallRow) -> dict[str, object]:
    return {
        "model": call.model_version or call.model,
        "finish_reason": call.finish_reason,
        "outcome": call.outcome,
        "prompt_version": call.prompt_version,
        "prompt_source": call.prompt_source,
    }


def _usage(call: CallRow) -> dict[str, float]:
    """Braintrust's names for what a call used."""
    counted = {
        "prompt_tokens": call.input_tokens,
        "completion_tokens": call.output_tokens,
        "completion_reasoning_tokens": call.thinking_tokens,
        "prompt_cached_tokens": call.cached_tokens,
        "estimated_cost": call.cost_usd,
    }
    return {name: float(value) for name, value in counted.items() if value is not None}
