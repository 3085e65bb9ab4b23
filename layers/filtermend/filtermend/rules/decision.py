"""What follows from a candidate's verdict (specification, Rate Limiting & Cost Control)."""

from dataclasses import dataclass

from filtermend.models import CallOutcome, CallRow, Outcome, Status


@dataclass(frozen=True)
class Decision:
    """The step's outcome and, where the run ends, its status and the reason for the user."""

    outcome: Outcome
    status: Status | None = None
    reason: str | None = None


def is_good(call: CallRow) -> bool:
    """A fix is good when it is valid and the replay raised nothing (or could not be run)."""
    return call.valid is True and call.replayed is not False


def decide(call: CallRow, *, compiled: bool, turns: int, max_attempts: int) -> Decision:
    """Propose it, ask again with the diagnostics, wait for the next attempt, or end.

    Args:
        call: the last call of the turn, with its verdict.
        compiled: whether any candidate so far compiled.
        turns: turns an attempt may take.
        max_attempts: attempts the run may take.
    """
    if is_good(call):
        return Decision(Outcome.ENDED, Status.PROPOSED, _proposed(call))
    if call.turn < turns:
        return Decision(Outcome.FEEDBACK)
    if call.attempt < max_attempts:
        return Decision(Outcome.RETRY)
    return Decision(Outcome.ENDED, Status.EXHAUSTED, _exhausted(call, compiled=compiled))


def _proposed(call: CallRow) -> str:
    tried = "" if call.replayed is None else " and ran without an error on the inputs tried"
    reason = f"A corrected filter compiles{tried}: please review it."
    if call.source == "mechanical":
        reason += f" No model was needed. What was changed:\n{call.answer}"
    return reason


def _exhausted(call: CallRow, *, compiled: bool) -> str:
    attempts = "one attempt" if call.attempt == 1 else f"{call.attempt} attempts"
    causes = {diagnostic.source for diagnostic in call.diagnostics or []}
    if "intent" in causes:
        why = "the candidates give up a part of the strategy"
    elif "answer" in causes and call.outcome is CallOutcome.CANDIDATE:
        why = "the model keeps proposing code that is known to fail"
    elif compiled:
        why = "the best candidate compiles but fails when it is run"
    elif call.outcome is CallOutcome.CANDIDATE:
        why = "no candidate compiled"
    elif call.outcome is CallOutcome.BLOCKED:
        why = "the model declined to answer"
    else:
        why = "the model's answers had no usable code"
    return f"After {attempts} {why}: please correct the filter by hand or describe it anew."


def better(new: CallRow, validated: bool | None, replayed: bool | None) -> bool:
    """True when `new` may replace the fix kept so far.

    A validated one never yields to one that is not; among those, one that ran never to one that
    was not run, and that never to one that failed.
    """
    return _rank(new.valid, new.replayed) >= _rank(validated, replayed)


def _rank(valid: bool | None, replayed: bool | None) -> int:
    return {False: 1, None: 2, True: 3}[replayed] if valid else 0
