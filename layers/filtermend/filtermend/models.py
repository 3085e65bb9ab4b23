"""The values that cross a boundary: rows read from Postgres and the workflow's step."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    PositiveInt,
)


class Value(BaseModel):
    """A frozen model; fields it does not know are ignored, so payloads can grow."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


def storable(text: str) -> str:
    """The text without what Postgres cannot hold: zero bytes, halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


Text = Annotated[str, AfterValidator(storable)]
"""Text from strangers, on its way to Postgres."""


class ErrorRef(Value):
    """What every event means: this error of this trader."""

    error_id: UUID
    trader_id: UUID


class Status(StrEnum):
    """`trader_execution_errors.regeneration_status`; null is "not for filtermend"."""

    PENDING = "pending"
    RUNNING = "running"
    PROPOSED = "proposed"
    EXHAUSTED = "exhausted"
    OVER_BUDGET = "over_budget"
    DUPLICATE = "duplicate"
    STOPPED = "stopped"
    APPLIED = "applied"
    REJECTED = "rejected"


REPAIRABLE = frozenset({"compilation", "runtime", "panic"})
"""Error types that a change of code can mend (specification, Trigger Mechanism)."""


class ErrorRow(Value):
    """One row of `trader_execution_errors`, with what filtermend keeps on it.

    The table is the screener's: a message or a time may be missing there.
    """

    id: UUID
    trader_id: UUID
    user_id: UUID
    error_type: str
    error_message: Annotated[str, BeforeValidator(lambda message: message or "")]
    stack_trace: str | None
    trigger_interval: str | None
    symbols_processed: int | None
    execution_duration_ms: int | None
    filter_code_snapshot: str | None
    regeneration_count: int
    created_at: datetime | None
    resolved_at: datetime | None
    regeneration_status: Status | None
    regeneration_reason: str | None
    regeneration_run: int | None
    regeneration_first_run: int | None
    regeneration_breakdowns: int | None
    proposed_fix_validated: bool | None
    proposed_fix_replayed: bool | None

    @property
    def age_seconds(self) -> float:
        """Seconds since the row was created; 0 where it does not say when."""
        now = datetime.now(UTC)
        return (now - (self.created_at or now)).total_seconds()


class TraderRow(Value):
    """One row of `traders`: `filter` and `strategy` as stored, perhaps double-encoded."""

    id: UUID
    user_id: UUID
    name: str | None
    description: str | None
    filter: JsonValue
    strategy: JsonValue


class Diagnostic(Value):
    """One thing wrong with a candidate. `line` counts from 1 in the user's code, 0: unknown."""

    message: Text
    line: int = 0
    column: int = 0
    source_line: Text = ""
    hint: Text = ""
    source: Literal["validation", "replay", "intent", "answer"] = "validation"


class Change(Value):
    """A change that is certain, in words for the trader."""

    line: int
    message: Text


class CallOutcome(StrEnum):
    """How one question to Gemini ended: `filter_regeneration_attempts.outcome`."""

    CANDIDATE = "candidate"
    NO_CODE = "no_code"
    BLOCKED = "blocked"
    TRUNCATED = "truncated"
    THROTTLED = "throttled"
    FAILED = "failed"
    UNKNOWN = "unknown"


ANSWERED = frozenset(
    {CallOutcome.CANDIDATE, CallOutcome.NO_CODE, CallOutcome.BLOCKED, CallOutcome.TRUNCATED}
)
"""Outcomes of a call whose answer came: a turn that has one is not asked again."""


Source = Literal["model", "mechanical"]
"""Where a candidate comes from: a model, or the screener's certain changes."""


class CallRow(Value):
    """One row of the ledger `filter_regeneration_attempts`: one question, or one mechanical fix.

    `run` is the one that asked; attempts, turns and calls count through all runs since a person
    last asked for the error. `finished_at` without `outcome` is an answer that was stored and
    not read yet; `sent_at` is when the question went out.
    """

    id: UUID
    error_id: UUID
    user_id: UUID
    run: int
    attempt: int
    turn: int
    call: int
    source: Source
    model: str | None
    model_version: str | None
    prompt_version: str | None
    prompt_source: str | None
    outcome: CallOutcome | None
    answer: str | None
    finish_reason: str | None
    candidate_code: str | None
    normalized_code: str | None
    valid: bool | None
    replayed: bool | None
    diagnostics: list[Diagnostic] | None
    input_tokens: int | None
    output_tokens: int | None
    thinking_tokens: int | None
    cached_tokens: int | None
    cost_usd: Decimal | None
    reserved_usd: Decimal
    lease_until: datetime | None
    trace_id: str | None
    started_at: datetime
    sent_at: datetime | None
    finished_at: datetime | None

    @property
    def code(self) -> str | None:
        """The candidate as it would be deployed: normalised where the validator did so."""
        return self.normalized_code or self.candidate_code


class Outcome(StrEnum):
    """What a step of the workflow returns; the state machine chooses the next state by it."""

    CANDIDATE = "candidate"
    NO_CANDIDATE = "no_candidate"
    HOLD = "hold"
    VALIDATED = "validated"
    FEEDBACK = "feedback"
    RETRY = "retry"
    ENDED = "ended"


class Step(Value):
    """The state of an execution: ids, numbers and outcomes, never code or market data.

    The execution starts with `error_id`, `trader_id` and `run`; `attempt` and `turn` are
    named by Regenerate and Propose. `wait_seconds` belongs to `hold`, the last five fields
    to `ended`. `fault` is the stage whose retries were used up, `fault_name` the exception's
    class there. `ended_here` stays in the process: this very step ended the run.
    """

    error_id: UUID
    trader_id: UUID
    run: PositiveInt
    attempt: PositiveInt | None = None
    turn: PositiveInt = 1
    outcome: Outcome | None = None
    wait_seconds: int = 0
    fault: Literal["regenerate", "validate", "propose"] | None = None
    fault_name: str | None = None
    status: Status | None = None
    success: bool = False
    regeneration_count: int = 0
    code_validated: bool = False
    reason: str | None = None
    ended_here: bool = Field(default=False, exclude=True)


def describe(diagnostic: Diagnostic) -> str:
    """A diagnostic as a person would tell it: place, message, the line, and what helps."""
    place = f"line {diagnostic.line}: " if diagnostic.line else ""
    lines = [f"- {place}{diagnostic.message}"]
    if diagnostic.source_line:
        lines.append(f"    {diagnostic.source_line.strip()}")
    if diagnostic.hint:
        lines.append(f"  {diagnostic.hint}")
    return "\n".join(lines)


def describe_changes(changes: list[Change]) -> str:
    """Changes as a list for a person, each with its line."""
    return "\n".join(f"- line {change.line}: {change.message}" for change in changes)
