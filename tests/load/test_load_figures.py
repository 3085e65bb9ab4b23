"""What of the load can be told without running it."""

from uuid import UUID

import pytest
from chaos.facts import ErrorRow, Execution, Facts
from chaos.plan import Fault

from load.errors import ANSWER_MS, plan, slow
from load.measurements import Measured
from load.moments import Spread, between, spreads
from load.options import BadOption, Options
from load.report import Goal
from load.rounds import beyond

FIRST, SECOND = UUID(int=1), UUID(int=2)


def proposed(error_id: UUID, status: str = "proposed") -> ErrorRow:
    return ErrorRow(
        id=error_id,
        regeneration_status=status,
        regeneration_reason=None,
        regeneration_count=1,
        regeneration_lease_until=None,
        fingerprint="f",
        duplicate_of=None,
        proposed_fix_code="return true",
        proposed_fix_validated=True,
    )


def facts(*names: str, rows: tuple[ErrorRow, ...]) -> Facts:
    executions = [Execution(name, "SUCCEEDED") for name in names]
    return Facts(errors=rows, ledger=(), days=(), asked=(), executions=executions)


def test_percentiles_are_values_that_were_measured() -> None:
    assert Spread.of(range(100, 0, -1)) == Spread(50, 95, 100)
    assert Spread.of([3.0]) == Spread(3, 3, 3)
    assert Spread.of([1.0, 9.0]) == Spread(1, 9, 9)


def test_a_hop_counts_the_errors_that_have_both_ends() -> None:
    moments = {FIRST: {"row": 1.0, "attempt": 3.0}, SECOND: {"row": 1.0}}
    assert between(moments, "row", "attempt") == [2.0]
    assert spreads(moments) == {"row to first attempt": Spread(2, 2, 2)}


def test_each_error_has_a_user_and_a_problem_of_its_own() -> None:
    errors = plan(50)
    assert len({error.problem.user_id for error in errors}) == 50
    assert len({error.problem.marker for error in errors}) == 50


def test_a_tenth_of_the_first_questions_is_refused() -> None:
    models = [error.problem.model for error in plan(100, throttled=1)]
    assert models.count((Fault.THROTTLED_FOR,)) == 10
    assert models.count(()) == 90


def test_every_answer_takes_its_time() -> None:
    answers = slow({"match": "m", "answers": [{"status": 429}, {"text": "t"}]})["answers"]
    assert [answer["delay_ms"] for answer in answers] == [ANSWER_MS, ANSWER_MS]


def test_what_is_proposed_by_one_execution_is_right() -> None:
    assert beyond(facts(f"{FIRST}-1", rows=(proposed(FIRST),))) == []


@pytest.mark.parametrize(
    ("names", "status", "sentence"),
    [
        ((f"{FIRST}-1",), "stopped", "it ended stopped: None"),
        ((), "proposed", "it had 0 executions"),
        ((f"{FIRST}-1", f"{FIRST}-2"), "proposed", "it had 2 executions"),
    ],
)
def test_what_was_lost_or_doubled_is_found(
    names: tuple[str, ...], status: str, sentence: str
) -> None:
    assert beyond(facts(*names, rows=(proposed(FIRST, status),))) == [(FIRST, sentence)]


def test_a_goal_that_is_missed_is_not_good() -> None:
    assert Measured(goals=[Goal("p95", 4.9, 5.0)]).good
    assert not Measured(goals=[Goal("p95", 5.0, 5.0)]).good


def test_options_have_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOAD", raising=False)
    monkeypatch.delenv("ERRORS", raising=False)
    assert Options.from_environment().errors == {"once": 100}
    monkeypatch.setenv("LOAD", "all")
    assert Options.from_environment().errors == {"once": 100, "bursts": 1000, "growth": 100}
    monkeypatch.setenv("ERRORS", "7")
    assert set(Options.from_environment().errors.values()) == {7}


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("LOAD", "nonsense", "LOAD is 'nonsense': take one of once, bursts, growth or all"),
        ("ERRORS", "0", "ERRORS is 0: take a number from 1 to 200"),
        ("ERRORS", "201", "ERRORS is 201: take a number from 1 to 200"),
        ("ERRORS", "many", "ERRORS is 'many': take a whole number"),
    ],
)
def test_bad_input_is_refused(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LOAD", raising=False)
    monkeypatch.delenv("ERRORS", raising=False)
    monkeypatch.setenv(name, value)
    with pytest.raises(BadOption) as refused:
        Options.from_environment()
    assert str(refused.value) == sentence
