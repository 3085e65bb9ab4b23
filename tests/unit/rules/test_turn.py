"""What Regenerate does next with a turn: ask, go on from an answer, hold on or give up."""

from datetime import timedelta

import pytest

from filtermend.models import ANSWERED, CallOutcome, CallRow
from filtermend.rules.turn import Ask, GiveUp, Hold, Resume, next_move, throttled_only
from tests.unit.rows import NOW, call_row

UNANSWERED = [CallOutcome.THROTTLED, CallOutcome.FAILED, CallOutcome.UNKNOWN]


def in_flight(seconds: float, call: int = 1) -> CallRow:
    lease = NOW + timedelta(seconds=seconds)
    return call_row(call=call, outcome=None, finished_at=None, answer=None, lease_until=lease)


def move(*calls: CallRow, limit: int = 5) -> object:
    return next_move(list(calls), now=NOW, limit=limit)


def test_a_new_turn_is_asked() -> None:
    assert move() == Ask(1)


@pytest.mark.parametrize("outcome", sorted(ANSWERED))
def test_an_answered_turn_is_never_asked_again(outcome: CallOutcome) -> None:
    call = call_row(outcome=outcome)
    assert move(call, limit=1) == Resume(call)


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


@pytest.mark.parametrize("outcome", UNANSWERED)
def test_a_call_that_brought_no_answer_is_made_again(outcome: CallOutcome) -> None:
    assert move(call_row(outcome=outcome)) == Ask(2, lost=None)


def test_the_last_call_counts_in_whatever_order_they_come() -> None:
    failed = call_row(call=1, outcome=CallOutcome.FAILED)
    answered = call_row(call=2)
    assert move(answered, failed) == Resume(answered)


@pytest.mark.parametrize("outcome", UNANSWERED)
def test_after_the_last_allowed_call_the_turn_is_given_up(outcome: CallOutcome) -> None:
    assert move(call_row(call=4, outcome=outcome)) == Ask(5)
    assert move(call_row(call=5, outcome=outcome)) == GiveUp(5)
    lost = in_flight(-1, call=5)
    assert move(lost) == GiveUp(5, lost)


def test_the_last_allowed_call_is_still_waited_for() -> None:
    assert move(in_flight(10, call=5)) == Hold(10)


def test_only_a_turn_refused_every_time_was_throttled() -> None:
    throttled, failed = (
        call_row(outcome=CallOutcome.THROTTLED),
        call_row(outcome=CallOutcome.FAILED),
    )
    assert throttled_only([throttled, throttled])
    assert not throttled_only([throttled, failed])
    assert not throttled_only([])
