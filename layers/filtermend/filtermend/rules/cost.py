"""What a call to Gemini costs, in USD, from a price table with effective dates."""

from datetime import date
from decimal import ROUND_UP, Decimal

from pydantic import Field

from filtermend.models import Value

_MILLION = Decimal(1_000_000)
_STEP = Decimal("0.00000001")
BYTES_PER_TOKEN_AT_WORST = 2
"""Code has three to four bytes a token, other scripts two or more: a bound for the reservation."""


class Price(Value):
    """USD per million tokens from a day on. Thinking tokens are billed as output."""

    model: str
    since: date
    input: Decimal = Field(ge=0)
    output: Decimal = Field(ge=0)
    cached: Decimal | None = Field(default=None, ge=0)


class Usage(Value):
    """The four token counts of an answer; `input` includes the cached ones."""

    input: int = 0
    output: int = 0
    thinking: int = 0
    cached: int = 0


def price_of(model: str, day: date, table: list[Price]) -> Price | None:
    """The price in force on that day, or None: a model without a price makes no call."""
    valid = [p for p in table if p.model == model and p.since <= day]
    return max(valid, key=lambda p: p.since, default=None)


def cost(usage: Usage, price: Price) -> Decimal:
    """What the answer cost, rounded up to a hundred-millionth of a dollar."""
    fresh = max(0, usage.input - usage.cached)
    cached = price.cached if price.cached is not None else price.input
    total = fresh * price.input + usage.cached * cached
    total += (usage.output + usage.thinking) * price.output
    return (total / _MILLION).quantize(_STEP, ROUND_UP)


def worst_case(input_bytes: int, output_limit: int, price: Price) -> Decimal:
    """An upper bound before the call: dense input, and output to its limit, thinking included."""
    tokens = -(-input_bytes // BYTES_PER_TOKEN_AT_WORST)
    return cost(Usage(input=tokens, output=output_limit), price)
