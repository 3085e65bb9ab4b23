"""The check finds what is wrong: each test breaks one thing of a run that was right."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from chaos.check import Check
from chaos.facts import Asked, DayRow, ErrorRow, Execution, Facts, LedgerRow
from chaos.plan import Kind, PlannedError, Problem

NOW = datetime(2026, 11, 23, tzinfo=UTC)
USER, TRADER = UUID(int=1), UUID(int=2)
FIRST, SECOND = UUID(int=3), UUID(int=4)
PROBLEM = Problem("chaos0000000000000001x", USER, TRADER, Kind.MENDED, (), ())
GOOD = "return true"


def planned(error_id: UUID, **changes: object) -> PlannedError:
    error = PlannedError(error_id, PROBLEM, resolved=False, delivery=None, ways=(), at_statement=())
    return replace(error, **changes)  # type: ignore[arg-type]


def row(error_id: UUID, status: str = "proposed", **changes: object) -> ErrorRow:
    proposed = status == "proposed"
    values: dict[str, object] = {
        "id": error_id,
        "regeneration_status": status,
        "regeneration_reason": None,
        "regeneration_count": 1,
        "regeneration_lease_until": None,
        "fingerprint": "f",
        "duplicate_of": None,
        "proposed_fix_code": GOOD if proposed else None,
        "proposed_fix_validated": proposed,
    }
    return ErrorRow.model_validate(values | changes)


def call(number: int = 1, outcome: str | None = "candidate", **changes: object) -> LedgerRow:
    candidate = outcome == "candidate"
    values: dict[str, object] = {
        "error_id": FIRST,
        "user_id": USER,
        "run": 1,
        "attempt": 1,
        "turn": 1,
        "call": number,
        "source": "model",
        "outcome": outcome,
        "valid": candidate or None,
        "replayed": None,
        "candidate_code": GOOD if candidate else None,
        "normalized_code": None,
        "reserved_usd": Decimal("0.5"),
        "cost_usd": Decimal("0.1") if candidate else Decimal(0),
        "latency_ms": 1,
        "finish_reason": "STOP",
        "started_at": NOW,
        "sent_at": NOW,
        "finished_at": NOW,
    }
    return LedgerRow.model_validate(values | changes)


def day(spent: str = "0.1", reserved: str = "0") -> DayRow:
    return DayRow(
        user_id=USER, day=NOW.date(), spent_usd=Decimal(spent), reserved_usd=Decimal(reserved)
    )


def asked(*statuses: int | None) -> list[Asked]:
    return [Asked(scenario=PROBLEM.marker, status=status) for status in statuses]


@pytest.fixture
def facts() -> Facts:
    """A problem that was proposed, and its duplicate."""
    return Facts(
        errors=[row(FIRST), row(SECOND, "duplicate", duplicate_of=FIRST)],
        ledger=[call()],
        days=[day()],
        asked=asked(200),
        executions=[Execution(f"{FIRST}-1", "SUCCEEDED")],
    )


def check(facts: Facts) -> Check:
    return Check([planned(FIRST), planned(SECOND)], facts)


def test_a_right_run_is_right(facts: Facts) -> None:
    assert check(facts).right


Break = Callable[[Facts], Facts]


def with_errors(*errors: ErrorRow) -> Break:
    return lambda facts: replace(facts, errors=errors)


def with_ledger(*calls: LedgerRow) -> Break:
    return lambda facts: replace(facts, ledger=calls)


DUPLICATE = row(SECOND, "duplicate", duplicate_of=FIRST)


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (with_errors(row(FIRST, "pending"), DUPLICATE), "it ended pending"),
        (with_errors(row(FIRST, "running"), DUPLICATE), "it ended running"),
        (with_errors(row(FIRST)), "its row is gone"),
        (with_errors(row(FIRST), row(SECOND)), "the same problem was worked on"),
        (with_errors(row(FIRST, regeneration_count=4), DUPLICATE), "more than three attempts"),
        (with_errors(row(FIRST, "over_budget"), DUPLICATE), "over budget, and its user is not"),
        (with_errors(row(FIRST, "exhausted"), DUPLICATE), "exhausted after 1 attempts"),
        (with_errors(row(FIRST, proposed_fix_code="x"), DUPLICATE), "is not the good candidate"),
        (with_errors(row(FIRST), row(SECOND, "duplicate")), "a duplicate of another problem"),
        (with_ledger(call(), call(2)), "2 good candidates"),
        (with_ledger(call(), call(2, None, finished_at=None)), "a call is not settled"),
        (with_ledger(call(cost_usd=Decimal("0.2"))), "the days differ from the ledger"),
        (with_ledger(call(), call(2, "unknown")), "the days differ from the ledger"),
        (lambda f: replace(f, asked=asked(200, 200)), "count its questions differently"),
        (lambda f: replace(f, asked=[]), "count its questions differently"),
        (lambda f: replace(f, doubled=frozenset({str(FIRST)})), "two executions were open"),
        (
            lambda f: replace(f, executions=[Execution(f"{FIRST}-1", "RUNNING")]),
            "an execution is still open",
        ),
    ],
)
def test_what_is_wrong_is_said(facts: Facts, broken: Break, sentence: str) -> None:
    found = check(broken(facts))
    assert not found.right
    assert sentence in str(found.wrong)


def test_a_refusal_that_could_not_be_noted_may_be_unknown(facts: Facts) -> None:
    ledger = [call(), call(2, "unknown", cost_usd=None)]
    noted = replace(facts, ledger=ledger, days=[day(reserved="0.5")], asked=asked(429, 200))
    assert check(noted).right
    assert not check(replace(noted, asked=asked(200))).right


def test_resolved_errors_are_left_alone(facts: Facts) -> None:
    errors = [planned(FIRST, resolved=True), planned(SECOND)]
    assert "was worked on" in str(Check(errors, facts).wrong[FIRST])


@pytest.mark.parametrize(
    ("reason", "calls", "failures", "right"),
    [
        ("The model's answers did not arrive: ask for a new run later.", 3, {}, True),
        ("The model's answers did not arrive: ask for a new run later.", 2, {}, False),
        ("The repair broke down at the validation, …", 0, {"Validate": 61, "Stop": 0}, True),
        ("The repair broke down at the validation, …", 0, {"Regenerate": 9, "Stop": 0}, False),
        ("The repair broke down in run 5: ask for a new one when …", 0, {}, False),
        ("The moon is full.", 3, {}, False),
    ],
)
def test_a_stopped_error_had_the_cause_that_its_reason_names(
    facts: Facts, reason: str, calls: int, failures: dict[str, int], right: bool
) -> None:
    stopped = replace(
        facts,
        errors=[row(FIRST, "stopped", regeneration_reason=reason), DUPLICATE],
        ledger=[call(n + 1, "unknown", cost_usd=None) for n in range(calls)],
        days=[day("0", str(Decimal("0.5") * calls))],
        asked=asked(*[200] * calls),
        executions=[Execution(f"{FIRST}-1", "SUCCEEDED", Counter(failures))],
    )
    assert check(stopped).right is right
