"""What follows from a verdict: proposed, asked again, the next attempt, or exhausted."""

import pytest

from filtermend.models import CallOutcome, CallRow, Outcome, Status
from filtermend.rules.decision import Decision, better, decide, is_good
from tests.unit.rows import call_row

NO_CANDIDATE = [CallOutcome.NO_CODE, CallOutcome.BLOCKED, CallOutcome.TRUNCATED]


def decision(call: CallRow, turns: int = 2, max_attempts: int = 3) -> Decision:
    return decide(call, compiled=bool(call.valid), turns=turns, max_attempts=max_attempts)


@pytest.mark.parametrize(
    ("valid", "replayed", "good"),
    [
        (True, True, True),
        (True, None, True),
        (True, False, False),
        (False, None, False),
        (None, None, False),
        (None, True, False),
    ],
)
def test_a_fix_is_good_when_it_compiles_and_did_not_fail(
    *, valid: bool | None, replayed: bool | None, good: bool
) -> None:
    assert is_good(call_row(valid=valid, replayed=replayed)) is good


@pytest.mark.parametrize(("attempt", "turn"), [(1, 1), (1, 2), (3, 1), (3, 2)])
def test_a_good_fix_is_proposed_whenever_it_comes(attempt: int, turn: int) -> None:
    found = decision(call_row(valid=True, replayed=True, attempt=attempt, turn=turn))
    assert (found.outcome, found.status) == (Outcome.ENDED, Status.PROPOSED)


def test_the_reason_says_whether_the_fix_was_run() -> None:
    run, not_run = (decision(call_row(valid=True, replayed=r)).reason for r in (True, None))
    assert run is not None
    assert not_run is not None
    assert "ran without an error" in run
    assert "ran" not in not_run


def test_a_fix_without_a_model_says_what_was_changed() -> None:
    reason = decision(call_row(valid=True, source="mechanical", answer="- line 2: it is x")).reason
    assert reason is not None
    assert "No model was needed" in reason
    assert "- line 2: it is x" in reason


@pytest.mark.parametrize("attempt", [1, 2, 3])
def test_a_first_turn_that_fails_is_asked_again_at_once(attempt: int) -> None:
    assert decision(call_row(valid=False, attempt=attempt, turn=1)) == Decision(Outcome.FEEDBACK)


@pytest.mark.parametrize("outcome", NO_CANDIDATE)
def test_an_answer_without_a_candidate_is_asked_again_too(outcome: CallOutcome) -> None:
    call = call_row(outcome=outcome, candidate_code=None)
    assert decision(call) == Decision(Outcome.FEEDBACK)


def test_a_candidate_that_fails_when_it_runs_is_asked_again() -> None:
    assert decision(call_row(valid=True, replayed=False)).outcome is Outcome.FEEDBACK


@pytest.mark.parametrize("attempt", [1, 2])
def test_a_failed_attempt_is_followed_by_the_next(attempt: int) -> None:
    assert decision(call_row(valid=False, attempt=attempt, turn=2)) == Decision(Outcome.RETRY)


def test_third_failed_attempt_is_exhausted() -> None:
    found = decision(call_row(valid=False, attempt=3, turn=2))
    assert (found.outcome, found.status) == (Outcome.ENDED, Status.EXHAUSTED)


def test_an_attempt_may_be_a_single_turn() -> None:
    assert decision(call_row(valid=False, turn=1), turns=1).outcome is Outcome.RETRY


def test_fewer_attempts_may_be_allowed() -> None:
    found = decision(call_row(valid=False, attempt=1, turn=2), max_attempts=1)
    assert found.status is Status.EXHAUSTED
    assert found.reason is not None
    assert found.reason.startswith("After one attempt ")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"valid": False}, "no candidate compiled"),
        ({"valid": True, "replayed": False}, "compiles but fails when it is run"),
        ({"valid": False, "diagnostics": [{"message": "m", "source": "intent"}]}, "give up a part"),
        ({"valid": False, "diagnostics": [{"message": "m", "source": "answer"}]}, "known to fail"),
        ({"outcome": CallOutcome.BLOCKED}, "the model declined to answer"),
        ({"outcome": CallOutcome.NO_CODE}, "had no usable code"),
        ({"outcome": CallOutcome.TRUNCATED}, "had no usable code"),
    ],
)
def test_the_user_is_told_why_it_ended(changes: dict[str, object], why: str) -> None:
    reason = decision(call_row(attempt=3, turn=2, **changes)).reason
    assert reason is not None
    assert reason.startswith("After 3 attempts ")
    assert why in reason


def test_an_earlier_candidate_that_compiled_is_spoken_of() -> None:
    last = call_row(attempt=3, turn=2, valid=False)
    reason = decide(last, compiled=True, turns=2, max_attempts=3).reason
    assert reason is not None
    assert "the best candidate compiles but fails when it is run" in reason


# --- which fix is kept -----------------------------------------------------------------------


@pytest.mark.parametrize("replayed", [None, False, True])
def test_the_first_candidate_is_kept_whatever_it_is(replayed: bool | None) -> None:
    assert better(call_row(valid=False, replayed=replayed), None, None)


@pytest.mark.parametrize("kept_replayed", [True, False, None])
@pytest.mark.parametrize("valid", [False, None])
def test_a_validated_fix_never_yields_to_an_unvalidated_one(
    *, valid: bool | None, kept_replayed: bool | None
) -> None:
    assert not better(call_row(valid=valid, replayed=True), True, kept_replayed)


@pytest.mark.parametrize(
    ("new", "kept", "replaces"),
    [
        ((True, True), (True, True), True),
        ((True, None), (True, True), False),
        ((True, False), (True, True), False),
        ((True, False), (True, None), False),
        ((True, True), (True, None), True),
        ((True, None), (False, None), True),
        ((True, False), (False, None), True),
        ((False, None), (False, None), True),
    ],
)
def test_a_later_fix_replaces_one_that_is_no_better(
    new: tuple[bool, bool | None], kept: tuple[bool, bool | None], *, replaces: bool
) -> None:
    assert better(call_row(valid=new[0], replayed=new[1]), *kept) is replaces
