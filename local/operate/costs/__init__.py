"""`make costs`: what repairs cost by UTC day, user and model, and whether the books agree."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from filtermend.settings import LimitSettings
from filtermend.store.costs import daily_costs, ledger_lines
from local.operate import CannotOperate
from local.operate.costs.forms import FORMS
from local.operate.costs.report import compare
from local.operate.database import database_url, snapshot

MOST_DAYS = 3660


@dataclass(frozen=True)
class Options:
    """What is asked for: the last `days` UTC days, today included; no user: all of them."""

    days: int
    user_id: UUID | None
    form: str

    @classmethod
    def from_variables(cls, given: Mapping[str, str]) -> "Options":
        """Read DAYS, FORMAT, and USER, which make hands on as COSTS_USER.

        Raises:
            CannotOperate: naming the variable that cannot be used, and what it may be.
        """
        days = given.get("DAYS") or "7"
        if not (re.fullmatch("[1-9][0-9]{0,3}", days) and int(days) <= MOST_DAYS):
            raise CannotOperate(f"DAYS is {days!r}: give a whole number from 1 to {MOST_DAYS}")
        form = given.get("FORMAT") or "table"
        if form not in FORMS:
            raise CannotOperate(f"FORMAT is {form!r}: take one of {', '.join(FORMS)}")
        user = given.get("COSTS_USER")
        try:
            return cls(int(days), UUID(user) if user else None, form)
        except ValueError:
            raise CannotOperate(f"USER is {user!r}: give a user's id, a UUID") from None


def run(given: Mapping[str, str]) -> int:
    """Print the report that these variables ask for; returns 1 when the books differ, else 0.

    Raises:
        CannotOperate, SettingMissing: the message says what to do.
    """
    options = Options.from_variables(given)
    limit = LimitSettings.load().daily_cost_limit_usd
    since = datetime.now(UTC).date() - timedelta(days=options.days - 1)
    with snapshot(database_url(given)) as conn:
        lines = ledger_lines(conn, since, options.user_id)
        charged = daily_costs(conn, since, limit, options.user_id)
    report = compare(since, lines, charged)
    FORMS[options.form](report)
    return 1 if report.differences else 0
