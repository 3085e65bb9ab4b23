"""What holds for an error at its end, whatever went wrong on the way."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from integration.core.endpoints import Gemini
from integration.core.rows import FILTER, Rows

ENDS = {"proposed", "exhausted", "over_budget", "stopped"}
ANSWERED = {"candidate", "no_code", "blocked", "truncated"}
HUNG_UP = 499


def assert_sound(rows: Rows, gemini: Gemini, error: UUID, *, never_sent: int = 0) -> None:
    """Check the error, its ledger, its user's day and what the endpoint was asked.

    Args:
        rows: the database.
        gemini: the endpoint; it was asked about this error alone.
        error: the error's id.
        never_sent: questions of a process that ended between marking a question as sent and
            sending it. Nobody can know that they never went out: they are unknown.
    """
    row = rows.row(error)
    calls = rows.calls(error)
    assert row["regeneration_status"] in ENDS
    assert row["regeneration_reason"]
    assert row["regeneration_status"] == "over_budget" or row["regeneration_lease_until"] is None
    assert all(call["finished_at"] and call["outcome"] for call in calls)
    _assert_fix(row, calls)
    _assert_asked(calls, gemini, never_sent)
    _assert_paid(rows, row["user_id"], calls)
    assert row["regeneration_count"] == max(map(_attempt_used, calls), default=0) <= 3
    traders = rows.run("select filter from traders where id = %s", [row["trader_id"]])
    assert traders == [{"filter": FILTER}], "nothing is deployed"


def _assert_fix(row: dict[str, Any], calls: list[dict[str, Any]]) -> None:
    """One fix, which is a candidate; and no question after a good one."""
    good = [call for call in calls if call["valid"] and call["replayed"] is not False]
    assert len(good) == (row["regeneration_status"] == "proposed")
    codes = {call["normalized_code"] or call["candidate_code"] for call in good or calls}
    assert row["proposed_fix_code"] in codes | {None}
    if good:
        assert row["proposed_fix_code"] is not None
        assert good == [call for call in calls if call["outcome"] in ANSWERED][-1:]


def _assert_asked(calls: list[dict[str, Any]], gemini: Gemini, never_sent: int) -> None:
    """The ledger has what the endpoint counted: what may cost, and what was refused."""
    statuses = [call["status"] for call in gemini.asked()]
    refused = [status for status in statuses if status not in (None, 200, HUNG_UP)]
    by_model = [call for call in calls if call["source"] == "model"]
    may_cost = [call for call in by_model if call["outcome"] in ANSWERED | {"unknown"}]
    failed = [call for call in by_model if call not in may_cost and call["sent_at"]]
    assert len(may_cost) - never_sent == len(statuses) - len(refused)
    assert len(failed) == len(refused)


def _assert_paid(rows: Rows, user: UUID, calls: list[dict[str, Any]]) -> None:
    """The day has what the ledger has: what was spent, and what may have been billed."""
    zero = Decimal(0)
    days = rows.run(
        "select coalesce(sum(spent_usd), 0) as spent, coalesce(sum(reserved_usd), 0) as reserved "
        "from filter_regeneration_daily_costs where user_id = %s",
        [user],
    )
    spent = sum((call["cost_usd"] or zero for call in calls), zero)
    unknown = [call["reserved_usd"] for call in calls if call["outcome"] == "unknown"]
    assert days == [{"spent": spent, "reserved": sum(unknown, zero)}]


def _attempt_used(call: dict[str, Any]) -> int:
    """The attempt that a call used up: none, where Gemini refused or failed."""
    return int(call["attempt"]) if call["outcome"] not in ("throttled", "failed") else 0
