"""The price table shipped with the package."""

from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter

from filtermend.rules.cost import Price


@cache
def price_table() -> list[Price]:
    """Every known price, from prices.json beside this module."""
    text = files("filtermend").joinpath("prices.json").read_bytes()
    return TypeAdapter(list[Price]).validate_json(text)
