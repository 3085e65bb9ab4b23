"""What follows from a turn: propose, ask again, wait, or end; and which fix is kept."""

from collections.abc import Callable
from typing import Any

import pytest
from integration.core.endpoints import GOOD
from integration.core.rows import Rows

from filtermend.database import Database
from filtermend.models import Outcome, Status, Step
from filtermend.proposal import Proposal
from filtermend.settings import LimitSettings
from filtermend.tracing import Tracer

Propose = Callable[[Step], Step]
PROBLEM = [{"message": "undefined: x", "line": 1}]
INVALID = {"valid": False, "diagnostics": PROBLEM}
VALID = {"valid": True, "normalized_code": GOOD, "diagnostics": []}
FIX = ("proposed_fix_code", "proposed_fix_validated", "proposed_fix_replayed")


@pytest.fixture
def propose(connect: Callable[[], Database], off: Tracer) -> Propose:
    """Propose's answer to a step, each time from a new process."""
    return lambda step: Proposal(connect(), LimitSettings(), off).run(step)


def place(step: Step, attempt: int, turn: int) -> Step:
    return step.model_copy(update={"attempt": attempt, "turn": turn})


def kept(rows: Rows, step: Step) -> tuple[Any, ...]:
    row = rows.row(step.error_id)
    return tuple(row[name] for name in FIX)


def test_a_good_candidate_is_proposed_for_review(
    rows: Rows, propose: Propose, counted: dict[str, Any]
) -> None:
    step = rows.candidate(rows.running(age_seconds=5), f"  {GOOD}", **VALID, replayed=True)
    done = propose(step)
    assert (done.outcome, done.status, done.success) == (Outcome.ENDED, Status.PROPOSED, True)
    row = rows.row(step.error_id)
    assert kept(rows, step) == (GOOD, True, True)
    assert (row["regeneration_status"], row["proposed_fix_source"]) == ("proposed", "model")
    assert row["proposed_fix_diagnostics"] == []
    assert row["regenerated_at"] is not None
    assert row["regeneration_lease_until"] is None
    assert "review" in row["regeneration_reason"]
    assert (row["fix_applied_at"], row["resolved_at"]) == (None, None)
    assert counted["filter_regeneration_success_total"]["Value"] == [1]
    [took] = counted["filter_regeneration_duration_seconds"]["Value"]
    assert 0 <= took < 5, "from the first call, not from the error"


def test_a_proposal_deploys_nothing(rows: Rows, propose: Propose) -> None:
    step = rows.candidate(rows.running(), GOOD, **VALID)
    before = rows.run("select * from traders")
    propose(step)
    assert rows.run("select * from traders") == before


def test_the_answer_has_the_fields_of_the_specification(rows: Rows, propose: Propose) -> None:
    step = rows.candidate(rows.running(), GOOD, **VALID, replayed=True)
    answer = propose(step).model_dump(mode="json")
    wanted = ("success", "error_id", "regeneration_count", "code_validated", "status", "reason")
    assert {name: answer[name] for name in wanted} == {
        "success": True,
        "error_id": str(step.error_id),
        "regeneration_count": 1,
        "code_validated": True,
        "status": "proposed",
        "reason": "A corrected filter compiles and ran without an error on the inputs tried: "
        "please review it.",
    }


def test_a_candidate_that_could_not_be_replayed_is_proposed_as_what_it_is(
    rows: Rows, propose: Propose
) -> None:
    step = rows.candidate(rows.running(), GOOD, valid=True)
    assert propose(step).status is Status.PROPOSED
    assert kept(rows, step) == (GOOD, True, None)
    assert "ran" not in rows.row(step.error_id)["regeneration_reason"]


@pytest.mark.parametrize(
    "first",
    [
        INVALID,
        {"valid": True, "replayed": False, "diagnostics": PROBLEM},
        {"outcome": "no_code", "candidate_code": None, "diagnostics": PROBLEM},
        {"outcome": "blocked", "candidate_code": None, "diagnostics": PROBLEM},
    ],
    ids=["invalid", "fails when run", "no code", "blocked"],
)
def test_a_first_turn_that_did_not_do_is_followed_by_feedback(
    rows: Rows, propose: Propose, counted: dict[str, Any], first: dict[str, Any]
) -> None:
    step = rows.candidate(rows.running(), **{"code": "return x"} | first)
    done = propose(step)
    assert (done.outcome, done.attempt, done.turn) == (Outcome.FEEDBACK, 1, 2)
    assert rows.row(step.error_id)["regeneration_status"] == "running"
    assert "filter_regeneration_failures_total" not in counted


def test_a_second_turn_that_did_not_do_is_followed_by_the_next_attempt(
    rows: Rows, propose: Propose
) -> None:
    step = rows.candidate(place(rows.running(), 1, 2), "return x", **INVALID)
    rows.lease(step.error_id, 5)
    done = propose(step)
    assert (done.outcome, done.attempt, done.turn) == (Outcome.RETRY, 2, 1)
    [row] = rows.run(
        "select regeneration_lease_until > now() + interval '5 minutes' as long "
        "from trader_execution_errors"
    )
    assert row["long"] is True


def test_a_third_attempt_that_did_not_do_is_the_last(
    rows: Rows, propose: Propose, counted: dict[str, Any]
) -> None:
    step = rows.candidate(place(rows.running(), 3, 2), "return x", **INVALID)
    done = propose(step)
    assert (done.outcome, done.status, done.success) == (Outcome.ENDED, Status.EXHAUSTED, False)
    assert (done.regeneration_count, done.code_validated) == (3, False)
    assert str(done.reason).startswith("After 3 attempts no candidate compiled")
    assert kept(rows, step) == ("return x", False, None)  # for a person to look at
    assert rows.row(step.error_id)["proposed_fix_diagnostics"][0]["message"] == "undefined: x"
    assert counted["filter_regeneration_failures_total"]["Value"] == [1]


def test_a_validated_fix_is_not_overwritten_by_an_unvalidated_one(
    rows: Rows, propose: Propose
) -> None:
    running = rows.running()
    fails = {"valid": True, "replayed": False, "diagnostics": PROBLEM}
    propose(rows.candidate(place(running, 1, 1), GOOD, **fails))
    assert kept(rows, running) == (GOOD, True, False)
    propose(rows.candidate(place(running, 1, 2), "return x", **INVALID))
    assert kept(rows, running) == (GOOD, True, False)


def test_a_better_fix_replaces_the_one_that_was_kept(rows: Rows, propose: Propose) -> None:
    running = rows.running()
    propose(rows.candidate(place(running, 1, 1), "return x", **INVALID))
    assert kept(rows, running) == ("return x", False, None)
    propose(rows.candidate(place(running, 1, 2), GOOD, **VALID, replayed=True))
    assert kept(rows, running) == (GOOD, True, True)


@pytest.mark.parametrize(
    ("fault", "words"),
    [("validate", "validation"), ("regenerate", "model"), ("propose", "stored")],
)
def test_a_fault_stops_the_run_and_keeps_its_candidate(
    rows: Rows, propose: Propose, counted: dict[str, Any], fault: str, words: str
) -> None:
    step = rows.candidate(rows.running(), GOOD)
    done = propose(step.model_copy(update={"fault": fault}))
    assert (done.outcome, done.status, done.success) == (Outcome.ENDED, Status.STOPPED, False)
    assert words in str(done.reason)
    assert kept(rows, step) == (GOOD, False, None)
    assert counted["stopped_by_fault"]["Value"] == [1]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("DatabaseUnavailable", "The database could not be reached"),
        ("SettingMissing", "A setting of the repair system is missing"),
        ("ValidatorUnavailable", "The validator could not be reached"),
        ("States.Timeout", "The repair broke down at the validation"),
    ],
)
def test_the_reason_names_the_fault_where_it_is_known(
    rows: Rows, propose: Propose, name: str, words: str
) -> None:
    step = rows.candidate(rows.running(), GOOD)
    done = propose(step.model_copy(update={"fault": "validate", "fault_name": name}))
    assert str(done.reason).startswith(words)


def test_a_fault_before_any_answer_stops_the_run_without_a_fix(
    rows: Rows, propose: Propose
) -> None:
    step = rows.running()
    done = propose(step.model_copy(update={"fault": "regenerate"}))
    assert done.status is Status.STOPPED
    assert kept(rows, step) == (None, False, None)


@pytest.mark.parametrize("values", [VALID, INVALID], ids=["proposed", "feedback"])
def test_a_repeated_step_changes_nothing_and_counts_nothing(
    rows: Rows, propose: Propose, counted: dict[str, Any], values: dict[str, Any]
) -> None:
    step = rows.candidate(rows.running(), GOOD, **values)
    first = propose(step)
    before = {**rows.row(step.error_id), "regeneration_lease_until": None, "regenerated_at": None}
    counted.clear()
    assert propose(step).model_dump() == first.model_dump()
    after = {**rows.row(step.error_id), "regeneration_lease_until": None, "regenerated_at": None}
    assert after == before
    assert counted.keys() <= {"database_connects"}


def test_a_superseded_run_decides_and_counts_nothing(
    rows: Rows, propose: Propose, counted: dict[str, Any]
) -> None:
    step = rows.candidate(rows.running(), GOOD, **VALID)
    rows.set(step.error_id, regeneration_run=2)
    before = rows.row(step.error_id)
    done = propose(step)
    assert (done.outcome, done.status, done.success) == (Outcome.ENDED, Status.RUNNING, False)
    assert rows.row(step.error_id) == before
    assert counted.keys() <= {"database_connects"}


def test_a_turn_that_was_never_answered_is_a_fault(rows: Rows, propose: Propose) -> None:
    step = rows.candidate(rows.running(), GOOD, outcome="unknown", candidate_code=None)
    with pytest.raises(LookupError, match="attempt 1 turn 1"):
        propose(step)
    assert rows.row(step.error_id)["regeneration_status"] == "running"
