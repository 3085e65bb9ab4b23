"""The fix without a model: certain changes, on the ledger like any other candidate."""

from decimal import Decimal

from filtermend.claim import Case, Claimed, claim
from filtermend.database import Connection, Database
from filtermend.examination import Examination
from filtermend.models import CallOutcome, CallRow, Step, describe_changes
from filtermend.settings import LimitSettings
from filtermend.store import ledger


def take_mechanical(
    db: Database,
    case: Case,
    limits: LimitSettings,
    examined: Examination,
    trace_id: str | None,
) -> Claimed | CallRow | Step:
    """Take the turn with the certain changes as its candidate; it costs nothing.

    Returns:
        As `claim`: `Claimed` when this was written now, the call that the turn has already, or
        the step that says to hold on or that the run ended.
    """

    def new_call(number: int) -> ledger.NewCall:
        return ledger.NewCall(
            error_id=case.error.id,
            user_id=case.error.user_id,
            run=case.step.run,
            attempt=case.attempt,
            turn=case.turn,
            call=number,
            source="mechanical",
            model=None,
            prompt_version=None,
            prompt_source=None,
            reserved_usd=Decimal(0),
            lease_seconds=0,
            trace_id=trace_id,
        )

    def work(conn: Connection) -> Claimed | CallRow | Step:
        taken = claim(conn, case, limits, new_call)
        if isinstance(taken, Claimed):
            answer = describe_changes(examined.changes)
            ledger.settle_mechanical(conn, taken.call_id, answer)
            ledger.record_reading(conn, taken.call_id, CallOutcome.CANDIDATE, examined.code, [])
        return taken

    return db.transact(work)
