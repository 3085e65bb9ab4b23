"""What a call costs, and that nothing within its bounds costs more than was reserved."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filtermend.prices import price_table
from filtermend.rules.cost import (
    BYTES_PER_TOKEN_AT_WORST,
    Price,
    Usage,
    cost,
    price_of,
    worst_case,
)
from filtermend.settings import GeminiSettings

DAY = date(2026, 11, 20)
PRICE = Price(model="m", since=DAY, input=Decimal(1), output=Decimal(4), cached=Decimal("0.25"))
MILLION = 1_000_000


@pytest.mark.parametrize(
    ("usage", "dollars"),
    [
        (Usage(), "0"),
        (Usage(input=MILLION), "1"),
        (Usage(output=MILLION), "4"),
        (Usage(thinking=MILLION), "4"),
        (Usage(output=MILLION, thinking=MILLION), "8"),
        (Usage(input=MILLION, cached=MILLION), "0.25"),
        (Usage(input=MILLION, cached=400_000), "0.7"),
        (Usage(input=1000, output=200, thinking=300), "0.003"),
    ],
)
def test_tokens_are_billed_by_their_kind(usage: Usage, dollars: str) -> None:
    assert cost(usage, PRICE) == Decimal(dollars)


def test_without_a_cached_price_cached_tokens_cost_as_much_as_others() -> None:
    price = PRICE.model_copy(update={"cached": None})
    assert cost(Usage(input=MILLION, cached=MILLION), price) == 1


def test_more_cached_than_read_is_no_refund() -> None:
    assert cost(Usage(input=10, cached=MILLION), PRICE) == Decimal("0.25")


def test_a_fraction_is_rounded_up_to_a_hundred_millionth() -> None:
    price = PRICE.model_copy(update={"input": Decimal("0.001")})
    assert cost(Usage(input=1), price) == Decimal("0.00000001")
    assert cost(Usage(input=11), price) == Decimal("0.00000002")


def test_a_free_model_costs_nothing() -> None:
    free = PRICE.model_copy(update={"input": Decimal(0), "output": Decimal(0), "cached": None})
    assert cost(Usage(input=5, output=5), free) == 0
    assert worst_case(10_000, 5_000, free) == 0


TOKENS = st.integers(0, 10**7)
RATE = st.decimals(0, 100, places=4)


@given(characters=TOKENS, limit=st.integers(0, 10**5), rate=RATE, out=RATE, data=st.data())
def test_no_usage_within_the_bounds_costs_more_than_the_worst_case(
    characters: int, limit: int, rate: Decimal, out: Decimal, data: st.DataObject
) -> None:
    cached_rate = data.draw(st.none() | st.decimals(0, rate, places=4))
    price = Price(model="m", since=DAY, input=rate, output=out, cached=cached_rate)
    read = data.draw(st.integers(0, -(-characters // BYTES_PER_TOKEN_AT_WORST)))
    said = data.draw(st.integers(0, limit))
    usage = Usage(
        input=read,
        cached=data.draw(st.integers(0, read)),
        output=said,
        thinking=data.draw(st.integers(0, limit - said)),
    )
    assert cost(usage, price) <= worst_case(characters, limit, price)


@given(TOKENS, TOKENS, TOKENS)
def test_more_tokens_never_cost_less(read: int, said: int, thought: int) -> None:
    less = cost(Usage(input=read, output=said, thinking=thought), PRICE)
    for kind in ("input", "output", "thinking"):
        usage = Usage(input=read, output=said, thinking=thought)
        assert cost(usage.model_copy(update={kind: getattr(usage, kind) + 1}), PRICE) > less


# --- the price table -------------------------------------------------------------------------


def test_the_price_in_force_on_the_day_is_taken() -> None:
    old, new, later = (
        PRICE.model_copy(update={"since": since, "input": Decimal(number)})
        for number, since in enumerate([date(2026, 1, 1), DAY, date(2027, 1, 1)])
    )
    table = [later, new, old]
    assert price_of("m", DAY, table) == new
    assert price_of("m", date(2026, 11, 19), table) == old
    assert price_of("m", date(2027, 5, 5), table) == later
    assert price_of("m", date(2025, 12, 31), table) is None


def test_a_model_that_is_not_in_the_table_has_no_price() -> None:
    assert price_of("other", DAY, [PRICE]) is None


def test_the_default_model_is_priced_and_its_price_rises_with_the_year() -> None:
    model = GeminiSettings().gemini_model
    price = price_of(model, DAY, price_table())
    assert price is not None
    assert (price.input, price.output) == (Decimal("0.75"), Decimal("3.75"))
    next_year = price_of(model, date(2027, 1, 1), price_table())
    assert next_year is not None
    assert (next_year.input, next_year.output) == (Decimal("1.50"), Decimal("7.50"))


def test_no_price_is_given_twice_for_a_day() -> None:
    days = [(price.model, price.since) for price in price_table()]
    assert len(days) == len(set(days))


def test_the_local_model_is_free() -> None:
    price = price_of("qwen2.5-coder-1.5b-instruct", DAY, price_table())
    assert price is not None
    assert (price.input, price.output) == (0, 0)
