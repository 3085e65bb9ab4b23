"""What the model is told about an error: the specification's variables, from the two rows.

A trader's `filter` and `strategy` may be JSON, a JSON string that holds JSON, or unreadable;
old rows have other names for the same facts. Everything here is data from strangers: secrets in it
are masked, then it is capped, and a cut is marked where it was made.
"""

import json

from pydantic import JsonValue

from filtermend.models import ErrorRow, TraderRow, Value, storable
from filtermend.rules.masking import mask

LONGEST_STRATEGY = 4_000
LONGEST_CODE = 20_000
LONGEST_MESSAGE = 2_000
LONGEST_STACK_TRACE = 3_000
LONGEST_LIST = 1_000
LONGEST_READ = 100_000
"""Nobody looks at the characters behind these: masking takes a second for a million."""
UNKNOWN = "not recorded"


class FilterContext(Value):
    """The prompt's variables, as text; `notes` says what could not be read, for the log."""

    original_strategy: str
    failed_code: str
    error_type: str
    error_message: str
    stack_trace: str
    trigger_interval: str
    symbols_processed: str
    execution_duration_ms: str
    indicators: str
    timeframes: str
    notes: tuple[str, ...] = ()


def build_context(error: ErrorRow, trader: TraderRow) -> FilterContext:
    """Gather the variables from an error and its trader, old rows and new (see `models`)."""
    notes: list[str] = []
    filter_ = _object(trader.filter, "filter", notes)
    strategy = _object(trader.strategy, "strategy", notes)
    indicators = filter_.get("indicators") or strategy.get("indicators")
    timeframes = filter_.get("requiredTimeframes") or filter_.get("timeframes")
    return FilterContext(
        original_strategy=_strategy(trader, strategy, filter_),
        failed_code=excerpt(failed_code(error, trader), LONGEST_CODE),
        error_type=error.error_type,
        error_message=excerpt(error.error_message.strip() or UNKNOWN, LONGEST_MESSAGE),
        stack_trace=excerpt((error.stack_trace or UNKNOWN).strip(), LONGEST_STACK_TRACE),
        trigger_interval=excerpt(error.trigger_interval or UNKNOWN, LONGEST_LIST),
        symbols_processed=_number(error.symbols_processed),
        execution_duration_ms=_number(error.execution_duration_ms),
        indicators=excerpt(_names(indicators) or UNKNOWN, LONGEST_LIST),
        timeframes=excerpt(_names(timeframes) or error.trigger_interval or UNKNOWN, LONGEST_LIST),
        notes=tuple(notes),
    )


def strategy_of(trader: TraderRow) -> str:
    """The trader's words alone, as `build_context` has them."""
    strategy, filter_ = (
        _object(trader.strategy, "strategy", []),
        _object(trader.filter, "filter", []),
    )
    return _strategy(trader, strategy, filter_)


def _strategy(
    trader: TraderRow, strategy: dict[str, JsonValue], filter_: dict[str, JsonValue]
) -> str:
    words = (
        _text(strategy.get("instructions"))
        or _text(strategy.get("description"))
        or _text(filter_.get("description"))
        or (trader.description or "").strip()
    )
    return excerpt(words or UNKNOWN, LONGEST_STRATEGY)


def failed_code(error: ErrorRow, trader: TraderRow | None) -> str:
    """The code that failed: as it was then, else as the trader has it now; "" for none."""
    snapshot = (error.filter_code_snapshot or "").strip("\n ")
    if snapshot or trader is None:
        return snapshot
    return storable(_text(_object(trader.filter, "filter", []).get("code")))


def excerpt(text: str, limit: int) -> str:
    """The text as it may leave the account: secrets masked, then capped, so that none is halved."""
    return cap(mask(text[:LONGEST_READ]), limit, unread=len(text[LONGEST_READ:]))


def cap(text: str, limit: int, unread: int = 0) -> str:
    """The text, or its first `limit` characters and a mark that says how many were left out.

    JSON can hold halves of characters, which no request can: they become question marks.

    Args:
        text: the text.
        limit: the longest it may be, without the mark.
        unread: how many characters behind the text were left out already.
    """
    text = text.encode(errors="replace").decode()
    left_out = len(text[limit:]) + unread
    return f"{text[:limit]}\n[... {left_out} characters left out]" if left_out else text


def _object(value: JsonValue, name: str, notes: list[str]) -> dict[str, JsonValue]:
    """A JSON object that may have been encoded up to three times over."""
    for _ in range(3):
        if not isinstance(value, str):
            break
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            break
    if isinstance(value, dict):
        return value
    if value is not None:
        notes.append(f"the trader's {name} is not a readable JSON object: going on without it")
    return {}


def _text(value: JsonValue) -> str:
    """A string, or a list of strings as lines; "" for anything else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return "\n".join(item.strip() for item in value if isinstance(item, str))
    return ""


def _names(value: JsonValue) -> str:
    """A list of names or of objects with a name (indicators), in one line."""
    if isinstance(value, str):
        return " ".join(value.split())
    if not isinstance(value, list):
        return ""
    return " ".join(", ".join(filter(None, map(_name, value))).split())


def _name(item: JsonValue) -> str:
    if not isinstance(item, dict):
        return "" if item is None else str(item)
    name = str(item.get("name") or item.get("type") or item.get("id") or "")
    known = {"id", "name", "type"}
    extra = {k: v for k, v in item.items() if k not in known and isinstance(v, int | float | str)}
    details = ", ".join(f"{k} {v}" for k, v in extra.items())
    return f"{name} ({details})" if name and details else name


def _number(value: int | None) -> str:
    return UNKNOWN if value is None else str(value)
