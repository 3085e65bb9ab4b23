"""Does the database tell this stack of its errors, as the stack's parameter Dispatch says?"""

from filtermend.checkup.finding import Seen, broken, not_used, ok
from filtermend.settings import DispatchSettings
from filtermend.store.schema import Dispatch

_WRITE_ANEW = "write the settings row anew: make migrate ENV=…"
_SET = (
    f"{_WRITE_ANEW}; where the parameter Dispatch is the wrong one, set it in samconfig.toml and "
    "make deploy ENV=…"
)


def judge_dispatch(row: Dispatch, stack: DispatchSettings, *, installed: bool) -> Seen:
    """Whether the settings row sends errors to this stack, in a way that this server has."""
    if row.dispatch != stack.dispatch:
        return _another_way(row, stack)
    if row.dispatch == "none":
        return not_used("the database sends nothing: events come another way, or the sweep")
    if not _is_here(row, stack):
        return broken(f"{_way(row)}, which is not this stack", _SET)
    if not installed:
        return broken(
            f"the extension {row.dispatch} is not installed",
            f'psql "$DATABASE_URL" -c "create extension {row.dispatch} cascade", as an '
            "administrator",
        )
    if row.dispatch == "pg_net" and not row.token_is_given:
        return _wrong_token(row)
    return ok(_way(row))


def _way(row: Dispatch) -> str:
    if row.dispatch == "none":
        return "the database sends nothing"
    return f"errors go by {row.dispatch} to {row.target}"


def _another_way(row: Dispatch, stack: DispatchSettings) -> Seen:
    """NOTIFY is no parameter's: a stack that is not pushed to may have a listener."""
    if row.dispatch == "notify" and stack.dispatch == "none":
        return ok(f"by NOTIFY on {row.target}, to a listener of your own")
    return broken(f"{_way(row)}, and this stack has Dispatch={stack.dispatch}", _SET)


def _is_here(row: Dispatch, stack: DispatchSettings) -> bool:
    """Whether the target is this stack's function, by ARN or name, or its URL."""
    target = row.target or ""
    if row.dispatch == "aws_lambda":
        arn = stack.trigger_function_arn
        return target in (arn, arn.rpartition(":")[2])
    return target.rstrip("/") == stack.webhook_url.rstrip("/")


def _wrong_token(row: Dispatch) -> Seen:
    if not row.token_stored:
        return broken("there is no token to send: each push fails", _WRITE_ANEW)
    return broken(
        "the token it sends is not the secret's webhook_token",
        f"{_WRITE_ANEW}; one in Supabase's vault is yours to change (docs/deploy.md, Supabase)",
    )
