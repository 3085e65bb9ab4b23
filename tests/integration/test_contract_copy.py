"""The filter contract shipped with the package is the screener's own."""

from local.contract import COPY, from_screener


def test_the_bundled_contract_is_what_the_screener_says() -> None:
    assert COPY.read_text() == from_screener(), "run `make contract`"
