"""Which events start nothing, and what is said of it."""

from uuid import UUID

import pytest

from filtermend.models import ErrorRef, Status
from filtermend.rules.admission import Refusal, refuse
from tests.unit.rows import ERROR_ID, NOW, TRADER_ID, error_row

REF = ErrorRef(error_id=ERROR_ID, trader_id=TRADER_ID)


def refusal(**changes: object) -> Refusal | None:
    refused = refuse(REF, error_row(**changes))
    return refused.refusal if refused else None


@pytest.mark.parametrize("error_type", ["compilation", "runtime", "panic"])
def test_a_pending_error_of_a_repairable_type_is_admitted(error_type: str) -> None:
    assert refusal(error_type=error_type) is None


@pytest.mark.parametrize("error_type", ["timeout", "network", ""])
def test_an_error_that_no_code_can_mend_is_refused(error_type: str) -> None:
    assert refusal(error_type=error_type) is Refusal.NOT_REPAIRABLE


def test_a_running_error_is_admitted_since_its_execution_may_be_gone() -> None:
    assert refusal(regeneration_status=Status.RUNNING, regeneration_run=1) is None


def test_an_error_that_is_not_there_is_not_found() -> None:
    refused = refuse(REF, None)
    assert refused is not None
    assert refused.refusal is Refusal.NOT_FOUND
    assert str(ERROR_ID) in refused.reason


def test_an_error_of_another_trader_is_refused() -> None:
    assert refusal(trader_id=UUID(int=9)) is Refusal.OTHER_TRADER


@pytest.mark.parametrize("status", [Status.PENDING, Status.RUNNING])
def test_a_resolved_error_is_left_alone(status: Status) -> None:
    assert refusal(resolved_at=NOW, regeneration_status=status) is Refusal.RESOLVED


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.EXHAUSTED, Refusal.ATTEMPTS_USED),
        (Status.DUPLICATE, Refusal.DUPLICATE),
        (Status.PROPOSED, Refusal.NOT_PENDING),
        (Status.OVER_BUDGET, Refusal.NOT_PENDING),
        (Status.STOPPED, Refusal.NOT_PENDING),
        (Status.APPLIED, Refusal.NOT_PENDING),
        (Status.REJECTED, Refusal.NOT_PENDING),
        (None, Refusal.NOT_PENDING),
    ],
)
def test_a_finished_error_starts_nothing_by_itself(
    status: Status | None, expected: Refusal
) -> None:
    assert refusal(regeneration_status=status) is expected


def test_every_status_is_decided_on() -> None:
    admitted = {status for status in Status if refusal(regeneration_status=status) is None}
    assert admitted == {Status.PENDING, Status.RUNNING}


def test_a_row_older_than_the_migration_is_said_to_be() -> None:
    refused = refuse(REF, error_row(regeneration_status=None))
    assert refused is not None
    assert "older than filtermend" in refused.reason
