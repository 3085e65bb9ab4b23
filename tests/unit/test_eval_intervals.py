"""How sure a rate is, and whether two differ: against published values."""

import pytest
from evals.intervals import mcnemar, wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (2, 3, 0.2077, 0.9385),
        (7, 10, 0.3968, 0.8922),
        (15, 148, 0.0624, 0.1605),  # Newcombe 1998, table I: 0.0624 to 0.1605
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I: 0.2553 to 0.3662
        (0, 20, 0.0, 0.1611),  # Newcombe 1998, table I: 0 to 0.1611
        (20, 20, 0.8389, 1.0),
    ],
)
def test_wilson_s_interval(successes: int, n: int, low: float, high: float) -> None:
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


def test_nothing_counted_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("won", "lost", "p"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),
        (5, 0, 0.0625),
        (6, 0, 0.03125),
        (8, 2, 0.109375),
        (3, 3, 1.0),
        (10, 2, 0.038574),  # 2 (1 + 12 + 66) / 4096
    ],
)
def test_mcnemar_s_exact_p(won: int, lost: int, p: float) -> None:
    assert mcnemar(won, lost) == pytest.approx(p, rel=1e-4)
    assert mcnemar(lost, won) == mcnemar(won, lost)
