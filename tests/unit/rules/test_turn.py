"""What Regenerate does next with a turn: ask, go on from an answer, hold on or give up."""

from datetime import timedelta

import pytest

from filtermend.models import ANSWERED, CallOutcome, CallRow
from filtermend.rules.turn import (
    Ask,
    GiveUp,
    Hold,
    Resume,
    next_move,
    throttle_count,
    throttle_wait,
)
from tests.unit.rows import NOW, call_row

UNANSWERED = [CallOutcome.THROTTLED, CallOutcome.FAILED, CallOutcome.UNKNOWN]


def in_flight(seconds: float, call: int = 1) -> CallRow:
    lease = NOW + timedelta(seconds=seconds)
    return call_row(call=call, outcome=None, finished_at=None, answer=None, lease_until=lease)


def move(*calls: CallRow, lost_limit: int = 3, throttle_limit: int = 20) -> object:
    return next_move(list(calls), now=NOW, lost_limit=lost_limit, throttle_limit=throttle_limit)


def test_a_new_turn_is_asked() -> None:
    assert move() == Ask(1)


@pytest.mark.parametrize("outcome", sorted(ANSWERED))
def test_an_answered_turn_is_never_asked_again(outcome: CallOutcome) -> None:
    call = call_row(outcome=outcome)
    assert move(call, lost_limit=1, throttle_limit=1) == Resume(call)


def test_an_answer_that_was_stored_but_not_read_is_gone_on_from() -> None:
    call = call_row(outcome=None, lease_until=NOW + timedelta(seconds=60))
    assert move(call) == Resume(call)


@pytest.mark.parametrize(("left", "wait"), [(30, 30), (0.2, 1), (59.1, 60)])
def test_a_call_in_flight_is_given_its_lease(left: float, wait: int) -> None:
    assert move(in_flight(left)) == Hold(wait)


@pytest.mark.parametrize("left", [0, -1])
def test_a_call_past_its_lease_is_lost_and_asked_again(left: int) -> None:
    lost = in_flight(left)
    assert move(lost) == Ask(2, lost=lost)


def test_a_call_that_was_never_sent_is_not_counted_among_the_lost() -> None:
    unsent = in_flight(-1).model_copy(update={"sent_at": None})
    assert move(unsent, lost_limit=1) == Ask(2, lost=unsent)


@pytest.mark.parametrize("outcome", UNANSWERED)
def test_a_call_that_brought_no_answer_is_made_again(outcome: CallOutcome) -> None:
    assert move(call_row(outcome=outcome)) == Ask(2, lost=None)


def test_the_last_call_counts_in_whatever_order_they_come() -> None:
    failed = call_row(call=1, outcome=CallOutcome.FAILED)
    answered = call_row(call=2)
    assert move(answered, failed) == Resume(answered)


def made(outcome: CallOutcome, times: int) -> list[CallRow]:
    return [call_row(call=number, outcome=outcome) for number in range(1, times + 1)]


def test_lost_answers_may_have_been_billed_and_are_limited() -> None:
    assert move(*made(CallOutcome.UNKNOWN, 2)) == Ask(3)
    assert move(*made(CallOutcome.UNKNOWN, 3)) == GiveUp(throttled=False)
    lost = in_flight(-1, call=3)
    assert move(*made(CallOutcome.UNKNOWN, 2), lost) == GiveUp(throttled=False, lost=lost)


def test_the_last_allowed_call_is_still_waited_for() -> None:
    assert move(*made(CallOutcome.UNKNOWN, 2), in_flight(10, call=3)) == Hold(10)


def test_a_quota_that_stays_used_up_ends_the_turn() -> None:
    assert move(*made(CallOutcome.THROTTLED, 19)) == Ask(20)
    assert move(*made(CallOutcome.THROTTLED, 20)) == GiveUp(throttled=True)


def test_calls_that_failed_at_the_provider_are_the_state_machines_to_limit() -> None:
    assert move(*made(CallOutcome.FAILED, 50)) == Ask(51)


def test_only_refusals_for_the_quota_count_as_throttled() -> None:
    assert throttle_count(made(CallOutcome.THROTTLED, 2) + made(CallOutcome.FAILED, 3)) == 2


@pytest.mark.parametrize(
    ("asked", "times", "wait"), [(7, 1, 7), (1, 1, 5), (1, 4, 40), (1, 20, 600), (900, 20, 900)]
)
def test_the_wait_for_a_quota_is_as_asked_or_grows(asked: int, times: int, wait: int) -> None:
    assert throttle_wait(asked, times) == wait
