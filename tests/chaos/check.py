"""Whether each error came to a right end, and whether the money adds up."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from chaos.facts import DayRow, ErrorRow, Execution, Facts, LedgerRow
from chaos.plan import Kind, PlannedError

MOST_ATTEMPTS = 3
LOST_CALLS = 3
THROTTLED_CALLS = 20
AUTOMATIC_RUNS = 5
"""Limits of the stack, as its defaults have them."""
ANSWERED = {"candidate", "no_code", "blocked", "truncated"}
PRIMARY_ENDS = {"proposed", "exhausted", "stopped", "over_budget"}

Calls = Sequence[LedgerRow]
Evidence = Callable[[Calls, Sequence[Execution]], bool]


@dataclass(frozen=True)
class Figures:
    """The same amount from two sources."""

    what: str
    left: Decimal
    right: Decimal

    @property
    def equal(self) -> bool:
        """They agree."""
        return self.left == self.right


class Check:
    """Compares the facts with the plan.

    Attributes:
        wrong: what is wrong, by error.
        figures: what has to agree.
    """

    def __init__(self, errors: Sequence[PlannedError], facts: Facts) -> None:
        self._plans = {error.error_id: error for error in errors}
        self._facts = facts
        self._rows = {row.id: row for row in facts.errors}
        self._calls: defaultdict[UUID, list[LedgerRow]] = defaultdict(list)
        for call in facts.ledger:
            self._calls[call.error_id].append(call)
        self._executions: defaultdict[UUID, list[Execution]] = defaultdict(list)
        for execution in facts.executions:
            self._executions[UUID(execution.name[:36])].append(execution)
        self.figures = [*self._money(), self._asked()]
        self.wrong = {
            error_id: found for error_id in self._plans if (found := [*self._faults_of(error_id)])
        }

    @property
    def right(self) -> bool:
        """Every error ended as it should, and every figure agrees."""
        return not self.wrong and all(figures.equal for figures in self.figures)

    def calls_of(self, error_id: UUID) -> Calls:
        """The error's whole ledger."""
        return sorted(self._calls[error_id], key=lambda c: (c.attempt, c.turn, c.call))

    def executions_of(self, error_id: UUID) -> Sequence[Execution]:
        """Its executions, by run."""
        return sorted(self._executions[error_id], key=lambda e: e.name)

    def status_of(self, error_id: UUID) -> str:
        """Its final state, as the report names it."""
        if self._plans[error_id].resolved:
            return "resolved"
        row = self._rows.get(error_id)
        return (row and row.regeneration_status) or "missing"

    def _faults_of(self, error_id: UUID) -> Iterator[str]:
        plan, row = self._plans[error_id], self._rows.get(error_id)
        if row is None:
            yield "its row is gone"
            return
        yield from self._never(row)
        if plan.resolved:
            worked = self._calls[error_id] or self._executions[error_id]
            if worked or row.regeneration_status != "pending":
                yield "it was resolved before, and was worked on"
            return
        yield from self._end(row, plan)
        if row.regeneration_status != "duplicate":
            yield from self._only_primary(row)
            yield from self._costs_of(plan)

    def _never(self, row: ErrorRow) -> Iterator[str]:
        """What no error may have, however it ends."""
        calls = self._calls[row.id]
        if any(execution.status == "RUNNING" for execution in self._executions[row.id]):
            yield "an execution is still open"
        if str(row.id) in self._facts.doubled:
            yield "two executions were open at once"
        if any(call.finished_at is None or call.outcome is None for call in calls):
            yield "a call is not settled"
        if max((row.regeneration_count, *(call.attempt for call in calls))) > MOST_ATTEMPTS:
            yield "more than three attempts"

    def _end(self, row: ErrorRow, plan: PlannedError) -> Iterator[str]:
        calls = self.calls_of(row.id)
        match row.regeneration_status:
            case "proposed":
                yield from _proposed(row, calls, plan)
            case "exhausted":
                yield from _exhausted(row, calls)
            case "stopped":
                yield from _stopped(row, calls, self._executions[row.id])
            case "over_budget":
                if plan.problem.kind is not Kind.POOR:
                    yield "over budget, and its user is not"
            case "duplicate":
                yield from self._duplicate(row, calls)
            case other:
                yield f"it ended {other}"

    def _duplicate(self, row: ErrorRow, calls: Calls) -> Iterator[str]:
        primary = self._rows.get(row.duplicate_of) if row.duplicate_of else None
        if calls:
            yield "a duplicate that was asked about"
        if primary is None or primary.fingerprint != row.fingerprint:
            yield "a duplicate of another problem"
        elif primary.regeneration_status not in PRIMARY_ENDS:
            yield f"a duplicate of one that ended {primary.regeneration_status}"

    def _only_primary(self, row: ErrorRow) -> Iterator[str]:
        marker = self._plans[row.id].problem.marker
        others = [
            error_id
            for error_id, plan in self._plans.items()
            if plan.problem.marker == marker and error_id != row.id
            and self.status_of(error_id) in PRIMARY_ENDS
        ]  # fmt: skip
        if others:
            yield f"the same problem was worked on in {others[0]}"

    def _costs_of(self, plan: PlannedError) -> Iterator[str]:
        """Its user's days, and Gemini's count of its questions, agree with the ledger."""
        user, marker = plan.problem.user_id, plan.problem.marker
        if _ledger_money(c for c in self._facts.ledger if c.user_id == user) != _days_money(
            d for d in self._facts.days if d.user_id == user
        ):
            yield f"user {user}: the days differ from the ledger"
        if self._unexplained(marker):
            yield "the ledger and Gemini count its questions differently"
        if plan.problem.kind is Kind.POOR and self.calls_of(plan.error_id):
            yield "asked about without a budget"

    def _money(self) -> Iterator[Figures]:
        spent, reserved = _ledger_money(self._facts.ledger)
        days_spent, days_reserved = _days_money(self._facts.days)
        yield Figures("USD: days' spent, ledger's settled cost", days_spent, spent)
        yield Figures("USD: days' reserved, ledger's unknown calls", days_reserved, reserved)

    def _asked(self) -> Figures:
        markers = {plan.problem.marker for plan in self._plans.values()}
        left = sum(len(_billed(self._ledger_of(marker))) for marker in markers)
        return Figures(
            "calls: answered or unknown on the ledger, answered or cut off by Gemini",
            Decimal(left),
            Decimal(left - sum(self._unexplained(marker) for marker in markers)),
        )

    def _unexplained(self, marker: str) -> int:
        """By how many calls the ledger and Gemini differ, beyond refusals that went unnoted.

        A 429 or 5xx that could not be written down, since Postgres or the process was gone, is
        unknown on the ledger: so much it may say too much, and never too little.
        """
        ledger = self._ledger_of(marker)
        asked = [call for call in self._facts.asked if call.scenario == marker]
        noted = sum(c.outcome == "throttled" or _failed_when_sent(c) for c in ledger)
        unnoted = max(0, sum(not call.billed for call in asked) - noted)
        excess = len(_billed(ledger)) - sum(call.billed for call in asked)
        return min(excess, max(0, excess - unnoted))

    def _ledger_of(self, marker: str) -> list[LedgerRow]:
        return [
            call
            for error_id, plan in self._plans.items()
            if plan.problem.marker == marker
            for call in self._calls[error_id]
            if call.source == "model"
        ]


def _proposed(row: ErrorRow, calls: Calls, plan: PlannedError) -> Iterator[str]:
    good = [call for call in calls if call.good]
    if len(good) != 1:
        yield f"{len(good)} good candidates, and it has one fix"
    elif row.proposed_fix_code not in (good[0].candidate_code, good[0].normalized_code):
        yield "its fix is not the good candidate"
    if not row.proposed_fix_validated:
        yield "its fix is not validated"
    if plan.problem.kind is not Kind.MENDED:
        yield f"proposed, and its problem is {plan.problem.kind}"


def _exhausted(row: ErrorRow, calls: Calls) -> Iterator[str]:
    answered = {call.attempt for call in calls if call.outcome in ANSWERED}
    if len(answered) != MOST_ATTEMPTS or row.regeneration_count != MOST_ATTEMPTS:
        yield f"exhausted after {row.regeneration_count} attempts, answered in {len(answered)}"
    if any(call.good for call in calls):
        yield "exhausted, and it has a good candidate"


def _stopped(row: ErrorRow, calls: Calls, executions: Sequence[Execution]) -> Iterator[str]:
    reason = row.regeneration_reason or ""
    evidence = [holds for words, holds in _CAUSES.items() if words in reason]
    if not evidence:
        yield f"stopped for an unknown reason: {reason}"
    elif not any(holds(calls, executions) for holds in evidence):
        yield f"stopped for a reason that it did not have: {reason}"


def _many(outcome: str, least: int) -> Evidence:
    """So many calls of one turn ended so."""

    def holds(calls: Calls, _: Sequence[Execution]) -> bool:
        turns = Counter((c.attempt, c.turn) for c in calls if c.outcome == outcome)
        return max(turns.values(), default=0) >= least

    return holds


def _failed(state: str) -> Evidence:
    """This task failed, and was given up in the same execution."""

    def holds(_: Calls, executions: Sequence[Execution]) -> bool:
        return any(e.failures[state] and "Stop" in e.failures for e in executions)

    return holds


def _broke_down(_: Calls, executions: Sequence[Execution]) -> bool:
    return sum(e.status != "SUCCEEDED" for e in executions) >= AUTOMATIC_RUNS


_CAUSES: dict[str, Evidence] = {
    "The model's answers did not arrive: ask": _many("unknown", LOST_CALLS),
    "The model's quota is used up": _many("throttled", THROTTLED_CALLS),
    "The repair broke down in run": _broke_down,
    "The repair broke down while the model was asked": _failed("Regenerate"),
    "The repair broke down at the validation": _failed("Validate"),
    "The repair broke down while its result was stored": _failed("Propose"),
}
"""What a stopped error's reason says, and what has to be true then."""


def _billed(calls: Calls) -> list[LedgerRow]:
    return [call for call in calls if call.outcome in ANSWERED | {"unknown"}]


def _failed_when_sent(call: LedgerRow) -> bool:
    return call.outcome == "failed" and call.sent_at is not None


def _ledger_money(calls: Iterable[LedgerRow]) -> tuple[Decimal, Decimal]:
    """What calls cost, and what those that may have cost keep reserved."""
    known = list(calls)
    return (
        sum((call.cost_usd or Decimal(0) for call in known), Decimal(0)),
        sum((call.reserved_usd for call in known if call.outcome == "unknown"), Decimal(0)),
    )


def _days_money(days: Iterable[DayRow]) -> tuple[Decimal, Decimal]:
    known = list(days)
    return (
        sum((day.spent_usd for day in known), Decimal(0)),
        sum((day.reserved_usd for day in known), Decimal(0)),
    )
