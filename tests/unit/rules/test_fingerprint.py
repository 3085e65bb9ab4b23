"""Two errors are one problem when only what varies from candle to candle differs."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filtermend.rules.fingerprint import fingerprint, normalise_message
from tests.unit.rows import error_row


def of(message: str, code: str = "return true", **changes: object) -> str:
    return fingerprint(error_row(error_message=message, **changes), code)


def test_a_fingerprint_is_a_sha256() -> None:
    assert len(bytes.fromhex(of("x"))) == 32


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("index out of range [5] with length 3", "index out of range [17] with length 0"),
        ("timed out after 5s", "timed out after 5.003s"),
        ("got 1e+06", "got 2.5e-07"),
        ("at 2026-11-20T12:00:00Z", "at 2026-11-21T03:14:15Z"),
        (f"candle {uuid4()}", f"candle {uuid4()}"),
        (f"candle {UUID(int=7)}", f"candle {str(uuid4()).upper()}"),
        ("addr=0x0 pc=0x4a3f", "addr=0xdeadbeef pc=0x0"),
        ("no klines for BTCUSDT", "no klines for DOGEUSDT"),
        ("no klines for BTCUSDT", "no klines for 1INCHUSDT"),
        ("no klines for BTCUSDT", "no klines for SUSDT"),
        ("no klines for ETHBTC", "no klines for SOLBTC"),
        ("line one\nline two", "line one   line two"),
    ],
)
def test_numbers_ids_addresses_and_symbols_make_no_difference(one: str, another: str) -> None:
    assert of(one) == of(another)


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("index out of range [5]", "slice bounds out of range [5]"),
        ("undefined: ema", "undefined: rsi"),
        ("nil map", "nil pointer"),
        ("no klines for BTCUSDT", "no ticker for BTCUSDT"),
    ],
)
def test_another_message_is_another_problem(one: str, another: str) -> None:
    assert of(one) != of(another)


@pytest.mark.parametrize(
    "change",
    [
        {"code": "return false"},
        {"code": ""},
        {"error_type": "panic"},
        {"trader_id": UUID(int=9)},
    ],
)
def test_other_code_another_type_or_trader_is_another_problem(change: dict[str, Any]) -> None:
    assert of("nil map", **change) != of("nil map")


@pytest.mark.parametrize(
    "change",
    [
        {"id": UUID(int=9)},
        {"stack_trace": "another"},
        {"filter_code_snapshot": "as it was stored, not as it is taken"},
        {"symbols_processed": 99},
        {"execution_duration_ms": 99},
        {"regeneration_count": 2},
    ],
)
def test_nothing_else_matters(change: dict[str, Any]) -> None:
    assert of("nil map", **change) == of("nil map")


def test_a_part_cannot_pass_for_its_neighbour() -> None:
    assert of("b", error_type="a") != of("ab", error_type="")


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.uuids(), st.uuids())
def test_only_the_words_of_a_message_count(n: int, m: int, one: UUID, another: UUID) -> None:
    message = "candle {} of {}: index {} at 0x{:x} out of range"
    assert of(message.format(n, one, m, n)) == of(message.format(m, another, n, m))


@given(st.text())
def test_normalising_twice_changes_nothing(message: str) -> None:
    once = normalise_message(message)
    assert normalise_message(once) == once
