"""decide_fix and request_regeneration: in every state, by the owner and by others."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from integration.database.postgres import Database

STATES = [
    None,
    "pending",
    "running",
    "proposed",
    "exhausted",
    "over_budget",
    "duplicate",
    "stopped",
    "applied",
    "rejected",
]
FIX = "return len(data.Klines) > 0"


@pytest.fixture
def database(shared: Database) -> Database:
    return shared


def _decide(
    database: Database, user: UUID | None, error: UUID, decision: str, reason: str | None = None
) -> Any:
    with database.acting(user) as connection:
        [status] = connection.execute(
            "select decide_fix(%s, %s, %s)", [error, decision, reason]
        ).fetchone()
        return status


def _ask_again(database: Database, user: UUID | None, error: UUID) -> Any:
    with database.acting(user) as connection:
        [run] = connection.execute("select request_regeneration(%s)", [error]).fetchone()
        return run


def _refusal(function: Any, *arguments: Any) -> str:
    """The SQLSTATE of the refusal."""
    with pytest.raises(psycopg.Error) as refused:
        function(*arguments)
    diagnosis = refused.value.diag
    assert diagnosis.message_primary is not None
    assert diagnosis.message_primary.endswith(".")
    return str(diagnosis.sqlstate)


@pytest.mark.parametrize("decision", ["applied", "rejected"])
@pytest.mark.parametrize("state", STATES)
def test_a_decision_in_every_state(
    database: Database, user: UUID, state: str | None, decision: str
) -> None:
    error = database.error(user, proposed_fix_code=FIX, regeneration_status=state)
    before = database.row(error)
    if state in ("proposed", "exhausted", "stopped", decision):
        assert _decide(database, user, error, decision) == decision
        assert database.row(error)["regeneration_status"] == decision
    else:
        expected = "RG006" if state in ("applied", "rejected") else "RG005"
        assert _refusal(_decide, database, user, error, decision) == expected
        assert database.row(error) == before


@pytest.mark.parametrize("state", STATES)
def test_asking_again_in_every_state(database: Database, user: UUID, state: str | None) -> None:
    error = database.error(
        user,
        proposed_fix_code=FIX,
        regeneration_count=3,
        fingerprint=f"problem of {user}",
        regeneration_reason="Three attempts failed.",
        regeneration_status=state,
        regeneration_lease_until="2026-01-01",
    )
    before = database.row(error)
    if state in (None, "pending", "running", "applied"):
        assert _refusal(_ask_again, database, user, error) == "RG005"
        assert database.row(error) == before
        return
    assert _ask_again(database, user, error) == 2
    changed = {
        "regeneration_status": "pending",
        "regeneration_run": 2,
        "regeneration_first_run": 2,
        "regeneration_count": 0,
        "regeneration_reason": None,
        "regeneration_lease_until": None,
        "fingerprint": None,
        "duplicate_of": None,
    }
    if state == "rejected":  # what a person rejected is not proposed again
        changed |= {"proposed_fix_code": None}
    assert database.row(error) == before | changed


def test_applying_records_who_and_when_and_resolves(database: Database, user: UUID) -> None:
    error = database.error(user, proposed_fix_code=FIX, regeneration_status="proposed")
    _decide(database, user, error, "applied", "  Looks right.  ")
    row = database.row(error)
    assert row["fix_applied_by"] == user
    assert row["fix_applied_at"] is not None
    assert row["resolved_at"] is not None
    assert row["regeneration_reason"] == "Looks right."
    _decide(database, user, error, "applied", "again")
    assert database.row(error) == row


def test_rejecting_applies_and_resolves_nothing(database: Database, user: UUID) -> None:
    error = database.error(user, proposed_fix_code=FIX, regeneration_status="proposed")
    _decide(database, user, error, "rejected")
    row = database.row(error)
    assert (row["fix_applied_at"], row["fix_applied_by"], row["resolved_at"]) == (None,) * 3
    assert row["regeneration_reason"] == "You rejected this fix."
    assert row["proposed_fix_code"] == FIX


def test_duplicates_follow_an_applied_fix_only(database: Database, user: UUID) -> None:
    for decision in ("rejected", "applied"):
        primary = database.error(user, proposed_fix_code=FIX, regeneration_status="proposed")
        copy = database.error(user, regeneration_status="duplicate", duplicate_of=primary)
        _decide(database, user, primary, decision, "Because.")
        row = database.row(copy)
        assert row["regeneration_status"] == "duplicate"
        assert (row["resolved_at"] is not None) == (decision == "applied")
        assert row["regeneration_reason"] == ("Because." if decision == "applied" else None)


def test_what_cannot_be_decided(database: Database, user: UUID) -> None:
    error = database.error(user, regeneration_status="exhausted")
    assert _refusal(_decide, database, user, error, "applied") == "RG004"
    assert _refusal(_decide, database, user, error, "deployed") == "RG003"
    assert _refusal(_decide, database, user, error, None) == "RG003"
    assert _refusal(_decide, database, user, uuid4(), "applied") == "RG002"
    assert _refusal(_decide, database, None, error, "applied") == "RG001"


def test_nobody_decides_or_asks_for_another_user(
    database: Database, user: UUID, other: UUID
) -> None:
    error = database.error(user, proposed_fix_code=FIX, regeneration_status="proposed")
    before = database.row(error)
    assert _refusal(_decide, database, other, error, "applied") == "RG002"
    assert _refusal(_ask_again, database, other, error) == "RG002"
    assert _refusal(_ask_again, database, None, error) == "RG001"
    assert database.row(error) == before


@pytest.mark.parametrize(
    "claims", [("request.jwt.claim.sub", "{}"), ("request.jwt.claims", '{{"sub": "{}"}}')]
)
def test_both_forms_of_claims_name_the_user(
    database: Database, user: UUID, claims: tuple[str, str]
) -> None:
    name, form = claims
    with database.connect() as connection:
        connection.execute("select set_config(%s, %s, false)", [name, form.format(user)])
        assert connection.execute("select filtermend_user_id()").fetchone() == (user,)


@pytest.mark.parametrize("claims", ["", "{}", '{"sub": "service"}', '{"role": "anon"}'])
def test_claims_without_a_user_name_nobody(database: Database, claims: str) -> None:
    with database.connect() as connection:
        connection.execute("select set_config('request.jwt.claims', %s, false)", [claims])
        assert connection.execute("select filtermend_user_id()").fetchone() == (None,)


@pytest.mark.parametrize("state", ["proposed", "rejected", "stopped", "applied"])
def test_asking_for_a_duplicate_takes_the_problem_over(
    database: Database, user: UUID, state: str
) -> None:
    primary = database.error(
        user, fingerprint=f"problem of {user}", regeneration_status=state, proposed_fix_code=FIX
    )
    copy = database.error(
        user, regeneration_status="duplicate", duplicate_of=primary, resolved_at="2026-01-01"
    )
    assert _ask_again(database, user, copy) == 2
    assert database.row(primary)["regeneration_status"] == state
    assert database.row(copy)["resolved_at"] is None
    # What the service does next is no duplicate any more.
    database.run(
        "update trader_execution_errors set regeneration_status = 'running', "
        "fingerprint = %s where id = %s",
        [f"problem of {user}", copy],
    )


@pytest.mark.parametrize("state", ["pending", "running"])
def test_asking_for_a_duplicate_of_a_live_run_is_refused(
    database: Database, user: UUID, state: str
) -> None:
    primary = database.error(user, fingerprint=f"problem of {user}", regeneration_status=state)
    copy = database.error(user, regeneration_status="duplicate", duplicate_of=primary)
    assert _refusal(_ask_again, database, user, copy) == "RG005"
    assert database.row(primary)["fingerprint"] == f"problem of {user}"
