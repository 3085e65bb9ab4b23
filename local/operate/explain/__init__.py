"""`make explain`: one error's whole story, from its row, the ledger and the functions' log."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from filtermend.store.story import all_calls, find_story
from local.operate import CannotOperate
from local.operate.database import database_url, snapshot
from local.operate.explain.costs import costs_of, usd
from local.operate.explain.logs import read_log
from local.operate.explain.page import show
from local.operate.explain.timeline import last_moment, timeline


def run(given: Mapping[str, str]) -> int:
    """Print the story of the error that ERROR names.

    Raises:
        CannotOperate: the message says what to do.
    """
    error_id = _error_id(given)
    now = datetime.now(UTC)
    with snapshot(database_url(given)) as conn:
        story = find_story(conn, error_id)
        calls = [] if story else all_calls(conn, error_id)
    if story is None:
        paid = usd(costs_of(calls, now).spent)
        kept = f": it was deleted, its {len(calls)} calls cost {paid}" if calls else ""
        raise CannotOperate(f"the database has no error {error_id} that this login may see{kept}")
    until = last_moment(story, now)
    log = read_log(given, error_id, story.error.created_at or until, until)
    show(story, timeline(story, log.lines, now), log.note, now)
    return 0


def _error_id(given: Mapping[str, str]) -> UUID:
    error = given.get("ERROR")
    if not error:
        raise CannotOperate("which error? ERROR=<its id in trader_execution_errors>")
    try:
        return UUID(error)
    except ValueError:
        raise CannotOperate(f"ERROR is {error[:100]!a}: give an error's id, a UUID") from None
