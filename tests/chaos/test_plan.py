"""The plan: the seed alone decides it."""

from chaos.answers import script
from chaos.plan import REQUESTS, Fault, Kind, Way, draw
from local.gemini.script import Scenario


def test_a_seed_gives_the_same_plan() -> None:
    assert draw(7, 50, 0.2) == draw(7, 50, 0.2)
    assert draw(7, 50, 0.2) != draw(8, 50, 0.2)


def test_a_longer_run_begins_like_a_shorter_one() -> None:
    assert draw(7, 50, 0.2)[:20] == draw(7, 20, 0.2)


def test_without_faults_there_are_none() -> None:
    for error in draw(1, 100, 0):
        assert error.delivery is None
        assert error.ways == (Way.DATABASE,)
        assert error.at_statement == ()
        assert error.problem.model == error.problem.screener == (None,) * REQUESTS


def test_every_fault_and_every_kind_is_drawn_at_some_time() -> None:
    errors = draw(1, 500, 0.2)
    drawn = {fault for e in errors for fault in (e.delivery, *e.problem.model, *e.problem.screener)}
    drawn |= {fault for error in errors for _, fault in error.at_statement}
    assert drawn == {None, *Fault}
    assert {error.problem.kind for error in errors} == set(Kind)
    assert any(error.resolved for error in errors)


def test_the_share_of_faults_is_as_asked_for() -> None:
    faults = [fault for error in draw(1, 500, 0.2) for fault in error.problem.model]
    assert 0.17 < sum(fault is not None for fault in faults) / len(faults) < 0.23


def test_some_errors_repeat_a_problem_and_share_its_trader() -> None:
    errors = draw(1, 200, 0.2)
    assert len({error.problem.marker for error in errors}) < len(errors)
    assert len({error.error_id for error in errors}) == len(errors)


def test_a_lost_event_has_no_way_and_a_storm_has_many() -> None:
    by_delivery = {error.delivery: error.ways for error in draw(1, 500, 1)}
    assert by_delivery[Fault.LOST] == ()
    assert len(by_delivery[Fault.STORM]) == 6
    assert Way.DATABASE not in by_delivery[Fault.EARLY]


def test_the_scripted_endpoint_knows_every_answer() -> None:
    for error in draw(1, 500, 1):
        scenario = Scenario.model_validate(script(error.problem))
        assert len(scenario.answers) == REQUESTS + 1
